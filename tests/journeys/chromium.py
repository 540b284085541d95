"""A real Chromium: the machine's own, else the one that the npm package @sparticuz/chromium carries."""

import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# nothing of these journeys leaves the machine, and the browser's own services must not try to
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
_UNPACK = "import('@sparticuz/chromium').then(async (it) => console.log(await it.default.executablePath()))"


@lru_cache(maxsize=1)
def executable() -> str:
    """The path of a Chromium that runs here. FRONTDESK_CHROMIUM names another; `bundled` takes the package's."""
    wanted = os.environ.get("FRONTDESK_CHROMIUM")
    if wanted and wanted != "bundled":
        return wanted
    own = None if wanted else next((path for name in NAMES if (path := shutil.which(name))), None)
    return own or _bundled()


def _bundled() -> str:
    package = (ROOT / "node_modules/@sparticuz/chromium/package.json").stat()
    folder = Path(tempfile.gettempdir()) / f"frontdesk-chromium-{package.st_mtime_ns}"  # one a version
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [ROOT / ".venv/lib/nodejs/bin/node", "-e", _UNPACK],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
