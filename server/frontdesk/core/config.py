"""Settings from the environment, parsed once. Every name starts with `FRONTDESK_`."""

import contextlib
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path

from environs import Env, ValidationError, validate

from frontdesk.core import environment
from frontdesk.core.mailing import Mail, read_mail


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days rows are kept, by class."""

    events: int = 395
    message_ids: int = 8
    dead_letters: int = 30
    sessions: int = 395
    visitors: int = 395


# a messageId is promised to count once for 7 days; a session that is going on may have begun a day ago
_LEAST_DAYS = {"message_ids": 8, "sessions": 2, "visitors": 2}


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a minute collect takes of a browser's address for a site, of a visitor, and of an API key.

    0: as many as come. An address may be that of a whole office; a busy page sends of its visitor once a second, and
    all at once what it kept while it was offline.
    """

    address: int = 6_000
    visitor: int = 600
    api_key: int = 60_000


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` is the folder that holds everything of a one-process installation; `demo` shows the shop at `/demo/`.

    With a `metrics_token`, `/metrics` asks for it wherever the question comes from. `mail` is None where no letters can
    be sent. `private_hosts` are the names and addresses in networks of one's own that webhooks may reach. While
    `former_secret` is named, webhooks are signed with it, too.
    """

    data: Path
    database_url: str
    redis_url: str | None
    public_url: str | None
    trusted_proxies: int
    city_file: Path | None
    secret: str
    demo: bool = False
    metrics_token: str | None = None
    retention: Retention = Retention()
    limits: Limits = Limits()
    mail: Mail | None = None
    private_hosts: frozenset[str] = frozenset()
    former_secret: str | None = None


NAMES = (
    "DATA",
    "DATABASE_URL",
    "REDIS_URL",
    "PUBLIC_URL",
    "TRUSTED_PROXIES",
    "CITY_FILE",
    "SECRET",
    "FORMER_SECRET",
    "SMTP_URL",
    "MAIL_FROM",
    "PRIVATE_HOSTS",
    "METRICS_TOKEN",
    *(f"RETENTION_{field.name.upper()}_DAYS" for field in fields(Retention)),
    *(f"LIMIT_{field.name.upper()}" for field in fields(Limits)),
)
"""Every setting, without its prefix."""


def load_settings(data: Path | None = None) -> Settings:
    """Read the environment; `data` wins over `FRONTDESK_DATA`. Creates the folder and, once, its secret.

    SettingsRefused names all that cannot be taken, names that are misspelt among it; then nothing is created.
    """
    environment.refuse_misspelt(os.environ, NAMES)
    env = _environment()
    folder = _folder(env, data)
    city_file = env.str("CITY_FILE", None)
    secret = env.str("SECRET", None, validate=environment.strong)
    public_url = env.str("PUBLIC_URL", None, validate=environment.web_address)
    found = partial(
        Settings,
        data=folder,
        database_url=_database_url(env, folder),
        redis_url=env.str("REDIS_URL", None) or None,
        public_url=(public_url or "").rstrip("/") or None,
        trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=validate.Range(min=0)),
        city_file=Path(city_file) if city_file else None,
        metrics_token=env.str("METRICS_TOKEN", None) or None,
        retention=_retention(env),
        limits=_limits(env),
        mail=_mail(env),
        private_hosts=_private_hosts(env),
        former_secret=env.str("FORMER_SECRET", None, validate=environment.strong) or None,
    )
    environment.seal(env)
    folder.mkdir(parents=True, exist_ok=True)
    return found(secret=secret or _kept_secret(folder / "secret"))


def database_of(data: Path | None = None) -> str:
    """The address of the database alone, as `load_settings` has it; makes nothing."""
    environment.refuse_misspelt(os.environ, NAMES)
    env = _environment()
    return _database_url(env, _folder(env, data))


def _environment() -> Env:
    """All that is wrong is told together, when it is sealed."""
    return Env(prefix=environment.PREFIX, eager=False)


def _folder(env: Env, data: Path | None) -> Path:
    return (data or Path(env.str("DATA", None) or "var/frontdesk")).resolve()


def _database_url(env: Env, folder: Path) -> str:
    return env.str("DATABASE_URL", None) or f"sqlite:///{folder / 'frontdesk.sqlite3'}"


def _private_hosts(env: Env) -> frozenset[str]:
    named: list[str] = env.list("PRIVATE_HOSTS", [])
    return frozenset(host.strip().lower() for host in named if host.strip())


def _mail(env: Env) -> Mail | None:
    """None where no mail server is named; the two settings go together."""
    sender = env.str("MAIL_FROM", None) or ""
    found: list[Mail] = []

    def keep(url: str) -> None:
        if url and not sender:
            raise ValidationError("FRONTDESK_MAIL_FROM is needed beside it.")
        if url:
            found.append(read_mail(url, sender))

    env.str("SMTP_URL", None, validate=keep)
    return found[0] if found else None


def _limits(env: Env) -> Limits:
    """`FRONTDESK_LIMIT_ADDRESS` and so on."""
    usual = asdict(Limits())
    least = validate.Range(min=0)
    return Limits(**{name: env.int(f"LIMIT_{name.upper()}", most, validate=least) for name, most in usual.items()})


def _retention(env: Env) -> Retention:
    """`FRONTDESK_RETENTION_EVENTS_DAYS` and so on."""
    usual = asdict(Retention())
    return Retention(
        **{
            name: env.int(
                f"RETENTION_{name.upper()}_DAYS",
                days,
                validate=validate.Range(min=_LEAST_DAYS.get(name, 1), max=_MOST_DAYS),
            )
            for name, days in usual.items()
        }
    )


_MOST_DAYS = 100 * 365


def _kept_secret(path: Path) -> str:
    """The secret of this installation: made at the first start, readable by its owner only.

    Whoever stops halfway leaves no half secret, and of two that start together both take the first one's.
    """
    if not _read(path):
        path.unlink(missing_ok=True)  # empty: left by a full disk
        handle, part = tempfile.mkstemp(prefix=".secret-", dir=path.parent)  # mkstemp: mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(part, path)
        finally:
            Path(part).unlink()
    return _read(path)


def _read(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""
