"""Goal 20: how near webhooks come to what 64 in flight could do if our work took no time, on one core.

Also what a dead receiver costs the others: of 64 receivers one never answers, while the others have as much to get.
The stricter of the two is told as the ratio where it misses.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NUMBER = 20
NAME = "webhooks, share of the latency bound at 64 in flight on one core; a dead receiver slows the others by"
MUST, STRETCH = 0.7, 0.85
SLOWED_MUST = 0.2
LESS_IS_BETTER = False
ROUNDS, RECEIVERS, EACH, LATENCY = 3, 64, 30, 0.175


def measure() -> tuple[float, str]:
    """Return the median share of the bound, or 0 if a dead receiver slows the others too much, and both in words."""
    quiet = [_run(dead=False) for _ in range(ROUNDS)]
    beside = [_run(dead=True) for _ in range(ROUNDS)]
    rate, slowed = statistics.median(quiet), 1 - statistics.median(beside) / statistics.median(quiet)
    share = rate * LATENCY / 64
    words = f"{rate:.0f} of {64 / LATENCY:.0f} posts/s, median of {ROUNDS}; a dead receiver costs {slowed:.0%}"
    return (share if slowed <= SLOWED_MUST else 0.0), words


def _run(*, dead: bool) -> float:
    """Posts a second to the living, of a worker in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        receivers = subprocess.Popen(
            [sys.executable, __file__, "receive"], stdout=subprocess.PIPE, text=True, env=dict(os.environ)
        )
        try:
            assert receivers.stdout is not None
            port = receivers.stdout.readline().strip()
            env = {**os.environ, "FACTCHECK_VAR": folder, "FETCH_ALLOWED_ORIGIN": f"127.0.0.1:{port}"}
            env |= {"DJANGO_SETTINGS_MODULE": "factcheck.settings", "DELIVERY_RUN": "120", "LOG_LEVEL": "ERROR"}
            env["PYTHONPATH"] = str(Path(__file__).parents[1])
            command = [sys.executable, __file__, "send", port, "dead" if dead else "alive"]
            ran = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
            return json.loads(ran.stdout.splitlines()[-1])["per_second"]
        finally:
            receivers.kill()
            receivers.wait()


def send(port: str, *, dead: bool) -> None:
    """Make an installation, send all that waits, and print how fast the living got theirs."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.utils import timezone

    from claims.models import Delivery, DeliveryAttempt
    from claims.services import deliveries, webhooks

    call_command("migrate", verbosity=0)
    now = timezone.now()
    for number in range(RECEIVERS):
        owner = User.objects.create(username=f"owner{number}")
        path = "silent" if dead and not number else f"hook/{number}"
        url = f"http://127.0.0.1:{port}/{path}"
        endpoint, _ = webhooks.create_endpoint(url=url, owner=owner, now=now)
        for _ in range(EACH):
            webhooks.send_test(endpoint_id=endpoint.pk, now=now)
    begun = timezone.now()
    began = time.monotonic()
    deliveries.send_due_deliveries(clock=lambda: begun + (timezone.now() - begun))
    living = Delivery.objects.filter(state="delivered").count()
    assert living == (RECEIVERS - dead) * EACH, living
    last = Delivery.objects.filter(state="delivered").order_by("-finished_at").first()
    seconds = (last.finished_at - begun).total_seconds()
    assert seconds <= time.monotonic() - began and DeliveryAttempt.objects.count() >= living
    print(json.dumps({"per_second": living / seconds}))


class Receivers(asyncio.Protocol):
    """Each answers 175 ms late; /silent never does."""

    def connection_made(self, transport):
        self.transport, self.buffer = transport, b""

    def data_received(self, data):
        self.buffer += data
        head, gap, body = self.buffer.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
        if gap and len(body) >= int(length or 0) and b" /silent " not in head:
            answer = b"HTTP/1.1 204 No Content\r\n\r\n"
            asyncio.get_running_loop().call_later(LATENCY, self.transport.write, answer)


async def receive() -> None:
    server = await asyncio.get_running_loop().create_server(Receivers, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "receive":
        asyncio.run(receive())
    else:
        send(sys.argv[2], dead=sys.argv[3] == "dead")
