"""Browser, operating system and device from a User-Agent: ua-parser's native engine, cached."""

from dataclasses import asdict, dataclass
from functools import lru_cache

import ua_parser
from user_agents.parsers import UserAgent, parse_browser, parse_device, parse_operating_system

LONGEST_USER_AGENT = 512


@dataclass(frozen=True, slots=True)
class Device:
    """`kind` is desktop, mobile, tablet or bot."""

    browser: str | None
    os: str | None
    kind: str


class _Agent(UserAgent):  # type: ignore[misc]  # the library is untyped
    """user-agents' reading of what ua-parser's native engine found; its own `parse` never uses that engine."""

    def __init__(self, text: str) -> None:
        found = ua_parser.parse(text).with_defaults()
        self.ua_string = text
        self.os = parse_operating_system(**asdict(found.os))
        self.browser = parse_browser(**asdict(found.user_agent))
        self.device = parse_device(**asdict(found.device))


def device_of(user_agent: str) -> Device:
    """What the User-Agent says of itself, in at most its first 512 characters."""
    return _device_of(user_agent[:LONGEST_USER_AGENT])


@lru_cache(maxsize=4096)
def _device_of(user_agent: str) -> Device:
    agent = _Agent(user_agent)
    kinds = (("bot", agent.is_bot), ("tablet", agent.is_tablet), ("mobile", agent.is_mobile))
    return Device(
        browser=_named(agent.browser.family, agent.browser.version_string),
        os=_named(agent.os.family, agent.os.version_string),
        kind=next((kind for kind, holds in kinds if holds), "desktop"),
    )


def _named(family: str, version: str) -> str | None:
    return None if family == "Other" else f"{family} {version.split('.')[0]}".strip()
