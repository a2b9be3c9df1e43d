"""The addresses of the API, version 1."""

from django.urls import path, re_path

from sources.api import sources

from . import (
    articles,
    claims,
    contradictions,
    evidence,
    finding,
    ledger,
    log,
    log_proofs,
    publishing,
    registering,
    reviews,
    schema,
    seals,
    vocabulary,
    webhooks,
)
from .permissions import Desk

_desk = {"permission_classes": [Desk]}

urlpatterns = [
    path("v1/claims", claims.ClaimList.as_view(), name="api-claims"),
    path("v1/claims:match", finding.ClaimMatch.as_view(), name="api-claims-match"),
    path("v1/claims:status", claims.ClaimStatus.as_view()),
    path("v1/claims/<str:code>:withdraw", publishing.ClaimWithdrawal.as_view()),
    path("v1/claims/<str:code>", claims.ClaimDetail.as_view(), name="api-claim"),
    path("v1/claims/<str:code>/history", ledger.ClaimHistory.as_view()),
    path("v1/claims/<str:code>/versions/<str:number>", claims.ClaimVersion.as_view()),
    path("v1/claims/<str:code>/seal", seals.ClaimSeal.as_view(), name="api-claim-seal"),
    path("v1/claims/<str:code>/contradictions", contradictions.ClaimContradictions.as_view()),
    path("v1/claims/<str:code>/evidence", evidence.ClaimEvidence.as_view()),
    path("v1/claims/<str:code>/reviews", reviews.ClaimReviews.as_view()),
    path("v1/claims/<str:code>/notes", reviews.ClaimNotes.as_view()),
    path("v1/claims/<str:code>/verdict", reviews.ClaimVerdict.as_view()),
    path("v1/claims/<str:code>/revision", publishing.ClaimRevision.as_view()),
    path("v1/claims/<str:code>/publications", publishing.ClaimPublications.as_view()),
    path("v1/changes", ledger.ChangeList.as_view(), name="api-changes"),
    path("v1/dump", ledger.NewestDump.as_view(), name="api-dump"),
    path("v1/log/checkpoint", log.NewestCheckpoint.as_view(), name="api-log-checkpoint"),
    path("v1/log/checkpoints", log.CheckpointList.as_view()),
    path("v1/log/checkpoints/<str:size>", log.CheckpointOfSize.as_view(), name="api-log-checkpoint-of-size"),
    path("v1/log/entries", log.EntryList.as_view()),
    path("v1/log/inclusion", log_proofs.Inclusion.as_view()),
    path("v1/log/consistency", log_proofs.Consistency.as_view()),
    path("v1/log/keys", log.KeyList.as_view(), name="api-log-keys"),
    path("v1/log/exports/<str:size>", log.Export.as_view(), name="api-log-export"),
    path("v1/log/verifier", log.Verifier.as_view(), name="api-log-verifier"),
    path("v1/articles", articles.ArticleList.as_view()),
    path("v1/articles/<str:pk>", articles.ArticleDetail.as_view()),
    path("v1/articles/<str:pk>/candidates", articles.ArticleCandidates.as_view()),
    path("v1/candidates/<str:pk>:accept", articles.CandidateAccept.as_view()),
    path("v1/candidates/<str:pk>:merge", articles.CandidateMerge.as_view()),
    path("v1/candidates/<str:pk>:dismiss", articles.CandidateDismiss.as_view()),
    # The sources know nothing of the desk; who may see them is decided here.
    path("v1/sources", registering.SourceList.as_view()),
    path("v1/sources/<str:pk>", sources.SourceDetail.as_view(**_desk)),
    path("v1/sources/<str:pk>/checks", sources.SourceChecks.as_view(**_desk)),
    path("v1/snapshots/<str:pk>", sources.SnapshotDetail.as_view(**_desk)),
    path("v1/topics", vocabulary.TopicList.as_view()),
    path("v1/claimants", vocabulary.ClaimantList.as_view()),
    path("v1/ratings", vocabulary.RatingList.as_view()),
    path("v1/webhooks", webhooks.WebhookList.as_view()),
    path("v1/webhooks/<str:pk>:rotate", webhooks.WebhookRotation.as_view()),
    path("v1/webhooks/<str:pk>:test", webhooks.WebhookTest.as_view()),
    path("v1/webhooks/<str:pk>", webhooks.WebhookDetail.as_view()),
    path("v1/webhooks/<str:pk>/deliveries", webhooks.WebhookDeliveries.as_view()),
    path("v1/webhooks/<str:pk>/deliveries/<str:delivery>:replay", webhooks.WebhookReplay.as_view()),
    path("v1/webhooks/<str:pk>/deliveries/<str:delivery>", webhooks.WebhookDelivery.as_view()),
    path("v1/openapi.json", schema.OpenApi.as_view(), name="openapi"),
    path("v1/docs", schema.Docs.as_view(), name="api-docs"),
    re_path("", schema.Nowhere.as_view()),
]
