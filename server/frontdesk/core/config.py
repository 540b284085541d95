"""Settings from the environment, parsed once. Every name starts with `FRONTDESK_`."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from environs import Env


@dataclass(frozen=True, slots=True)
class Settings:
    """`data` is the folder that holds everything of a one-process installation."""

    data: Path
    database_url: str
    redis_url: str | None
    public_url: str | None
    trusted_proxies: int
    city_file: Path | None
    secret: str


def load_settings(data: Path | None = None) -> Settings:
    """Read the environment; `data` wins over `FRONTDESK_DATA`. Creates the folder and, once, its secret."""
    env = Env(prefix="FRONTDESK_")
    folder = (data or Path(env.str("DATA", "var/frontdesk"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    city_file = env.str("CITY_FILE", None)
    return Settings(
        data=folder,
        database_url=env.str("DATABASE_URL", None) or f"sqlite:///{folder / 'frontdesk.sqlite3'}",
        redis_url=env.str("REDIS_URL", None),
        public_url=env.str("PUBLIC_URL", None),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0),
        city_file=Path(city_file) if city_file else None,
        secret=env.str("SECRET", None) or _kept_secret(folder / "secret"),
    )


def _kept_secret(path: Path) -> str:
    """The secret of this installation: made at the first start, readable by its owner only."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()
