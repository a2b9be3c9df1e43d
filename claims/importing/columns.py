"""The columns of a file of claims, as CSV names them and JSON has them as members."""

# Those that come back in: an export holds them, and an import of it changes nothing.
COLUMNS = (
    "id",  # what the claim is called where it comes from; in our exports its code
    "text",
    "context",
    "claimants",
    "topics",
    "language",
    "priority",
    "review_by",
    "said_on",
    "said_at",
    "appearances",  # JSON alone: said_on and said_at several times, with quotes
    "figures",  # JSON alone; where it is not given, they are read out of the text
    "review_url",
    "review_publisher",
    "review_title",
    "review_rating",
    "review_value",
    "review_best",
    "review_worst",
    "review_date",
)
JSON_ALONE = ("appearances", "figures")
REVIEW_COLUMNS = tuple(name for name in COLUMNS if name.startswith("review_") and name != "review_by")

ALIASES = {"claim": "text", "claimant": "claimants", "topic": "topics", "lang": "language", "due": "review_by"}

# What the desk alone decides. A row may say that it is a draft, and nothing else.
STATE_COLUMNS = frozenset(
    (
        "status", "state", "workflow", "citability", "verdict", "rating", "finding", "explanation", "published",
        "published_at", "publication", "version", "assignee", "drafted_by", "created_at", "updated_at", "reviewer",
        "reviews", "hold",
    )
)  # fmt: skip
DRAFT_WORDS = frozenset(["", "draft", "unstarted", "not_citable", "none", "null", "false", "no"])
