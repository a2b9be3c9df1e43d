"""For signed-in editors: recording where a claim is cited, seeing what moved since, and saying what was done."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import permissions
from claims.formats.links import safe_href
from claims.formats.moved import moved_use
from claims.models import CitationUse, Digest
from claims.services.citing import answer_use, record_use, take_answer_back, visible_uses
from claims.services.digests import want_digest
from sources.errors import Refused

from .claims import LAST_ARTICLE, claim_response
from .reading import find_claim, gone

PAGE_SIZE = 50
View = Callable[..., HttpResponse]


def for_editors(view: View) -> View:
    """Let whoever may cite read this page; others are asked to sign in, or refused."""

    @login_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not permissions.can_cite(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


@require_http_methods(["GET", "POST"])
def claim_use(request: HttpRequest, code: str) -> HttpResponse:
    """Record the article in which the claim's present version is cited, and return to the claim.

    Its address is read when a reader loads a refused form again; that leads back to the claim as well.
    """
    found = find_claim(code)
    if request.method == "GET":
        return redirect("claim", code=found.code)
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("claim", args=[found.code]))
    if not permissions.can_cite(request.user):
        raise PermissionDenied
    if found.is_withdrawn:
        return gone(request, found)
    form = {"article_url": request.POST.get("article_url", ""), "article_title": request.POST.get("article_title", "")}
    try:
        _refuse_nul(form)
        use = record_use(claim_id=found.claim.pk, by=request.user, now=timezone.now(), **form)
    except Refused as refusal:
        return claim_response(request, found, form={**form, "error": str(refusal)}, status=refusal.status)
    article = use.article_title or use.article_url
    request.session[LAST_ARTICLE] = {"article_url": use.article_url, "article_title": use.article_title}
    messages.success(
        request,
        f"Recorded: {article} cites version {use.publication.number} of {found.code}. “What I cited” keeps it.",
    )
    return redirect("claim", code=found.code)


@require_safe
@for_editors
def uses(request: HttpRequest) -> HttpResponse:
    """Show what this editor cited, what waits for them first, and whether they are mailed."""
    assert isinstance(request.user, User)
    rows = CitationUse.objects.filter(used_by=request.user).select_related("used_by", "answered_by")
    digest = Digest.objects.filter(editor=request.user).first()
    more = {
        "title": "What I cited",
        "is_mine": True,
        "mail": {"is_wanted": digest is None or digest.is_wanted, "address": request.user.email, "digest": digest},
    }
    return _uses_page(request, rows, more)


@require_safe
@for_editors
def uses_of_article(request: HttpRequest) -> HttpResponse:
    """Show every claim one article cites, whoever recorded it; for those who recorded one, and the desk."""
    assert isinstance(request.user, User)
    address = request.GET.get("url", "").replace("\x00", "")
    rows = visible_uses(request.user).filter(article_url=address)
    titled = rows.exclude(article_title="").first() or rows.first()
    if titled is None:
        raise Http404
    title = titled.article_title or titled.article_url
    more = {"title": title, "kicker": "Cited in", "address": address, "href": safe_href(address)}
    return _uses_page(request, rows, more)


@require_safe
@for_editors
def uses_of_editor(request: HttpRequest, username: str) -> HttpResponse:
    """Show what one editor cited: for themselves, and for the desk."""
    assert isinstance(request.user, User)
    if username == request.user.get_username():
        return redirect("uses")
    if not permissions.can_view_desk(request.user):
        raise Http404
    editor = get_object_or_404(User, username=username)
    rows = visible_uses(request.user).filter(used_by=editor)
    return _uses_page(request, rows, {"title": editor.get_full_name() or username, "kicker": "Cited by"})


@require_POST
@for_editors
def use_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an editor's answer for one use, or take it back, and return to the page it was given on."""
    assert isinstance(request.user, User)
    use = get_object_or_404(visible_uses(request.user), pk=pk)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("uses")
    who: dict[str, Any] = {"use_id": use.pk, "by": request.user, "now": timezone.now()}
    answer = request.POST.get("answer", "")
    try:
        if answer == "undo":
            take_answer_back(**who)
            messages.success(request, f"{use.publication.claim.code} is open again.")
        else:
            reason, later_on = (
                request.POST.get("reason", "").replace("\x00", ""),
                _day(request.POST.get("later_on", "")),
            )
            given = answer_use(answer=answer, reason=reason, later_on=later_on, **who)
            messages.success(request, f"{use.publication.claim.code}: {given.get_answer_display().lower()}.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{back}#use-{use.pk}")


@require_POST
@for_editors
def digest_switch(request: HttpRequest) -> HttpResponse:
    """Switch this editor's daily mail on or off."""
    is_wanted = request.POST.get("wanted") == "1"
    assert request.user.pk is not None
    want_digest(editor_id=request.user.pk, is_wanted=is_wanted)
    messages.success(request, "You are mailed when something moves." if is_wanted else "You are not mailed any more.")
    return redirect("uses")


def _uses_page(request: HttpRequest, rows: Any, more: dict[str, Any]) -> HttpResponse:
    today = timezone.localdate()
    rows = rows.select_related("publication__claim__public_document")
    shown = rows.open(today).open_first(today) if request.GET.get("show") == "open" else rows.open_first(today)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    described = [moved_use(row) for row in page]
    for item in described:
        item["article_page"] = f"{reverse('uses-of-article')}?{urlencode({'url': item['use'].article_url})}"
    context = {
        **more,
        "page": page,
        "uses": described,
        "query": "show=open" if request.GET.get("show") == "open" else "",
        "only_open": request.GET.get("show") == "open",
        "open_count": rows.open(today).count(),
        "tomorrow": today + timedelta(days=1),
        "back": request.get_full_path(),
    }
    return render(request, "claims/uses.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _refuse_nul(form: dict[str, str]) -> None:
    if any("\x00" in value for value in form.values()):
        raise Refused("An address and a title hold no NUL character; remove it.")
