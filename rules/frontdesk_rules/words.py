"""Text in the two languages that the product speaks, and how amounts of time are read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("en", "zh")
DAY_MS: Final = 86_400_000
HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
# Up to two minutes people count seconds: "60 s" says more than "1 min" beside "61 s".
SECONDS_BELOW_MS: Final = 2 * MINUTE_MS


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


def glob_words(pattern: str) -> Words:
    """A path glob as it is read: `/**/pricing` as `…/pricing`, `/docs/**` as `/docs/…`."""
    start = "…" + pattern[3:] if pattern.startswith("/**/") else pattern
    return same(start.replace("**", "…"))


_UNITS: Final = (
    (DAY_MS, Words("days", "天")),
    (HOUR_MS, Words("h", "小时")),
    (MINUTE_MS, Words("min", "分钟")),
)


def span(ms: float, *, exact: bool = False) -> Words:
    """Milliseconds as a person says them: `61 s`, `5 min`, `24 h`, `14 days`. Exact keeps a tenth of a second.

    >>> span(61_000).en, span(604_800_000).zh
    ('61 s', '7 天')
    """
    if exact or ms < SECONDS_BELOW_MS:
        tenths = exact or ms < 1_000  # noqa: PLR2004 - below a second, "0 s" would say nothing
        number = f"{ms / 1000:.1f}" if tenths else f"{ms // 1000:.0f}"
        return Words(f"{number} s", f"{number} 秒")
    for size, unit in _UNITS:
        if ms % size == 0:
            count = f"{ms // size:.0f}"
            return Words("1 day" if (count, size) == ("1", DAY_MS) else f"{count} {unit.en}", f"{count} {unit.zh}")
    minutes, seconds = f"{ms // MINUTE_MS:.0f}", f"{ms % MINUTE_MS // 1000:.0f}"
    return Words(f"{minutes} min {seconds} s", f"{minutes} 分 {seconds} 秒")
