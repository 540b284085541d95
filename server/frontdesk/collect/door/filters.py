"""What a site does not take: pure questions about one event, asked for each, so that empty settings cost nothing.

Consent (whose order is the table in `consents`) concerns what is *collected*. A chat is a service that a person asks
for: presence and the messenger's routes go by the visitor token and ask nothing here. The token comes with the first
event that has consent, so a page that sends Global Privacy Control, or whose site is `opt_in`, opens the chat by
`frontdesk("consent", "granted")`; from then on the probe states that yes in `context.consent`, and it outweighs the
browser's general signal as any specific choice does.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from frontdesk.accounts.site_rules import SiteRules, plain_network
from frontdesk.collect.door.device import device_of
from frontdesk.collect.refusals import Dropped
from frontdesk_rules.urls import globbed, host_of

# what consent managers call the category that we are: Segment's own, Google's, Cookiebot's, OneTrust's
ANALYTICS = frozenset(("analytics", "analytics_storage", "statistics", "performance", "c0002"))
_PROGRAMS = ("Python-urllib/", "Java/")  # no crawlers, though ua-parser says so
# browsers that nobody sits before, which ua-parser takes for browsers
_DRIVEN = ("HeadlessChrome", "PhantomJS", "SlimerJS", "Chrome-Lighthouse", "Cypress/", "jsdom/", "HappyDOM/")


def origin_allowed(origin: str | None, rules: SiteRules) -> bool:
    """Whether pages of `origin` (the request's header) may send with the site's key.

    `*.shop.example` is every host below it, of any port, not itself. Without the header it was no page of another site
    who sent: whoever writes a request by hand writes its Origin too. `null` is a page that hides where it is.
    """
    if not rules.origins or origin is None:
        return True
    return _origin_listed(origin.lower(), rules.origins)


def ignored(ip: str | None, path: str | None, rules: SiteRules) -> Dropped | None:
    """Whether nothing is taken from this address, or of this page. `path` as `page.path_of` makes it."""
    if ip and rules.ignore_ips and _ip_listed(ip, rules.ignore_ips):
        return Dropped.IGNORED_IP
    if path and rules.ignore_paths and _path_listed(path, rules.ignore_paths):
        return Dropped.IGNORED_PATH
    return None


def is_staff(email: object, user_id: str | None, rules: SiteRules) -> bool:
    """Whether this is one of our own: by e-mail, its domain, or user id, which may be an e-mail itself."""
    if not rules.staff:
        return False
    listed = frozen(rules.staff)
    return (user_id is not None and user_id in listed) or any(
        name.lower() in listed or name[name.index("@") :].lower() in listed
        for name in (email, user_id)
        if isinstance(name, str) and "@" in name
    )


def is_bot(user_agent: str | None, *, webdriver: bool | None = False) -> bool:
    """Crawlers, previews and monitors by name, headless browsers, and any that the probe marked (`webdriver`).

    A program that names itself, or nothing, is none: backends and apps send too. Ask only where `rules.bots` is `drop`.
    """
    return bool(webdriver) or (user_agent is not None and _is_bot(user_agent))


def consents(
    stated: Mapping[str, Any] | None, rules: SiteRules, *, gpc: bool = False, shared: Mapping[str, Any] | None = None
) -> bool:
    """Whether an event may be collected. The first that says something holds:

    1. `stated` (Segment's `context.consent`), its `categoryPreferences` about analytics: any no, else any yes;
    2. `shared`, the same for a whole batch;
    3. Global Privacy Control, the header `Sec-GPC: 1`: no;
    4. the site: `opt_in` no, `granted` yes.
    """
    said = _stated(stated) if stated else None
    if said is None and shared:
        said = _stated(shared)
    return said if said is not None else not gpc and rules.consent == "granted"


def _stated(consent: Mapping[str, Any]) -> bool | None:
    preferences = consent.get("categoryPreferences")
    if not isinstance(preferences, dict):
        return None
    said = [value for name, value in preferences.items() if name.lower() in ANALYTICS and isinstance(value, bool)]
    return all(said) if said else None


frozen = lru_cache(maxsize=1024)(frozenset[str])


@lru_cache(maxsize=4096)
def _origin_listed(origin: str, origins: tuple[str, ...]) -> bool:
    if origin in frozen(origins):
        return True
    host = host_of(origin)
    return any(entry.startswith("*.") and host.endswith(entry[1:]) for entry in origins)


@lru_cache(maxsize=16_384)
def _ip_listed(ip: str, entries: tuple[str, ...]) -> bool:
    try:
        found = plain_network(ip)
    except ValueError:
        return False
    ranges = _ranges(entries).get(found.version, {})
    bits = int(found.network_address)
    return any(bits >> host_bits in prefixes for host_bits, prefixes in ranges.items())


@lru_cache(maxsize=1024)
def _ranges(entries: tuple[str, ...]) -> dict[int, dict[int, set[int]]]:
    """IP version → bits of the host → the prefixes of that length: one look-up a length, however many ranges."""
    ranges: dict[int, dict[int, set[int]]] = {}
    for entry in entries:
        network = plain_network(entry)
        host_bits = network.max_prefixlen - network.prefixlen
        prefixes = ranges.setdefault(network.version, {}).setdefault(host_bits, set())
        prefixes.add(int(network.network_address) >> host_bits)
    return ranges


@lru_cache(maxsize=16_384)
def _path_listed(path: str, globs: tuple[str, ...]) -> bool:
    return any(matches(path) for matches in _compiled(globs))


@lru_cache(maxsize=1024)
def _compiled(globs: tuple[str, ...]) -> tuple[Callable[[str], bool], ...]:
    return tuple(globbed(glob) for glob in globs)


@lru_cache(maxsize=4096)
def _is_bot(user_agent: str) -> bool:
    known = device_of(user_agent).kind == "bot" and not user_agent.startswith(_PROGRAMS)
    return known or any(mark in user_agent for mark in _DRIVEN)
