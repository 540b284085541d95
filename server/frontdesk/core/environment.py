"""The names of our settings in the environment, what each may hold, and names that only look like one of ours."""

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Final
from urllib.parse import urlsplit

from environs import Env, EnvError, EnvValidationError, ValidationError

PREFIX: Final = "FRONTDESK_"
SHORTEST_SECRET: Final = 32
# settings of the Python SDK, of the examples and of our tests, which may stand in the same environment
_OF_OTHERS: Final = frozenset({"API_KEY", "SITE_KEY", "HOST", "URL", "CHROMIUM"})
# Kubernetes puts these into every container beside a service that is named frontdesk or frontdesk-…
_OF_KUBERNETES: Final = re.compile(
    r"(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?)?)"
)
_ALIKE: Final = (
    0.65  # DATABSE_URL is 0.96 of DATABASE_URL, REDIS 0.71 of REDIS_URL; LOG_LEVEL is 0.33 of what is nearest
)


class SettingsRefused(EnvError):  # noqa: N818  a refusal is not an error of ours
    """Settings that cannot be taken: a sentence that names each, with its reason."""

    def __init__(self, reasons: Mapping[str, Iterable[str]]) -> None:
        super().__init__(" ".join(f"{name}: {reason}" for name, told in reasons.items() for reason in told))


def seal(env: Env) -> None:
    """SettingsRefused where anything that was read of `env` (not eager) cannot be taken."""
    try:
        env.seal()
    except EnvValidationError as error:
        told = error.error_messages
        raise SettingsRefused(told if isinstance(told, Mapping) else {"The environment": told}) from error


def refuse_misspelt(environ: Mapping[str, str], known: Iterable[str]) -> None:
    """SettingsRefused for names that are nearly one of ours: whoever wrote them must not get the usual value."""
    found = {name: nearest for name, (nearest, alike) in _strange(environ, known).items() if alike >= _ALIKE}
    if found:
        raise SettingsRefused(
            {name: [f"There is no such setting; {nearest} was meant?"] for name, nearest in found.items()}
        )


def unknown(environ: Mapping[str, str], known: Iterable[str]) -> dict[str, str]:
    """Names that start as ours do and mean nothing to us, each with the nearest one that does."""
    return {name: nearest for name, (nearest, _) in _strange(environ, known).items()}


def _strange(environ: Mapping[str, str], known: Iterable[str]) -> dict[str, tuple[str, float]]:
    ours = [PREFIX + name for name in known]
    given = [name for name in environ if name.startswith(PREFIX) and name not in ours]
    return {name: _nearest(name, ours) for name in given if not _of_others(name.removeprefix(PREFIX), environ[name])}


def _of_others(name: str, value: str) -> bool:
    return name in _OF_OTHERS or (
        _OF_KUBERNETES.fullmatch(name) is not None and (name != "PORT" or "://" in value)  # theirs holds an address
    )


def _nearest(name: str, ours: list[str]) -> tuple[str, float]:
    bare = name.removeprefix(PREFIX)
    alike = {one: SequenceMatcher(None, bare, one.removeprefix(PREFIX)).ratio() for one in ours}
    best = max(ours, key=alike.__getitem__)
    return best, alike[best]


def web_address(text: str) -> None:
    """ValidationError for all but `http(s)://host` and `http(s)://host:port`; none at all is fine."""
    if not text:
        return
    parts = urlsplit(text.rstrip("/"))
    try:
        bare = f"{parts.scheme}://{parts.netloc}" == text.rstrip("/") and parts.port != 0
    except ValueError:
        bare = False
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc or not bare:
        raise ValidationError("An address is written https://chat.example.com, without a path.")


def strong(secret: str) -> None:
    """ValidationError for a secret that could be guessed; where there is none, we make one."""
    if secret and len(secret) < SHORTEST_SECRET:
        raise ValidationError(f"A secret has at least {SHORTEST_SECRET} characters.")
