"""Fields of which all values are known beforehand: another one is a slip of the pen."""

from __future__ import annotations

from typing import Final

RFM_CLASSES: Final = (
    "champions", "promising", "at_risk", "slipping", "loyal", "newcomers", "cooling", "lost",
)  # fmt: skip
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "contact.rfm.class": RFM_CLASSES,
    "conversation.state": ("open", "closed"),
}
