"""`pip install .` brings everything: the wheel holds the built browser files, the shop and the playbooks."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOLDS = (
    "frontdesk/static/sdk/manifest.json",
    "frontdesk/static/console/index.html",
    "frontdesk/data/country.mmdb",
    "frontdesk/bundled/shop/index.html",
    "frontdesk/bundled/playbooks/pricing-to-sales.yaml",
    "frontdesk/migrations/versions/0001_first_version.py",
    "frontdesk_rules/schema.json",
    "frontdesk/py.typed",
)


@pytest.mark.long
def test_the_wheel_holds_all_that_a_server_needs(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path)]
    subprocess.run(pip, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("frontdesk-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in HOLDS if name not in names] == []
    target = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(target)
    served = "import frontdesk.core.assets as a; print(a.SHOP, a.PLAYBOOKS, a.sdk_manifest()['probe'])"
    told = subprocess.run(
        [sys.executable, "-c", served],
        cwd=tmp_path,
        env={"PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.count(str(target)) == 2
