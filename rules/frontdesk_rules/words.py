"""Text in the two languages that the product speaks, and how amounts of time are read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Words:
    """The same thing said in English and in Simplified Chinese."""

    en: str
    zh: str

    def fill(self, en: dict[str, str], zh: dict[str, str]) -> Words:
        return Words(self.en.format(**en), self.zh.format(**zh))

    def fill_all(self, **parts: Words) -> Words:
        return self.fill({k: w.en for k, w in parts.items()}, {k: w.zh for k, w in parts.items()})

    def to_tree(self) -> dict[str, str]:
        return {"en": self.en, "zh": self.zh}


def same(text: str) -> Words:
    """Text that reads alike in every language: a path, a name, a number."""
    return Words(text, text)


def joined(parts: list[Words], between: Words) -> Words:
    return Words(between.en.join(p.en for p in parts), between.zh.join(p.zh for p in parts))


@dataclass(frozen=True, slots=True)
class Localised:
    """What a person reads, as its author wrote it: English, Chinese, or both."""

    en: str | None = None
    zh: str | None = None

    def said_in(self, language: str | None) -> str:
        """The text for a language tag such as `zh-CN`; where it was not written, the other one."""
        chinese = (language or "").lower().startswith("zh")
        first, second = (self.zh, self.en) if chinese else (self.en, self.zh)
        return first or second or ""

    def to_tree(self) -> dict[str, object]:
        return {key: text for key in LANGUAGES if (text := getattr(self, key)) is not None}

    def words(self) -> Words:
        return Words(self.said_in("en"), self.said_in("zh"))


UNITS: Final = (
    (86_400_000, Words("day", "天"), Words("days", "天")),
    (3_600_000, Words("h", "小时"), Words("h", "小时")),
    (60_000, Words("min", "分钟"), Words("min", "分钟")),
)


def span(ms: float, *, exact: bool = False) -> Words:
    """Milliseconds as a person says them: `61 s`, `5 min`, `24 h`, `14 days`. Exact keeps a tenth of a second."""
    for size, one, many in UNITS:
        if ms >= size and ms % size == 0 and not _rather_seconds(ms):
            count = int(ms // size)
            unit = one if count == 1 else many
            return Words(f"{count} {unit.en}", f"{count} {unit.zh}")
    if ms >= 120_000 and not exact:
        return Words(f"{ms // 60_000:.0f} min {ms % 60_000 // 1000:.0f} s", f"{ms // 60_000:.0f} 分 {ms % 60_000 // 1000:.0f} 秒")
    number = f"{ms / 1000:.1f}" if exact or ms % 1000 and ms < 1000 else f"{ms // 1000:.0f}"
    return Words(f"{number} s", f"{number} 秒")


def _rather_seconds(ms: float) -> bool:
    """Up to two minutes people count seconds: "60 s" says more than "1 min" beside "61 s"."""
    return ms < 120_000
