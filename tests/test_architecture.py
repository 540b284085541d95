"""The architecture is a test: who may import whom, how long a room may grow, and a README that names them all."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_MODULE = 250
PYTHON = ("server", "rules", "sdk_python", "examples", "tests")
BROWSER = ("sdk_js/src", "server/console/src")
CONTEXTS = sorted(
    path.parent.name for path in (ROOT / "server/frontdesk").glob("*/__init__.py") if path.parent.name != "migrations"
)


def sources(folders: tuple[str, ...], *endings: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = [ROOT / name for name in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in endings and path.exists() and "versions" not in path.parts]


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    files = [*sources(PYTHON, ".py"), *sources(BROWSER, ".ts", ".tsx", ".css")]
    assert len(files) > 100
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_nobody_imports_upwards() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_module_has_a_name_that_says_nothing() -> None:
    nothing = re.compile(r"^(utils?|helpers?|common|misc|manager|base_.*)$")
    assert [str(path) for path in sources((*PYTHON, *BROWSER), ".py", ".ts", ".tsx") if nothing.match(path.stem)] == []


def test_whoever_silences_a_check_says_why() -> None:
    mark = re.compile(r"# (?:noqa|type: ignore)(?!:? [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)* +\S|\[[a-z, -]+\] +\S).*")
    bare = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources(PYTHON, ".py")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if mark.search(line) and "re.compile" not in line
    }
    assert bare == set()


@pytest.mark.parametrize("context", CONTEXTS)
def test_the_readme_s_map_names_every_context(context: str) -> None:
    assert f"`{context}/`" in (ROOT / "README.md").read_text("utf-8")


def test_every_version_is_pinned_exactly() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[^\s]+", pin)] == []
    for package in ("package.json", "sdk_js/package.json", "server/console/package.json"):
        versions = re.findall(r'"(?:@?[\w./-]+)": "([~^><*][^"]*)"', (ROOT / package).read_text("utf-8"))
        assert [version for version in versions if not version.startswith(">=24")] == []


def test_lock_files_record_no_download_addresses() -> None:
    for name in ("package-lock.json", "constraints.txt"):
        assert "https://registry" not in (ROOT / name).read_text("utf-8")


def test_the_lock_file_knows_every_platform_s_packages() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    names = {path.rpartition("node_modules/")[2] for path in packages}
    wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert wanted - names == set()
