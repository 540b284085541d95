"""What may be written into a site's settings, and in which spelling it is kept."""

import pytest

from frontdesk.accounts.site_rules import LONGEST_ENTRY, MOST_ENTRIES, SettingsRefused, SiteRules, checked

KEPT = [
    ("origins", "https://shop.example", "https://shop.example"),
    ("origins", " HTTPS://Shop.Example/ ", "https://shop.example"),
    ("origins", "https://shop.example:443", "https://shop.example"),
    ("origins", "http://shop.example:443", "http://shop.example:443"),
    ("origins", "http://localhost:3000", "http://localhost:3000"),
    ("origins", "http://[::1]:8000", "http://[::1]:8000"),
    ("origins", "https://bücher.example:8443", "https://xn--bcher-kva.example:8443"),
    ("origins", "https://straße.example", "https://xn--strae-oqa.example"),
    ("origins", "https://❤.example", "https://xn--qei.example"),
    ("origins", "capacitor://localhost", "capacitor://localhost"),
    ("origins", "*.Shop.Example", "*.shop.example"),
    ("origins", "*.商店.example", "*.xn--czrs0t.example"),
    ("origins", "*.localhost", "*.localhost"),
    ("ignore_ips", "203.0.113.7", "203.0.113.7"),
    ("ignore_ips", "203.0.113.7/32", "203.0.113.7"),
    ("ignore_ips", "10.1.2.3/8", "10.0.0.0/8"),
    ("ignore_ips", "2001:DB8:0::1", "2001:db8::1"),
    ("ignore_ips", "2001:db8::/32", "2001:db8::/32"),
    ("ignore_ips", "::ffff:203.0.113.7", "203.0.113.7"),
    ("ignore_ips", "::ffff:10.0.0.0/104", "10.0.0.0/8"),
    ("ignore_paths", "/admin/**", "/admin/**"),
    ("ignore_paths", "/**/价格", "/**/价格"),
    ("staff", "Li@Shop.Example", "li@shop.example"),
    ("staff", "@Shop.example", "@shop.example"),
    ("staff", "User-42", "User-42"),
]


@pytest.mark.parametrize(("setting", "written", "kept"), KEPT)
def test_an_entry_has_one_spelling(setting: str, written: str, kept: str) -> None:
    assert checked({setting: [written]}) == {setting: [kept]}
    assert checked({setting: [kept]}) == {setting: [kept]}


REFUSED = [
    *(
        ("origins", entry)
        for entry in (
            "", "*", "*.com", "*.", "shop.example", "https://", "https://shop.example/path", "https://*.shop.example",
            "https://u@shop.example", "https://shop.example:", "https://shop example", "https://shop..example", "null",
            "ftp://x", "file://x", "ws://shop.example",
            f"https://{'ü' * 70}.example", "https://shop.example\n*.evil.example",
        )
    ),
    *(
        ("ignore_ips", entry)
        for entry in ("", "10.0.0", "10.0.0.0/33", "0.0.0.0/0", "::/0", "fe80::1%eth0", "::ffff:0.0.0.0/96", "office")
    ),
    *(("ignore_paths", entry) for entry in ("", "admin", "/a**", "/a?b=1", "https://shop.example/admin")),
    *(("staff", entry) for entry in ("", "@", "li@", "@shop", "li@@shop.example", "li li@shop.example")),
    *((setting, "/" + "x" * LONGEST_ENTRY) for setting in ("origins", "ignore_ips", "ignore_paths", "staff")),
]  # fmt: skip


@pytest.mark.parametrize(("setting", "entry"), REFUSED)
def test_an_entry_that_means_nothing_is_refused_by_its_place(setting: str, entry: str) -> None:
    with pytest.raises(SettingsRefused) as refused:
        checked({setting: [*KEPT_OF[setting], entry]})
    assert [path for path, _ in refused.value.errors] == [f"{setting}.1"]
    assert refused.value.field == f"{setting}.1"


KEPT_OF = {setting: [kept] for setting, _, kept in reversed(KEPT)}


def test_every_bad_entry_is_told_at_once() -> None:
    change = {"origins": ["*", "https://shop.example"], "ignore_ips": ["office"], "staff": ["li@shop.example", "@"]}
    with pytest.raises(SettingsRefused) as refused:
        checked(change)
    assert [path for path, _ in refused.value.errors] == ["origins.0", "ignore_ips.0", "staff.1"]
    assert refused.value.detail.startswith("origins.0: An origin is written")


def test_repetitions_fall_together_and_order_stays() -> None:
    assert checked({"origins": ["https://b.example", "https://a.example", "https://B.example/"]}) == {
        "origins": ["https://b.example", "https://a.example"]
    }


def test_a_list_has_an_end() -> None:
    entries = [f"user-{number}" for number in range(MOST_ENTRIES + 1)]
    assert len(checked({"staff": entries[:-1]})["staff"]) == MOST_ENTRIES
    with pytest.raises(SettingsRefused, match=r"staff: There are at most"):
        checked({"staff": entries})


def test_a_server_is_in_no_page_and_no_bot_but_knows_our_own_people() -> None:
    rules = SiteRules(("https://a.example",), ("10.0.0.0/8",), ("/admin",), ("@a.example",), "opt_in", "drop")
    assert rules.for_servers() == SiteRules((), ("10.0.0.0/8",), ("/admin",), ("@a.example",), "granted", "keep")
