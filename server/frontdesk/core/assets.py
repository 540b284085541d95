"""Where the built browser files and bundled data lie, in a checkout as in an installed package."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

PACKAGE = Path(__file__).resolve().parents[1]
STATIC = PACKAGE / "static"
SDK = STATIC / "sdk"
CONSOLE = STATIC / "console"
COUNTRIES = PACKAGE / "data" / "country.mmdb"


def bundled(name: str, in_checkout: str) -> Path:
    """A folder that the wheel carries as `bundled/<name>` and a checkout holds at `in_checkout`."""
    packaged = PACKAGE / "bundled" / name
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / in_checkout


SHOP = bundled("shop", "examples/shop")
PLAYBOOKS = bundled("playbooks", "rules/playbooks")


@lru_cache(maxsize=1)
def sdk_manifest() -> dict[str, Any]:
    """Name → hashed file of the browser SDK; FileNotFoundError says how to build it."""
    try:
        manifest: dict[str, Any] = orjson.loads((SDK / "manifest.json").read_bytes())
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{SDK} holds no browser files; `make build` makes them.") from error
    return manifest
