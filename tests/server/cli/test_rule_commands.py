"""`frontdesk rules lint` and `fmt` on files."""

from pathlib import Path

from click.testing import CliRunner, Result

from frontdesk.cli import main

SHORT = "rule: a  # the key\ntrigger: {event: Paid}\nwhen:\n  contact.plan: pro\n  contact.seats: 3\ndo: [tag: x]\n"
CANONICAL = """rule: a  # the key
trigger: {event: Paid}
when:
  all:
    - {field: contact.plan, op: eq, value: pro}
    - {field: contact.seats, op: eq, value: 3}
do: [tag: x]
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(main, ["rules", *(str(word) for word in words)])


def test_lint_says_what_speaks_against_a_rule_and_where(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("rule: a\ntrigger: page\ndo: [tag: x]\n")
    answer = run("lint", file)
    assert answer.exit_code == 1
    assert answer.output == f"{file}:2: trigger: it is asked at every page view of everybody\n"


def test_fmt_writes_the_canonical_form_and_keeps_comments(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(SHORT)
    assert run("fmt", "--check", file).exit_code == 1
    assert file.read_text() == SHORT
    assert run("fmt", file).output == f"{file} is formatted.\n"
    assert file.read_text() == CANONICAL
    assert (run("fmt", "--check", file).exit_code, run("fmt", file).output) == (0, "")
