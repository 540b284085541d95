"""What a rule may ask about: a typed catalogue of fields, and the facts of one moment.

The catalogue drives parser, schema and builder; adding a field is one row. Whoever gathers facts hands over a
`Facts`; what it does not know it answers with `MISSING`, which makes a condition *unknown*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Final, Protocol

from frontdesk_rules.urls import normal_path
from frontdesk_rules.words import Words


class Missing(Enum):
    """The one value that says: nobody knows."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Facts(Protocol):
    """What is known about person, page, session and company. `None` counts as `MISSING`."""

    def get(self, name: str, /) -> object: ...


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Facts that are all there already."""

    values: Mapping[str, object]

    def get(self, name: str, /) -> object:
        return self.values.get(name, MISSING)


class FieldType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"
    DURATION = "duration"
    PATH = "path"
    URL = "url"
    QUERY = "query"
    LIST = "list"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Field:
    """One row of the catalogue. `source` names who knows it; values: durations in ms, times aware UTC."""

    name: str
    type: FieldType
    personal: bool
    source: str
    label: Words


def _rows() -> list[Field]:
    text, number, flag, time = FieldType.TEXT, FieldType.NUMBER, FieldType.FLAG, FieldType.TIME
    duration, path, url, listed = FieldType.DURATION, FieldType.PATH, FieldType.URL, FieldType.LIST
    table: list[tuple[str, FieldType, bool, str, str, str]] = [
        ("event.name", text, False, "moment", "event", "事件"),
        ("page.url", url, True, "moment", "page URL", "页面网址"),
        ("page.path", path, False, "moment", "page", "页面"),
        ("page.host", text, False, "moment", "host", "站点"),
        ("page.query", FieldType.QUERY, True, "moment", "query string", "查询参数"),
        ("page.title", text, False, "moment", "page title", "页面标题"),
        ("page.referrer", url, True, "moment", "referrer", "来源网址"),
        ("page.dwell", duration, False, "moment", "visible time", "停留时间"),
        ("page.locale", text, False, "moment", "page language", "页面语言"),
        ("session.page_views", number, False, "session", "number of pages seen", "本次浏览页数"),
        ("session.is_first", flag, False, "session", "first session", "首次到访"),
        ("session.source", text, False, "session", "source", "来源"),
        ("session.medium", text, False, "session", "medium", "媒介"),
        ("session.campaign", text, False, "session", "campaign", "推广活动"),
        ("session.term", text, False, "session", "search term", "关键词"),
        ("session.content", text, False, "session", "ad content", "广告内容"),
        ("session.channel", text, False, "session", "channel", "渠道"),
        ("session.landing_path", path, False, "session", "landing page", "着陆页"),
        ("visitor.country", text, True, "visitor", "country", "国家/地区"),
        ("visitor.browser", text, False, "visitor", "browser", "浏览器"),
        ("visitor.os", text, False, "visitor", "operating system", "操作系统"),
        ("visitor.device", text, False, "visitor", "device", "设备"),
        ("visitor.language", text, False, "visitor", "language", "语言"),
        ("visitor.timezone", text, True, "visitor", "time zone", "时区"),
        ("visitor.known", flag, False, "visitor", "known contact", "已知用户"),
        ("contact.user_id", text, True, "contact", "user id", "用户 ID"),
        ("contact.name", text, True, "contact", "name", "姓名"),
        ("contact.email", text, True, "contact", "e-mail", "邮箱"),
        ("contact.phone", text, True, "contact", "phone", "电话"),
        ("contact.registered_at", time, True, "contact", "registered", "注册时间"),
        ("contact.tags", listed, True, "contact", "tags", "标签"),
        ("company.id", text, True, "company", "company id", "公司 ID"),
        ("company.name", text, True, "company", "company", "公司"),
        ("conversation.id", text, True, "conversation", "conversation", "对话"),
        (
            "conversation.delivery_rule",
            text,
            False,
            "conversation",
            "auto-message replied to",
            "回复的自动消息",
        ),
        ("time.now", time, False, "moment", "now", "当前时间"),
        ("team.online", flag, False, "workspace", "team online", "团队在线"),
    ]
    return [Field(name, kind, personal, source, Words(en, zh)) for name, kind, personal, source, en, zh in table]


FIELDS: Final = {row.name: row for row in _rows()}

# Families whose members the customer names: properties of events, attributes of contacts and companies.
LONGEST_NAME: Final = 200
OPEN_FAMILIES: Final = {"event": "moment", "contact": "contact", "company": "company"}


@lru_cache(maxsize=8192)
def field_of(name: str) -> Field | None:
    """The catalogue's row for a name; attributes and properties of an open family are of any type, and personal."""
    if known := FIELDS.get(name):
        return known
    family, dot, rest = name.partition(".")
    if family not in OPEN_FAMILIES or not dot or not rest.strip() or len(name) > LONGEST_NAME:
        return None
    return Field(name, FieldType.ANY, personal=True, source=OPEN_FAMILIES[family], label=Words(rest, f"{rest} "))


_PATHS: Final = frozenset(row.name for row in FIELDS.values() if row.type is FieldType.PATH)


def as_compared(name: str, value: object) -> object:
    """A gathered value as conditions compare it: paths normal, nothing for nothing."""
    if value is None:
        return MISSING
    if name in _PATHS:
        return normal_path(value) if isinstance(value, str) else MISSING
    return value
