"""Signatures by Standard Webhooks: by its own vector, its own library, and in another language."""

import base64
import json
import subprocess
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from claims.formats.webhooks import body_of_test, event_body, new_message_id, new_secret, signature, signed_headers
from tests.factories import NOW
from tests.npm import FOLDER

# Standard Webhooks 1.0.0 as Node verifies it with nothing but its own library: secret, headers and body on stdin.
VERIFY_IN_NODE = """
const { createHmac, timingSafeEqual } = require("node:crypto");
const { secret, headers, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
const wanted = createHmac("sha256", key).update(signed, "utf8").digest();
const fits = headers["webhook-signature"].split(" ").some((one) => {
  const [version, given] = one.split(",");
  const bytes = Buffer.from(given, "base64");
  return version === "v1" && bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
});
process.stdout.write(String(fits));
"""

# And by the standard's own library for Node.
VERIFY_BY_LIBRARY = """
const { Webhook } = require("standardwebhooks");
const { secret, headers, body } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
let fits = true;
try { new Webhook(secret).verify(body, headers); } catch { fits = false; }
process.stdout.write(String(fits));
"""


def event(**changed):
    given = {
        "seq": 7,
        "kind": "claim.corrected",
        "at": NOW,
        "code": "7K3M-Q9TX",
        "url": "https://desk.example/claims/7K3M-Q9TX",
        "revision": {"text": "The ferry carried “412” travellers – in May.", "verdict": {"rating": "correct"}},
        "version": 2,
        "citability": "corrected",
        "superseded_by": None,
        "reason": "The log was mended.",
        "cause": "correction",
        "actor": "person",
    }
    return event_body(**{**given, **changed})


def test_the_standards_own_vector_is_signed_as_it_says():
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp=1614265330,
            body=b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_secret_is_32_random_bytes_and_an_id_has_no_full_stop():
    one, other = new_secret(), new_secret()
    assert one.startswith("whsec_") and one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"), validate=True)) == 32
    assert "." not in new_message_id() and new_message_id() != new_message_id()


@pytest.mark.parametrize("broken", ["whsec_!", "whsec_abc", "whsec_ü"])
def test_what_is_no_secret_signs_nothing(broken):
    with pytest.raises(ValueError, match="not a secret"):
        signature(broken, message_id="m", timestamp=1, body=b"")


def test_both_secrets_of_a_rotation_verify_with_the_standards_library():
    old, new, body = new_secret(), new_secret(), event().encode()
    headers = signed_headers(body, message_id=new_message_id(), now=timezone.now(), secrets=[new, old])

    for secret in (old, new):
        assert Webhook(secret).verify(body, headers)["data"]["seq"] == 7
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body.replace(b"412", b"413"), headers)
    stale = signed_headers(body, message_id="msg_1", now=timezone.now() - timedelta(minutes=6), secrets=[new])
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(new).verify(body, stale)


def test_another_language_verifies_it_too(node):
    secret, body = new_secret(), event()
    headers = signed_headers(body.encode(), message_id=new_message_id(), now=NOW, secrets=[new_secret(), secret])

    def verified(text):
        given = json.dumps({"secret": secret, "headers": headers, "body": text})
        ran = subprocess.run([node, "-e", VERIFY_IN_NODE], input=given, capture_output=True, text=True, check=True)
        return ran.stdout

    assert verified(body) == "true"
    assert verified(body.replace("412", "413")) == "false"


def test_the_standards_own_library_for_node_accepts_what_we_sign(npm, node):
    secret, body = new_secret(), event()
    now = timezone.now()  # it refuses what is older than five minutes
    headers = signed_headers(body.encode(), message_id=new_message_id(), now=now, secrets=[secret, new_secret()])

    def verified(text):
        given = json.dumps({"secret": secret, "headers": headers, "body": text})
        command = [node, "-e", VERIFY_BY_LIBRARY]
        return subprocess.run(command, input=given, cwd=FOLDER, capture_output=True, text=True, check=True).stdout

    assert verified(body) == "true"
    assert verified(body.replace("412", "413")) == "false"


def test_a_body_stays_under_20_kb_whatever_is_told():
    longest = {"text": "𝟜" * 5000, "verdict": {"rating": "x" * 40}}
    body = event(revision=longest, reason="𝟜" * 5000)

    assert len(body.encode()) < 20_000
    assert json.loads(body)["data"]["text"].endswith("…")


def test_a_withdrawn_claim_is_told_without_its_words():
    data = json.loads(event(kind="claim.withdrawn", citability="withdrawn"))["data"]

    assert (data["text"], data["rating"], data["citability"]) == (None, None, "withdrawn")


def test_a_test_says_that_it_is_one():
    told = json.loads(body_of_test(at=NOW))

    assert (told["type"], told["timestamp"]) == ("test", "2026-03-02T09:00:00Z")
    assert told["data"]["is_test"] is True and "seq" not in told["data"]
