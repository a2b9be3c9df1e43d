"""The example programs do what they say, run as a reader would run them."""

import http.client
import os
import subprocess
import sys
from pathlib import Path

import pytest

from claims.services import webhooks
from claims.services.webhooks import create_endpoint
from tests.claims.receivers import SteppedClock, only_delivery, send
from tests.factories import DeskLeadFactory, published

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
