"""Names of `track` events that mean something to us; what a site calls its own events is up to the site."""

from typing import Final

PAGE_LEFT: Final = "Page Left"
DWELLED: Final = "Page Dwell"
SCROLLED: Final = "Page Scroll"
LEAVING: Final = "Exit Intent"
RULE_CALLED: Final = "Rule Call"

RESERVED: Final = {
    PAGE_LEFT: "The page was left or hidden. `path`; `dwell_ms`, visible time on it in this session, in all tabs.",
    DWELLED: "Visible time went beyond a threshold of `watch.dwell_ms`. `path`, `dwell_ms`.",
    SCROLLED: "The page was seen further down than a threshold of `watch.scroll`. `path`; `scroll`, percent of its "
    "height; `scroll_before`, how far it had been told before.",
    LEAVING: "The pointer left towards the tabs, or a hand went back: asked for by `watch.exit_intent`. `path`.",
    RULE_CALLED: "Code calls rules: `name`, and `args`, whose members rules ask for as `event.…`.",
}
"""What each tells, and its properties."""
