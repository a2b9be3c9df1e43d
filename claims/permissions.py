"""Who may do what; pages, API and admin all ask here.

A role is a group. Moving somebody between groups takes effect with their next request, because every
question is asked of the database's present state.

    role          sees          may
    reviewer      the desk      take articles apart, attach evidence, judge, cross-check, answer alerts
    desk lead     the desk      all of that; publish, correct and withdraw what others wrote; look after accounts
    editor        what is published   cite it and record where
    API client    the desk, by key    add articles, candidates, evidence and notes; never judge or publish
"""

from django.conf import settings

REVIEWERS, EDITORS, DESK_LEADS, API_CLIENTS = "Reviewers", "Editors", "Desk leads", "API clients"

VIEW = "claims.view_claim"
WORK = "claims.change_claim"
REVIEW = "claims.review_claim"
PUBLISH = "claims.publish_claim"
CITE = "claims.cite_claim"

# The permissions of each role beyond Django's own view permissions; the migration and the tests read this.
ROLES = {
    REVIEWERS: (VIEW, WORK, REVIEW, CITE),
    DESK_LEADS: (VIEW, WORK, REVIEW, PUBLISH, CITE),
    EDITORS: (CITE,),
    API_CLIENTS: (VIEW, WORK),
}
# Roles that may enter the admin.
DESK_ROLES = (REVIEWERS, DESK_LEADS)

# A role's name as one says it of one person.
ROLE_LABELS = {REVIEWERS: "Reviewer", EDITORS: "Editor", DESK_LEADS: "Desk lead", API_CLIENTS: "API client"}

# What a history row says of an edit that makes its writer an author, unlike an assignment or a new topic.
WORDING = "wording"


def role_of(user) -> str:
    """Return the name of the role an account has, or "" for none; the first of several."""
    names = {group.name for group in user.groups.all()}
    return next((role for role in ROLES if role in names), "")


def can_view_desk(user) -> bool:
    """Whether they see unpublished work: claims, articles, sources, notes."""
    return user.is_active and user.has_perm(VIEW)


def can_work(user) -> bool:
    """Whether they may add and edit articles, claims and evidence."""
    return user.is_active and user.has_perm(WORK)


def can_review(user) -> bool:
    """Whether they may judge at all; that nobody judges twice in a round is the reviews' own rule."""
    return user.is_active and user.has_perm(REVIEW)


def can_cite(user) -> bool:
    return user.is_active and user.has_perm(CITE)


def can_publish(user) -> bool:
    """Whether they may publish at all; whose work, `is_author` says."""
    return user.is_active and user.has_perm(PUBLISH)


def can_administer(user) -> bool:
    """Whether they look after people, keys, the scale and the service itself."""
    return can_publish(user)


def can_change_account(user, person) -> bool:
    """Whether they may change this account: nobody their own, and a superuser's only another superuser."""
    return can_administer(user) and user.pk != person.pk and (user.is_superuser or not person.is_superuser)


def author_ids(claim) -> set[int]:
    """Return the ids of everyone who wrote or judged the revision that stands now.

    The drafter, whoever edited the claim's wording, the writers of the verdict's text, and the reviewers of
    the round that decided it.
    """
    authors = {claim.drafted_by_id}
    authors.update(claim.history.filter(history_change_reason=WORDING).values_list("history_user", flat=True))
    authors.update(claim.reviews.filter(round=claim.review_round).values_list("reviewer", flat=True))
    verdict = claim.verdicts.filter(round=claim.review_round).first()
    if verdict:
        authors.add(verdict.written_by_id)
        authors.update(verdict.history.filter(history_change_reason=WORDING).values_list("history_user", flat=True))
    return authors - {None}


def is_author(user, claim) -> bool:
    """Whether the two-person rule keeps them from approving this claim's present revision."""
    return not settings.DESK_OF_ONE and user.pk in author_ids(claim)
