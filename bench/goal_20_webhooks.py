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
from pathlib import Path

NUMBER = 20
NAME = "webhooks, share of the latency bound at 64 in flight on one core; a dead receiver slows the others by"
MUST, STRETCH = 0.7, 0.85
SLOWED_MUST = 0.2
LESS_IS_BETTER = False
ROUNDS, RECEIVERS, EACH, LATENCY = 3, 64, 30, 0.175


def measure() -> tuple[float, str]:
    """Return the median share of the bound, or 0 if a dead receiver slows the others too much, and both in words."""
    with tempfile.TemporaryDirectory() as folder:
        receivers = subprocess.Popen([sys.executable, __file__, "receive"], stdout=subprocess.PIPE, text=True)
        try:
            assert receivers.stdout is not None
            port = receivers.stdout.readline().strip()
            env = {**os.environ, "FACTCHECK_VAR": folder, "FETCH_ALLOWED_ORIGIN": f"127.0.0.1:{port}"}
            env |= {"DJANGO_SETTINGS_MODULE": "factcheck.settings", "DELIVERY_RUN": "30", "LOG_LEVEL": "ERROR"}
            env["PYTHONPATH"] = str(Path(__file__).parents[1])
            ran = subprocess.run([sys.executable, __file__, port], env=env, check=True, capture_output=True, text=True)
        finally:
            receivers.kill()
            receivers.wait()
    quiet, beside = (statistics.median(rates) for rates in json.loads(ran.stdout.splitlines()[-1]))
    slowed, share = 1 - beside / quiet, quiet * LATENCY / 64
    words = f"{quiet:.0f} of {64 / LATENCY:.0f} posts/s, median of {ROUNDS}; a dead receiver costs {slowed:.0%}"
    return (share if slowed <= SLOWED_MUST else 0.0), words


def work(port: str) -> None:
    """Print how many posts a second the living got, in each round, without and with a dead one among them."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    owners = [User.objects.create(username=f"owner{number}") for number in range(RECEIVERS)]
    rounds = [(_round(port, owners, dead=False), _round(port, owners, dead=True)) for _ in range(ROUNDS)]
    print(json.dumps(list(zip(*rounds, strict=True))))


def _round(port, owners, *, dead: bool) -> float:
    from django.utils import timezone

    from claims.models import Delivery, Endpoint
    from claims.services import deliveries, webhooks

    Endpoint.objects.all().delete()
    now = timezone.now()
    for number, owner in enumerate(owners):
        url = f"http://127.0.0.1:{port}/" + ("silent" if dead and not number else f"hook/{number}")
        endpoint, _ = webhooks.create_endpoint(url=url, owner=owner, now=now)
        for _ in range(EACH):
            webhooks.send_test(endpoint_id=endpoint.pk, now=now)
    begun = timezone.now()
    deliveries.send_due_deliveries(clock=timezone.now)
    living = Delivery.objects.filter(state="delivered").order_by("-finished_at")
    assert living.count() == (RECEIVERS - dead) * EACH, living.count()
    return living.count() / (living[0].finished_at - begun).total_seconds()


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
        work(sys.argv[1])
