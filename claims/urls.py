"""The public pages' addresses."""

from django.urls import path, register_converter

from claims.views import accounts, articles, cards, citing, claims, embedding, feeds, lists, log, memento, plain

register_converter(feeds.Form, "feed")
from claims.views import articles, cards, citing, claims, lists, log, plain, searching

urlpatterns = [
    path("", lists.home, name="home"),
    path("claims", searching.claim_list, name="claims"),
    path("claims/<str:code>/versions/<int:number>", claims.claim_version, name="claim-version"),
    path("claims/<str:code>/cite.<slug:form>", claims.claim_citation, name="claim-citation"),
    path("claims/<str:code>/uses", citing.claim_use, name="claim-use"),
    path("claims/<str:code>.jsonld", claims.claim_jsonld, name="claim-jsonld"),
    path("claims/<str:code>", claims.claim, name="claim"),
    path("claims/<str:code>/card.png", cards.claim_card, name="claim-card"),
    path("articles/<int:source_id>", articles.article, name="article"),
    path("topics/<slug:slug>", lists.topic, name="topic"),
    path("topics/<slug:slug>/feed.<feed:form>", feeds.topic_claims, name="topic-feed"),
    path("claimants/<slug:slug>", lists.claimant, name="claimant"),
    path("corrections", lists.corrections, name="corrections"),
    path("corrections/feed.<feed:form>", feeds.corrections, name="corrections-feed"),
    path("feed.<feed:form>", feeds.all_claims, name="feed"),
    path("claimreview.json", feeds.claim_reviews, name="claimreview-feed"),
    path("method", lists.methodology, name="methodology"),
    path("log", log.log, name="log"),
    path("about", plain.about, name="about"),
    path("uses", citing.uses, name="uses"),
    path("oembed", embedding.oembed, name="oembed"),
    path("embed/<str:code>", embedding.card, name="embed"),
    path("timegate/<path:url>", memento.timegate, name="timegate"),
    path("timemap/link/<path:url>", memento.timemap_of, name="timemap"),
    path("snapshots/<str:moment>/<path:url>", memento.memento, name="memento"),
    path("uses/article", citing.uses_of_article, name="uses-of-article"),
    path("uses/by/<str:username>", citing.uses_of_editor, name="uses-of-editor"),
    path("uses/digest", citing.digest_switch, name="digest-switch"),
    path("uses/<int:pk>/answer", citing.use_answer, name="use-answer"),
    path("account", accounts.account, name="account"),
    path("account/password", accounts.password, name="account-password"),
    path("account/second-factor", accounts.second_factor_set_up, name="account-second-factor"),
    path("account/second-factor/off", accounts.second_factor_off, name="account-second-factor-off"),
    path("account/recovery-codes", accounts.recovery_codes, name="account-recovery-codes"),
    path("account/sign-out-everywhere", accounts.sign_out_everywhere, name="account-sign-out"),
    path("join/<str:token>", accounts.join, name="join"),
    path("robots.txt", plain.robots_txt, name="robots"),
    path(".well-known/security.txt", plain.security_txt, name="security"),
]
