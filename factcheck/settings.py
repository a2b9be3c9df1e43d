"""Every setting of the service, read from the environment; with none set it is the embedded default.

Times are seconds unless the name says otherwise.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

from factcheck.unfold import UNFOLD  # noqa: F401  (the admin's look)

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("FACTCHECK_VAR", default=str(BASE_DIR / "var")))

# -- what kind of installation this is -------------------------------------------------------------
# Production is said aloud: a forgotten variable leaves a service that answers to its own machine only.
PRODUCTION = env.bool("FACTCHECK_PRODUCTION", default=False)
DEBUG = env.bool("FACTCHECK_DEBUG", default=False)
DEMO = env.bool("FACTCHECK_DEMO", default=False)


def _own_secret() -> str:
    """Read this installation's secret, made on its first start and readable by its user alone."""
    path = VAR_DIR / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(50)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(made)
        return made


SECRET_KEY = env.str("SECRET_KEY", default="") or _own_secret()
# Keys that went before: what was signed or encrypted under them is still read, while they stand here.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Factcheck desk")
# Under which terms what is published may be used, as in https://creativecommons.org/licenses/by/4.0/
LICENCE_URL = env.str("LICENCE_URL", default="")
SITE_CONTACT = env.str("SITE_CONTACT", default="desk@localhost.invalid")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=list({urlsplit(SITE_URL).hostname or "", "127.0.0.1", "localhost"}))
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("FACTCHECK_DEBUG must be off in production.")
    if not env.str("SECRET_KEY", default=""):
        raise ImproperlyConfigured("Set SECRET_KEY in production, the same on every machine.")
    if "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("Name the hosts in ALLOWED_HOSTS; '*' is refused in production.")
    if not SITE_URL.startswith("https://"):
        raise ImproperlyConfigured("Set SITE_URL to the https:// address the service is reached at.")
    if DEMO:
        raise ImproperlyConfigured("FACTCHECK_DEMO is for trying the service out, not for production.")

# -- applications -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "simple_history",
    "allauth",
    "factcheck.apps.AllauthAccounts",
    "factcheck.apps.AllauthSecondFactor",
    "csp",
    "django_htmx",  # for the file of htmx it brings; its middleware is not used
    "sources",
    "claims",
    "factcheck",
]

MIDDLEWARE = [
    # Before all others: what most readers ask for takes none of them.
    "claims.api.hot.HotReads",
    "factcheck.hot.HotPages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "factcheck.middleware.AdminPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "factcheck.middleware.Outage",
]

ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "factcheck.context.site",
            ],
        },
    },
]

# -- data ----------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'factcheck.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # The suite's database is a file too: threads and processes of a test have connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test_factcheck.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        # Read-then-write under a deferred BEGIN fails at once with "database is locked"; IMMEDIATE waits.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=268435456;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None  # to open the file again for each request costs more than a read
else:
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default=f"redis+socket://{VAR_DIR / 'broker.sock'}")

# Captures lie in a folder, or, once a bucket is named, in storage that speaks S3 (the extra "s3" brings its client).
# Without keys here the client looks for them where it always does: its own variables, its file, the machine's role.
CAPTURES_S3_BUCKET = env.str("CAPTURES_S3_BUCKET", default="")
CAPTURES = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": CAPTURES_S3_BUCKET,
            "endpoint_url": env.str("CAPTURES_S3_ENDPOINT", default="") or None,
            "region_name": env.str("CAPTURES_S3_REGION", default="") or None,
            "access_key": env.str("CAPTURES_S3_KEY", default="") or None,
            "secret_key": env.str("CAPTURES_S3_SECRET", default="") or None,
            "location": env.str("CAPTURES_S3_PREFIX", default="captures"),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
    if CAPTURES_S3_BUCKET
    else {"BACKEND": "sources.storage.CaptureFolder"}
)
STORAGES = {
    "default": CAPTURES,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = env.str("FACTCHECK_MEDIA", default=str(VAR_DIR / "captures"))
STATIC_URL = "/static/"
STATIC_ROOT = env.str("FACTCHECK_STATIC", default=str(VAR_DIR / "static")) if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "factcheck" / "static"]
# Embedded, static files are served from where they lie, so that a first start needs no build step.
WHITENOISE_USE_FINDERS = not PRODUCTION

DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- people ---------------------------------------------------------------------------------------------
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
# A row says whose a session is, so that all of one person's can be ended (claims/sessions.py).
SESSION_ENGINE = "claims.sessions"
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
# allauth keeps the second factors; its pages, its sign-up and its limits are not used (factcheck/apps.py).
MFA_ADAPTER = "claims.services.second_factor.Adapter"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# -- security -------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    if env.bool("BEHIND_TLS_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
# What the admin theme's own scripts and colours need, and /admin/ alone is given (factcheck/middleware.py).
ADMIN_CSP = {"script-src": [UNSAFE_EVAL], "style-src": [UNSAFE_INLINE]}

# -- how often: 0 is without a limit ---------------------------------------------------------------------
# How many proxies of ours stand before the service; that many entries of X-Forwarded-For are believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SUBMISSIONS_PER_MINUTE = env.int("SUBMISSIONS_PER_MINUTE", default=10)
SUBMISSIONS_PER_DAY = env.int("SUBMISSIONS_PER_DAY", default=200)
READS_PER_MINUTE = env.int("READS_PER_MINUTE", default=60)
OEMBED_PER_MINUTE = env.int("OEMBED_PER_MINUTE", default=120)
KEY_REQUESTS_PER_MINUTE = env.int("KEY_REQUESTS_PER_MINUTE", default=600)
# Right for one web process, as embedded; several count together only as rows.
READS_COUNTED_IN_MEMORY = env.bool("READS_COUNTED_IN_MEMORY", default=not PRODUCTION)
# Failures in 15 minutes and in an hour; these two cannot be lifted, as nothing else slows a guesser down.
SIGN_INS_PER_ACCOUNT = max(1, env.int("SIGN_INS_PER_ACCOUNT", default=5))
SIGN_INS_PER_ADDRESS = max(1, env.int("SIGN_INS_PER_ADDRESS", default=20))

# A change is told everywhere within so many seconds: what feeds, cards and searches may be kept for.
TOLD_WITHIN = 60

# -- the API ---------------------------------------------------------------------------------------------
# Threads of one web process, as it is started with; at most half of them wait for readers of `changes`.
WEB_THREADS = env.int("WEB_THREADS", default=env.int("GRANIAN_BLOCKING_THREADS", default=4))
STREAM_SECONDS = env.int("STREAM_SECONDS", default=300)  # how long one stream lasts; its reader then comes back
# Rows behind the newest that `changes` replays; older cursors are sent to the dump. 0 replays all of them.
CHANGES_REPLAYED = env.int("CHANGES_REPLAYED", default=0)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "claims.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["claims.api.limits.Requests"],
    "DEFAULT_PARSER_CLASSES": ["factcheck.api.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "factcheck.api.problem",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck API",
    "DESCRIPTION": "Claims, the passages they rest on, and their published verdicts.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claims.api.precise.precise",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# How long a page is kept for readers who are not signed in; a claim's hold or correction shows at once in any case.
PAGE_KEPT = env.float("PAGE_KEPT", default=60.0)

# -- looking at sources --------------------------------------------------------------------------------
USER_AGENT = env.str("FETCH_USER_AGENT", default=f"FactcheckDesk/1 (+{SITE_URL}/about; {SITE_CONTACT})")
FETCH_PROXY = env.str("FETCH_PROXY", default="")
# Certificates trusted besides the system's own, as a PEM file: an inspecting proxy's, or a desk's own authority.
FETCH_CA_FILE = env.str("FETCH_CA_FILE", default="")
FETCH_PORTS = env.list("FETCH_PORTS", cast=int, default=[80, 443])
# Where names are answered with NAT64 addresses: the network's own prefix, as in 64:ff9b::/96.
FETCH_NAT64_PREFIX = env.str("FETCH_NAT64_PREFIX", default="")
if FETCH_NAT64_PREFIX and not FETCH_NAT64_PREFIX.endswith("::/96"):
    raise ImproperlyConfigured("FETCH_NAT64_PREFIX names 96 bits, as in 64:ff9b::/96.")
# The one loopback address that may be fetched, "127.0.0.1:8001": the demo's and the tests' own site.
FETCH_ALLOWED_ORIGIN = env.str("FETCH_ALLOWED_ORIGIN", default="")
if PRODUCTION and FETCH_ALLOWED_ORIGIN:
    raise ImproperlyConfigured("FETCH_ALLOWED_ORIGIN opens a loopback address; production refuses it.")
FETCH_SPACING = env.float("FETCH_SPACING", default=1.0)  # between two requests to one host
FETCH_PER_HOST = max(1, env.int("FETCH_PER_HOST", default=2))  # requests to one host at once
FETCH_CLOSES_HOSTS = True  # a Retry-After holds for its whole host, not for its one address alone
FETCH_ROBOTS = env.bool("FETCH_ROBOTS", default=True)
CHECK_INTERVAL_FIRST = env.int("CHECK_INTERVAL_FIRST", default=6 * 3600)
CHECK_INTERVAL_MIN = env.int("CHECK_INTERVAL_MIN", default=3600)
CHECK_INTERVAL_MAX = env.int("CHECK_INTERVAL_MAX", default=30 * 24 * 3600)
CHECK_INTERVAL_RELIED_ON = env.int(
    "CHECK_INTERVAL_RELIED_ON", default=24 * 3600
)  # while a published claim rests on it
CHECK_STOP_AFTER = env.int("CHECK_STOP_AFTER", default=180 * 24 * 3600)  # dead so long, and nothing rests on it
CHECK_CONFIRM_AFTER = env.int("CHECK_CONFIRM_AFTER", default=600)
DEATH_SPACING = env.int("DEATH_SPACING", default=3 * 24 * 3600)
# Where copies of an address are listed, in the TimeMap's link format (RFC 7089); {url} is replaced. Empty asks nobody.
MEMENTO_TIMEMAP = env.str("MEMENTO_TIMEMAP", default="")
UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes

# -- the desk's rules ------------------------------------------------------------------------------------
# Until the desk's own policy says otherwise (claims/services/policies.py).
REVIEWS_REQUIRED = env.int("REVIEWS_REQUIRED", default=2)
ORIGINS_REQUIRED = env.int("ORIGINS_REQUIRED", default=1)
REVIEW_BY_DAYS = env.int("REVIEW_BY_DAYS", default=0)
REVIEW_BY_DAYS_PRESSING = env.int("REVIEW_BY_DAYS_PRESSING", default=REVIEW_BY_DAYS)
# A desk of one person may publish its own work; its methodology page then says so. Never in the admin.
DESK_OF_ONE = env.bool("DESK_OF_ONE", default=False)

# -- the signed log over the ledger ----------------------------------------------------------------------
# One private key a line, the newest first, in a file or in the variable itself. Embedded, the first start makes
# the file; in production it is named, so that all machines read the same one.
LOG_KEY = env.str("LOG_KEY", default="")
LOG_KEY_FILE = env.str("LOG_KEY_FILE", default="" if PRODUCTION else str(VAR_DIR / "log-key"))
# What the first key is named, and with it the log; a key that is there keeps its name.
LOG_ORIGIN = env.str("LOG_ORIGIN", default=f"{urlsplit(SITE_URL).netloc}{urlsplit(SITE_URL).path}/log")
CHECKPOINT_EVERY = env.float("CHECKPOINT_EVERY", default=30.0)

# -- matching and search ---------------------------------------------------------------------------------
# The index of claims on this machine: derived from the database, never backed up, rebuilt when it is lost.
MATCH_INDEX = env.str("MATCH_INDEX", default=str(VAR_DIR / "match-index"))
# The folder of a sentence embedding (see manage.py build_embedding_model); empty matches by words alone.
MATCH_EMBEDDING = env.str("MATCH_EMBEDDING", default="")

# -- mail ------------------------------------------------------------------------------------------------
# Until a server is named, as in smtp+tls://user:password@mail.example:587, each message is a file that the desk's
# System page shows. In production it is only written to the log: such a folder would be one machine's.
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
if not PRODUCTION and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default=SITE_CONTACT)
EMAIL_TIMEOUT = 10

# -- words and times -------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["factcheck.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
USE_I18N = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "factcheck.logs.JsonLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"pypdf": {"level": "ERROR"}, "trafilatura": {"level": "CRITICAL"}},
}

# -- background work -----------------------------------------------------------------------------------------
# A test shrinks every wait of this section that is not set itself by this one factor.
_PACE = env.float("JOB_TIME_FACTOR", default=1.0)


def _seconds(name: str, default: float) -> float:
    return env.float(name, default=default * _PACE)


SWEEP_EVERY = _seconds("SWEEP_EVERY", 15)
CHECKS_PER_MINUTE = env.int("CHECKS_PER_MINUTE", default=200)  # of all sources together
CHECK_BATCH = env.int("CHECK_BATCH", default=100)  # sources to a message
CHECK_HINT = _seconds("CHECK_HINT", 45)  # after which an unanswered message is sent again
CHECK_LEASE = _seconds("CHECK_LEASE", 90)
CHECK_HEARTBEAT = _seconds("CHECK_HEARTBEAT", 20)
# A look that left no outcome is tried again after these; the fifth wait is for who allows a sixth try.
CHECK_TRIES = env.int("CHECK_TRIES", default=5)
CHECK_RETRY_WAITS = [wait * _PACE for wait in (30, 120, 600, 3600, 6 * 3600)]
# Webhooks. The lease is longer than a post may take, which is 15 seconds; a run ends within that and DELIVERY_RUN.
DELIVERY_EVERY = _seconds("DELIVERY_EVERY", 5)
DELIVERY_RUN = _seconds("DELIVERY_RUN", 8)
DELIVERY_LEASE = env.float("DELIVERY_LEASE", default=45)
DELIVERIES_KEPT = env.int("DELIVERIES_KEPT", default=30)  # days
# Imports. A batch is written in one transaction, under a lease that each batch renews.
IMPORT_BATCH = env.int("IMPORT_BATCH", default=1000)
IMPORT_LEASE = env.float("IMPORT_LEASE", default=90)
IMPORT_EVERY = _seconds("IMPORT_EVERY", 15)
# Who must be at work, by queue, for the service to be whole. `checks` is the schedule's, `now` is for a person
# who waits and needs a worker of its own, since a batch of checks may take minutes:
#   celery -A factcheck worker -n checks@%h -Q checks -c 2    one batch of addresses to a process
#   celery -A factcheck worker -n now@%h -Q now -c 2
#   celery -A factcheck beat                                  two do no harm
#   manage.py sweep --loop                                    does it all without a broker, beside the others or alone
JOB_ROLES = ("checks", "now", "timetable")
WORKER_SILENCE = _seconds("WORKER_SILENCE", 60)  # a worker that asked for no work so long starts anew
# What a worker that is told to end lets its tasks run on for; then it gives their leases back and ends.
WORKER_STOP_AFTER = _seconds("WORKER_STOP_AFTER", 25)
WORKER_PULSE = env.str("WORKER_PULSE", default="")  # a file it touches while it works, for whoever supervises it
CIRCUIT_OPEN = _seconds("CIRCUIT_OPEN", 30)  # how long a broker that did not answer is not asked again
CELERY_BROKER_URL = REDIS_URL
CELERY_IMPORTS = ("factcheck.worker",)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "checks"
CELERY_TASK_ROUTES = {
    "sources.tasks.check_now": {"queue": "now"},
    "sources.tasks.find_copies": {"queue": "now"},
    "claims.tasks.read_article": {"queue": "now"},
    "claims.tasks.sign_checkpoint": {"queue": "now"},
    "claims.tasks.publish_due": {"queue": "now"},
    "claims.tasks.send_due_deliveries": {"queue": "now"},
    "claims.tasks.run_imports": {"queue": "now"},
    # Short, and never to stand behind the batches it hands out.
    "sources.tasks.check_due_sources": {"queue": "now"},
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_PUBLISH_RETRY = False  # the sweep is the retry
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than the hard time limit, or a running task would start a second time.
    "visibility_timeout": 900,
    "global_keyprefix": env.str("REDIS_PREFIX", default="factcheck:"),
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    # Without these a first connection is tried three times: 6 s before a frozen broker is given up.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker may be away for a day
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "check-due-sources": {"task": "sources.tasks.check_due_sources", "schedule": SWEEP_EVERY},
    "find-waiting-copies": {"task": "sources.tasks.find_waiting_copies", "schedule": 60.0},
    "follow-changed-sources": {"task": "claims.tasks.follow_changed_sources", "schedule": SWEEP_EVERY},
    "sign-checkpoint": {"task": "claims.tasks.sign_checkpoint", "schedule": CHECKPOINT_EVERY},
    "check-log": {"task": "claims.tasks.check_log", "schedule": crontab(hour=3, minute=20)},
    "make-vectors": {"task": "claims.tasks.make_vectors", "schedule": SWEEP_EVERY},
    "find-contradictions": {"task": "claims.tasks.find_contradictions", "schedule": crontab(hour=3, minute=40)},
    "tell-what-fell-due": {"task": "claims.tasks.tell_what_fell_due", "schedule": 60.0},
    "send-due-deliveries": {"task": "claims.tasks.send_due_deliveries", "schedule": DELIVERY_EVERY},
    "run-imports": {"task": "claims.tasks.run_imports", "schedule": IMPORT_EVERY},
    "publish-due": {"task": "claims.tasks.publish_due", "schedule": SWEEP_EVERY},
    "send-due-digests": {"task": "claims.tasks.send_due_digests", "schedule": 60.0},
    "tell-endpoint-owners": {"task": "claims.tasks.tell_endpoint_owners", "schedule": 60.0},
    "make-due-dump": {"task": "claims.tasks.make_due_dump", "schedule": crontab(minute=10)},
    "forget-old-answers": {"task": "claims.tasks.forget_old_answers", "schedule": 3600.0},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
