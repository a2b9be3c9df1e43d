"""The example programs do what they say, run as a reader would run them."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from claims.models import PublicDocument
from claims.services import dumps, webhooks
from claims.services.webhooks import create_endpoint
from examples import follow_changes
from tests.claims.receivers import SteppedClock, only_delivery, send
from tests.claims.stories import held, withdrawn
from tests.factories import NOW, DeskLeadFactory, published

HOME = Path(__file__).resolve().parents[1]


@pytest.fixture
def started():
    """Start an example with this secret and return the process and its port."""
    processes = []

    def start(secret):
        process = subprocess.Popen(
            [sys.executable, "-I", str(HOME / "examples" / "receive_webhook.py"), "0"],
            env={**os.environ, "WEBHOOK_SECRET": secret}, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        processes.append(process)
        return process, int(process.stdout.readline().split()[-1])

    yield start
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def posted(port, body, headers):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("POST", "/", body, headers)
    return line.getresponse().status


@pytest.mark.django_db
def test_the_example_receives_what_we_send_once_and_believes_nobody_else(started, settings):
    clock, owner = SteppedClock(), DeskLeadFactory()
    endpoint, secret = create_endpoint(url="https://cms.example/", owner=owner, now=clock())
    process, port = started(secret)
    settings.FETCH_ALLOWED_ORIGIN = f"127.0.0.1:{port}"
    webhooks.edit_endpoint(endpoint_id=endpoint.pk, version=1, url=f"http://127.0.0.1:{port}/", now=clock())
    claim = published()
    send(clock)

    delivery = only_delivery()
    assert delivery.state == "delivered"
    assert process.stdout.readline().split() == ["claim.published", "0", claim.code, "correct"]
    headers, body = delivery.attempts.get().request_headers, delivery.body.encode()
    old = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 600)}
    assert posted(port, body, headers) == 204
    assert [posted(port, *forged) for forged in [(body + b" ", headers), (body, old), (body, {}), (b"", headers)]] == [
        400
    ] * 4
    webhooks.rotate_secret(endpoint_id=endpoint.pk, now=clock())
    webhooks.send_test(endpoint_id=endpoint.pk, now=clock())
    send(clock)
    assert process.stdout.readline().split() == ["test", "None", "None", "None"]


class Answered:
    """The service behind `urlopen`, without a server."""

    def __init__(self, client):
        self.client = client

    def __call__(self, url, timeout=60):
        answer = self.client.get(url.removeprefix("http://desk"))
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, body


@pytest.mark.django_db
def test_the_example_keeps_a_copy_in_step_from_the_dump_on(client, monkeypatch, tmp_path, settings):
    monkeypatch.setattr(follow_changes, "fetched", Answered(client))
    gone, kept = published(), published()
    dumps.make_dump(now=NOW)
    copy = follow_changes.Copy(str(tmp_path / "copy.sqlite3"), "http://desk/api/v1")
    assert copy.step(wait=0) == 0 and copy.seq == 1
    withdrawn(gone)
    held(kept)
    new = published()

    assert copy.step(wait=0) == 3
    told = {row[0]: (row[1], json.loads(row[2])) for row in copy.db.execute("SELECT * FROM claim")}
    wanted = {document.claim.code: document for document in PublicDocument.objects.select_related("claim")}
    assert told.keys() == wanted.keys() == {gone.code, kept.code, new.code}
    assert all(told[code] == (one.status, json.loads(one.body)) for code, one in wanted.items())
    settings.CHANGES_REPLAYED = 1
    held(new)
    copy.save([], 0)
    dumps.make_dump(now=NOW)
    assert copy.step(wait=0) == 0 and copy.seq == 5
