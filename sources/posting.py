"""Telling an address something, as webhooks do, through the same guard as every look."""

import time
from collections.abc import Callable
from datetime import datetime

from sources.addresses import AddressRefused
from sources.connecting import MeteredResponse
from sources.hops import Door, outcome_of
from sources.looks import FetchRequest, PostRequest, PostResult
from sources.outcomes import Outcome, outcome_of_status
from sources.pacing import retry_after_seconds
from sources.progress import Ended, Progress


async def post(door: Door, request: PostRequest, *, clock: Callable[[], datetime]) -> PostResult:
    """Post once, over https alone but for the named exception; trouble is an outcome and nothing is raised.

    An answer's status decides, whatever becomes of its body, and 15 seconds are all there is.
    """
    begun = time.monotonic()
    try:
        address = door.parse(request.url)
    except AddressRefused as refusal:
        return PostResult(Outcome.BLOCKED, reason=str(refusal))
    if address.scheme != "https" and not address.is_exempt:
        return PostResult(Outcome.BLOCKED, reason="An address to post to starts with https://.")
    limits = door.policy.limits
    look = Progress(FetchRequest(request.url), address, limits.post)
    head = bytearray()

    async def walk(look: Progress) -> Outcome:
        headers = {"User-Agent": door.policy.user_agent, "Accept-Encoding": "identity", **request.headers}
        async with look.working(), door.exchange(look, headers, method="POST", body=request.body) as response:
            await _read_head(response, head, limits.answer_head)
        return Outcome.OK

    ended = await outcome_of(look, walk)
    if look.status and ended.outcome in (Outcome.OK, Outcome.TIMEOUT, Outcome.TRUNCATED):
        ended = _judged(look, clock())
    return PostResult(
        outcome=ended.outcome,
        http_status=look.status,
        retry_after=ended.retry_after,
        response_head=bytes(head),
        seconds=time.monotonic() - begun,
        reason=ended.reason,
    )


async def _read_head(response: MeteredResponse, head: bytearray, most: int) -> None:
    async for piece in response.content.iter_any():
        head += piece[: most - len(head)]
        if len(head) >= most:
            return


def _judged(look: Progress, now: datetime) -> Ended:
    if 200 <= look.status < 300:
        return Ended(Outcome.OK, reason="The post was received.")
    if 300 <= look.status < 400:
        return Ended(Outcome.REDIRECT_ERROR, reason="The address answered with a redirect, which is not followed.")
    return Ended(outcome_of_status(look.status), retry_after_seconds(look.headers.get("retry-after", ""), now))
