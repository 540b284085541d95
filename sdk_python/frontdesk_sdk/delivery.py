"""One batch until its final answer: retries, splitting, and a word about each event that was refused."""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException

from frontdesk_sdk import clock, policy
from frontdesk_sdk.events import Event
from frontdesk_sdk.ledger import Ledger, log
from frontdesk_sdk.policy import Verdict
from frontdesk_sdk.problems import Dropped, Problem
from frontdesk_sdk.settings import Settings
from frontdesk_sdk.transport import Answer, Transport

MAX_REQUEST_BYTES = 500 * 1024
_FRAME = len(b'{"sentAt":"2026-01-01T00:00:00.000Z","batch":[]}')


def fits(events: Sequence[Event], most: int) -> int:
    """How many of `events`, from the first, one request may carry: at most `most`, and 500 KB."""
    size = _FRAME
    for index, event in enumerate(events):
        size += len(event.body) + 1
        if index == most or size > MAX_REQUEST_BYTES:
            return index
    return len(events)


def request_body(batch: Sequence[Event]) -> bytes:
    """The JSON of one request, said to be sent now."""
    sent_at = clock.stamp(clock.now()).encode()
    return b'{"sentAt":"' + sent_at + b'","batch":[' + b",".join(event.body for event in batch) + b"]}"


class Courier:
    """Delivers batches for one worker thread.

    `wait(seconds)` must sleep and answer True, or answer False at once when the worker has to stop.
    """

    def __init__(self, settings: Settings, ledger: Ledger, wait: Callable[[float], bool]) -> None:
        self._transport = Transport(settings)
        self._give_up_after = settings.give_up_after
        self._ledger = ledger
        self._wait = wait

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def deliver(self, batch: Sequence[Event]) -> None:
        """Return when every event of `batch` is delivered or reported."""
        give_up_at = clock.monotonic() + self._give_up_after
        tries = 0
        while True:
            answer = self._try(batch)
            if policy.verdict(answer.status) is not Verdict.RETRY:
                return self._settle(batch, answer)
            tries += 1
            # Not for secrets: it only keeps many senders from coming back at the same instant.
            pause = policy.pause(tries, answer.retry_after, random.random(), clock.now())  # noqa: S311  spreads retries, and is no secret
            if clock.monotonic() + pause > give_up_at:
                return self._drop(batch, Dropped.GAVE_UP, f"{tries} tries, the last: {_told(answer)}")
            if not self._wait(pause):
                return self._drop(batch, Dropped.CLOSED, f"stopped while retrying: {_told(answer)}")
            self._ledger.count("retries")

    def _try(self, batch: Sequence[Event]) -> Answer:
        self._ledger.count("requests")
        try:
            return self._transport.post(request_body(batch))
        except (OSError, HTTPException) as error:
            log.debug("request failed: %r", error)
            return Answer(0, None, repr(error).encode("utf-8", "replace"))

    def _settle(self, batch: Sequence[Event], answer: Answer) -> None:
        meaning = policy.verdict(answer.status)
        if meaning is Verdict.DONE:
            self._accept(batch, answer)
        elif meaning is Verdict.SPLIT and len(batch) > 1:
            half = len(batch) // 2
            self.deliver(batch[:half])
            self.deliver(batch[half:])
        else:
            self._drop(batch, policy.reason(answer.status), _told(answer))

    def _accept(self, batch: Sequence[Event], answer: Answer) -> None:
        rejected = [item for item in _rejected(answer.body) if isinstance(item, Mapping)]
        self._ledger.count("delivered", max(0, len(batch) - len(rejected)))
        for item in rejected:
            self._ledger.report(
                Problem(
                    code=str(item.get("code") or Dropped.REJECTED.value),
                    detail=str(item.get("detail") or "refused by the server"),
                    message_id=_optional_text(item.get("messageId")),
                    field=_optional_text(item.get("field")),
                )
            )

    def _drop(self, batch: Sequence[Event], code: Dropped, detail: str) -> None:
        for event in batch:
            self._ledger.report(Problem(code=code, detail=detail, message_id=event.message_id))


def _rejected(body: bytes) -> Sequence[object]:
    try:
        answer = json.loads(body)
    except ValueError:
        return ()
    rejected = answer.get("rejected") if isinstance(answer, dict) else None
    return rejected if isinstance(rejected, list) else ()


def _optional_text(value: object) -> str | None:
    return None if value is None else str(value)


def _told(answer: Answer) -> str:
    words = answer.body[:300].decode("utf-8", "replace").strip()
    return f"HTTP {answer.status} {words}" if answer.status else words
