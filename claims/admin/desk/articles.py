"""Articles: taken in by address, file or text, and taken apart passage by passage."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from claims import permissions
from claims.extraction.clauses import cut_points
from claims.matching import MatchClass
from claims.models import Appearance, Article, Candidate
from claims.services import intake, matching
from claims.services.preferences import keys_of
from sources.errors import Refused
from sources.services import snapshots
from sources.services.sources import make_due
from sources.wake import wake

from . import queue
from .finding import CLOSED
from .forms import AddressForm, CandidateForm, CaptureFileForm, CaptureTextForm, FileForm, MissedForm, PasteForm
from .marks import Mark, pieces
from .page import desk_page, put_beside, show

PER_PAGE = 30
CARDS = 15
NEAR, RELATED = 4, 2  # claims shown beside a passage, and how many of them may be only related
AROUND = 48  # code points of the words shown on each side of a cut
ORDERS = {"best": "Best first", "text": "As they stand"}
NEARNESS = {
    MatchClass.SAME_CLAIM: ("perhaps the same", "the same"),
    MatchClass.CONTRADICTS: ("perhaps contradicts it", "contradicts it"),
    MatchClass.RELATED: ("related", "related"),
}


@desk_page
def articles(request):
    """List the articles with how far each has come."""
    page = Paginator(queue.articles(), PER_PAGE).get_page(request.GET.get("page"))
    return show(request, "articles", title="Articles", page=page)


@desk_page(may=permissions.can_work)
def article_new(request):
    """Take an article in by address, file or pasted text."""
    forms = {"address": AddressForm(), "file": FileForm(), "paste": PasteForm()}
    chosen = request.POST.get("by", "address")
    if request.method == "POST" and chosen in forms:
        form = forms[chosen] = type(forms[chosen])(request.POST, request.FILES)
        if form.is_valid():
            try:
                article, is_new = _take_in(chosen, form.cleaned_data, request.user)
            except Refused as refusal:
                put_beside(form, refusal)
            else:
                return _welcome(request, article, is_new)
    has_errors = any(form.errors for form in forms.values())
    return show(
        request, "article_new", title="New article", forms=forms, chosen=chosen, status=400 if has_errors else 200
    )


def _take_in(by, given, user):
    now = timezone.now()
    if by == "address":
        return intake.add_article_at(url=given["url"], by=user, now=now)
    if by == "paste":
        return intake.add_article_text(text=given["text"], title=given["title"], by=user, now=now)
    file = given["file"]
    return intake.add_article_file(
        content=file.read(),
        name=file.name,
        content_type=file.content_type or "",
        title=given["title"],
        by=user,
        now=now,
    )


def _welcome(request, article, is_new):
    if article.progress != Article.Progress.READ:
        _read_soon(article)
    elif not is_new:
        messages.info(request, "The desk has this article already; here it is.")
    return redirect(article)


def _read_soon(article):
    make_due(source_id=article.source_id, now=timezone.now(), reason="somebody waits for the article")
    wake("claims.tasks.read_article", article_id=article.pk)


def _article(pk):
    return get_object_or_404(Article.objects.select_related("source__publisher", "snapshot", "added_by"), pk=pk)


@desk_page
@require_GET
def article(request, pk):
    """Show the saved text with its candidates, best first."""
    return article_page(request, _article(pk))


def order_of(request):
    """Return in which order the candidates are gone through, as this reviewer last chose."""
    asked = request.GET.get("order", "")
    if asked in ORDERS:
        request.session["candidate_order"] = asked
    return request.session.get("candidate_order", "best")


def article_page(request, article, *, status=200, card=None, missed=None, capture=None):
    """Render an article; forms that were refused come in bound."""
    candidates = list(article.candidates.select_related("claim", "decided_by"))
    for candidate in candidates:
        candidate.form = card if card and card.candidate.pk == candidate.pk else CandidateForm(candidate=candidate)
    waiting = [c for c in candidates if c.decision == Candidate.Decision.OPEN]
    order = order_of(request)
    if order == "text":
        waiting.sort(key=lambda candidate: candidate.start)
    asked = card.candidate.pk if card else _number(request.GET.get("candidate"))
    current = next((c for c in waiting if c.pk == asked), waiting[0] if waiting else None)
    chosen = current.pk if current else None
    shown = max(CARDS, _number(request.GET.get("shown")) or 0)
    if current in waiting[shown:]:
        waiting.insert(0, waiting.pop(waiting.index(current)))
    for candidate in waiting[:shown]:
        candidate.cuts = cuts_of(candidate)
    if current:
        current.near = near_claims(current, request.user)
    text = article.snapshot.text if article.snapshot else ""
    taken = {c.claim_id: c.claim for c in sorted(candidates, key=lambda c: c.start) if c.claim}
    others = Appearance.objects.filter(snapshot=article.snapshot).exclude(claim__in=list(taken))
    elsewhere = [Elsewhere(one) for one in others.select_related("claim").order_by("start")] if text else []
    taken.update({one.claim.pk: one.claim for one in elsewhere})
    return show(
        request,
        "article",
        title="Article",
        status=status,
        article=article,
        pieces=pieces(text, [Mark(c.start, c.end, c) for c in [*elsewhere, *candidates]]),
        taken=taken.values(),
        last_dismissed=_last_dismissed(candidates, request.user),
        next_article=None if waiting else _next_article(article),
        order=order,
        own_keys=keys_of(request.user),
        orders=ORDERS.items(),
        waiting=waiting[:shown],
        more=max(0, len(waiting) - shown),
        next_shown=shown + 30,
        waiting_count=len(waiting),
        decided=[c for c in candidates if c.decision != Candidate.Decision.OPEN],
        candidate_count=len(candidates),
        chosen=chosen,
        missed=missed or MissedForm(),
        capture=capture or {"file": CaptureFileForm(), "text": CaptureTextForm()},
    )


def _last_dismissed(candidates, user):
    """Return what this reviewer dismissed last, for the undo."""
    theirs = [c for c in candidates if c.decision == Candidate.Decision.DISMISSED and c.decided_by_id == user.pk]
    return max(theirs, key=lambda candidate: candidate.decided_at, default=None)


def _next_article(article):
    """Return another article that has open candidates, the newest; or None."""
    others = Article.objects.filter(candidates__decision=Candidate.Decision.OPEN).exclude(pk=article.pk)
    return others.select_related("source").order_by("-added_at", "-pk").first()


class Elsewhere:
    """A passage of the article that a claim was said to appear in without a candidate, marked like a taken one."""

    decision = "accepted"
    pk = None

    def __init__(self, appearance):
        self.start, self.end, self.claim = appearance.start, appearance.end, appearance.claim

    def get_decision_display(self):
        return "Accepted as a claim"


def cuts_of(candidate):
    """Return where a passage may be cut in two: the place in the text, and the words on each side."""
    quote = candidate.quote
    return [
        (candidate.start + at, quote[max(0, at - AROUND) : at].strip(), quote[at : at + AROUND].strip())
        for at in cut_points(quote)
    ]


def near_claims(candidate, user):
    """Return the claims near a passage, with how near in words."""
    near = matching.similar_claims(text=candidate.quote, visible_to=user, now=timezone.now(), limit=NEAR)
    found = [one for one in near if one.claim.workflow not in CLOSED]
    related = [one for one in found if one.match_class == MatchClass.RELATED]
    found = [one for one in found if one not in related[RELATED:]]
    return [(one, NEARNESS[one.match_class][one.is_sure]) for one in found]


@desk_page
@require_GET
def candidate_near(request, pk):
    """Show the claims near one passage, for the page to put beside it."""
    candidate = get_object_or_404(Candidate, pk=pk)
    return render(request, "desk/_candidate_near.html", {"near": near_claims(candidate, request.user)})


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 18 else None


@desk_page
@require_GET
def article_state(request, pk):
    """Tell the waiting page how far the reading has come."""
    return JsonResponse({"state": get_object_or_404(Article, pk=pk).progress})


@desk_page(may=permissions.can_work)
@require_POST
def article_read_again(request, pk):
    """Ask a worker to try the address once more."""
    article = _article(pk)
    _read_soon(article)
    messages.info(request, "A worker looks again; this page tells when it is through.")
    return redirect(f"{article.get_absolute_url()}?waiting=1")


@desk_page(may=permissions.can_work)
@require_POST
def article_capture(request, pk):
    """Give an article that could not be fetched its text by hand."""
    article = _article(pk)
    kind = "file" if request.FILES else "text"
    form = (CaptureFileForm if kind == "file" else CaptureTextForm)(request.POST, request.FILES)
    if form.is_valid():
        try:
            capture(article.source, form.cleaned_data, request.user)
            intake.read_article(article=article)
        except Refused as refusal:
            put_beside(form, refusal)
        else:
            return redirect(article)
    forms = {"file": CaptureFileForm(), "text": CaptureTextForm(), kind: form}
    return article_page(request, article, status=400, capture=forms)


def capture(source, given, user):
    """Keep what a person uploaded or pasted as the present text of a source."""
    if "file" in given:
        file = given["file"]
        return snapshots.capture_file(
            source=source,
            content=file.read(),
            name=file.name,
            content_type=file.content_type or "",
            by=user,
            now=timezone.now(),
        )
    return snapshots.capture_text(source=source, text=given["text"], by=user, now=timezone.now())
