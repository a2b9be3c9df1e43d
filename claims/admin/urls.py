"""The desk's own pages, at /admin/; the lists behind them are the admin site's."""

from django.urls import path

from .desk import alerts, articles, candidates, claim, drafting, evidence, home, jobs, judging, moves, sources

urlpatterns = [
    path("", home.desk, name="desk"),
    path("articles/", articles.articles, name="desk-articles"),
    path("articles/new/", articles.article_new, name="desk-article-new"),
    path("articles/<int:pk>/", articles.article, name="desk-article"),
    path("articles/<int:pk>/state/", articles.article_state, name="desk-article-state"),
    path("articles/<int:pk>/read/", articles.article_read_again, name="desk-article-read"),
    path("articles/<int:pk>/capture/", articles.article_capture, name="desk-article-capture"),
    path("articles/<int:pk>/mark/", candidates.candidate_add, name="desk-candidate-add"),
    path("candidates/<int:pk>/", candidates.candidate, name="desk-candidate"),
    path("candidates/<int:pk>/restore/", candidates.candidate_restore, name="desk-candidate-restore"),
    path("claim/new/", drafting.claim_new, name="desk-claim-new"),
    path("claim/<str:code>/", claim.claim, name="desk-claim"),
    path("claim/<str:code>/edit/", claim.claim_edit, name="desk-claim-edit"),
    path("claim/<str:code>/assign/", claim.claim_assign, name="desk-claim-assign"),
    path("claim/<str:code>/notes/", claim.claim_note, name="desk-claim-note"),
    path("claim/<str:code>/evidence/", evidence.evidence_attach, name="desk-evidence-attach"),
    path("claim/<str:code>/source/", evidence.evidence_source, name="desk-evidence-source"),
    path("claim/<str:code>/review/", judging.claim_review, name="desk-claim-review"),
    path("claim/<str:code>/verdict/", judging.claim_verdict, name="desk-claim-verdict"),
    path("claim/<str:code>/publish/", judging.claim_publish, name="desk-claim-publish"),
    path("claim/<str:code>/correct/", judging.claim_correct, name="desk-claim-correct"),
    path("claim/<str:code>/move/<slug:move>/", moves.claim_move, name="desk-claim-move"),
    path("evidence/<int:pk>/stance/", evidence.evidence_stance, name="desk-evidence-stance"),
    path("evidence/<int:pk>/remove/", evidence.evidence_remove, name="desk-evidence-remove"),
    path("source/", sources.sources, name="desk-sources"),
    path("source/<int:pk>/", sources.source, name="desk-source"),
    path("source/<int:pk>/state/", sources.source_state, name="desk-source-state"),
    path("source/<int:pk>/check/", sources.source_check, name="desk-source-check"),
    path("source/<int:pk>/edit/", sources.source_edit, name="desk-source-edit"),
    path("source/<int:pk>/confirm-date/", sources.source_confirm_date, name="desk-source-confirm-date"),
    path("source/<int:pk>/capture/", sources.source_capture, name="desk-source-capture"),
    path("jobs/", jobs.jobs, name="desk-jobs"),
    path("jobs/<int:pk>/requeue/", jobs.job_requeue, name="desk-job-requeue"),
    path("alerts/", alerts.alerts, name="desk-alerts"),
    path("alerts/<int:pk>/", alerts.alert, name="desk-alert"),
    path("alerts/<int:pk>/answer/", alerts.alert_answer, name="desk-alert-answer"),
]
