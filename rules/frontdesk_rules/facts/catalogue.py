"""What a rule may ask about: a typed catalogue of fields. It drives parser, schema, lint and builder; adding a field is
one row, and whoever gathers facts learns to answer it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from frontdesk_rules.facts.known import MISSING
from frontdesk_rules.urls import normal_path
from frontdesk_rules.words import Words


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
    SEGMENTS = "segments"
    IDENTITY = "identity"
    ANY = "any"


class Source(StrEnum):
    """Who knows it: what must be asked to answer the field."""

    MOMENT = "moment"
    SESSION = "session"
    VISITOR = "visitor"
    CONTACT = "contact"
    COMPANY = "company"
    CONVERSATION = "conversation"
    DELIVERIES = "deliveries"
    SEGMENTS = "segments"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Field:
    """One row. Values: durations in ms, times aware UTC. `personal`: data about a person, by the GDPR."""

    name: str
    type: FieldType
    personal: bool
    source: str
    label: Words


_T, _S = FieldType, Source
_NO, _YES = False, True

# fmt: off
_ROWS: Final = (  # a table reads by its columns
    ("event.name", _T.TEXT, _NO, _S.MOMENT, "event", "事件"),
    ("page.url", _T.URL, _YES, _S.MOMENT, "page URL", "页面网址"),
    ("page.path", _T.PATH, _NO, _S.MOMENT, "page", "页面"),
    ("page.host", _T.TEXT, _NO, _S.MOMENT, "host", "站点"),
    ("page.query", _T.QUERY, _YES, _S.MOMENT, "query string", "查询参数"),
    ("page.title", _T.TEXT, _NO, _S.MOMENT, "page title", "页面标题"),
    ("page.referrer", _T.URL, _YES, _S.MOMENT, "referrer", "来源网址"),
    ("page.dwell", _T.DURATION, _NO, _S.MOMENT, "visible time", "停留时间"),
    ("page.scroll", _T.NUMBER, _NO, _S.MOMENT, "scroll depth", "滚动深度"),
    ("page.locale", _T.TEXT, _NO, _S.MOMENT, "page language", "页面语言"),
    ("session.page_views", _T.NUMBER, _NO, _S.SESSION, "number of pages seen", "本次浏览页数"),
    ("session.is_first", _T.FLAG, _NO, _S.SESSION, "first session", "首次到访"),
    ("session.number", _T.NUMBER, _NO, _S.SESSION, "number of the session", "第几次到访"),
    ("session.source", _T.TEXT, _NO, _S.SESSION, "source", "来源"),
    ("session.medium", _T.TEXT, _NO, _S.SESSION, "medium", "媒介"),
    ("session.campaign", _T.TEXT, _NO, _S.SESSION, "campaign", "推广活动"),
    ("session.term", _T.TEXT, _NO, _S.SESSION, "search term", "关键词"),
    ("session.content", _T.TEXT, _NO, _S.SESSION, "ad content", "广告内容"),
    ("session.channel", _T.TEXT, _NO, _S.SESSION, "channel", "渠道"),
    ("session.landing_path", _T.PATH, _NO, _S.SESSION, "landing page", "着陆页"),
    ("visitor.country", _T.TEXT, _YES, _S.VISITOR, "country", "国家/地区"),
    ("visitor.city", _T.TEXT, _YES, _S.VISITOR, "city", "城市"),
    ("visitor.browser", _T.TEXT, _NO, _S.VISITOR, "browser", "浏览器"),
    ("visitor.os", _T.TEXT, _NO, _S.VISITOR, "operating system", "操作系统"),
    ("visitor.device", _T.TEXT, _NO, _S.VISITOR, "device", "设备"),
    ("visitor.language", _T.TEXT, _NO, _S.VISITOR, "language", "语言"),
    ("visitor.timezone", _T.TEXT, _YES, _S.VISITOR, "time zone of the browser", "浏览器时区"),
    ("visitor.region_timezone", _T.TEXT, _YES, _S.VISITOR, "time zone of the region", "地区时区"),
    ("visitor.first_seen_at", _T.TIME, _YES, _S.VISITOR, "first seen", "首次出现时间"),
    ("visitor.known", _T.FLAG, _NO, _S.VISITOR, "known contact", "已知用户"),
    ("person.id", _T.IDENTITY, _YES, _S.MOMENT, "person", "用户"),
    ("contact.user_id", _T.TEXT, _YES, _S.CONTACT, "user id", "用户 ID"),
    ("contact.name", _T.TEXT, _YES, _S.CONTACT, "name", "姓名"),
    ("contact.email", _T.TEXT, _YES, _S.CONTACT, "e-mail", "邮箱"),
    ("contact.phone", _T.TEXT, _YES, _S.CONTACT, "phone", "电话"),
    ("contact.timezone", _T.TEXT, _YES, _S.CONTACT, "time zone", "时区"),
    ("contact.registered_at", _T.TIME, _YES, _S.CONTACT, "registered", "注册时间"),
    ("contact.tags", _T.LIST, _YES, _S.CONTACT, "tags", "标签"),
    ("contact.segments", _T.SEGMENTS, _YES, _S.SEGMENTS, "segments", "用户分群"),
    ("contact.rfm.class", _T.TEXT, _YES, _S.CONTACT, "RFM class", "RFM 等级"),
    ("contact.rfm.recency", _T.DURATION, _YES, _S.CONTACT, "time since the last purchase", "距上次购买时间"),
    ("contact.rfm.frequency", _T.NUMBER, _YES, _S.CONTACT, "purchases in a year", "一年内购买次数"),
    ("contact.rfm.monetary", _T.NUMBER, _YES, _S.CONTACT, "amount bought in a year", "一年内购买金额"),
    ("company.id", _T.TEXT, _YES, _S.COMPANY, "company id", "公司 ID"),
    ("company.name", _T.TEXT, _YES, _S.COMPANY, "company", "公司"),
    ("conversation.id", _T.TEXT, _YES, _S.CONVERSATION, "conversation", "对话"),
    ("conversation.state", _T.TEXT, _NO, _S.CONVERSATION, "state of the conversation", "对话状态"),
    ("conversation.team", _T.TEXT, _NO, _S.CONVERSATION, "team of the conversation", "对话所属团队"),
    ("conversation.waiting", _T.DURATION, _NO, _S.CONVERSATION, "waiting time", "等待时间"),
    ("conversation.delivery_rule", _T.TEXT, _NO, _S.CONVERSATION, "auto-message replied to", "回复的自动消息"),
    ("history.sent", _T.NUMBER, _NO, _S.DELIVERIES, "number of auto-messages sent", "已发送的自动消息数"),
    ("history.seen", _T.NUMBER, _NO, _S.DELIVERIES, "number of auto-messages seen", "已看到的自动消息数"),
    ("history.clicked", _T.NUMBER, _NO, _S.DELIVERIES, "number of auto-messages clicked", "已点击的自动消息数"),
    ("history.dismissed", _T.NUMBER, _NO, _S.DELIVERIES, "number of auto-messages dismissed", "已关闭的自动消息数"),
    ("history.replied", _T.NUMBER, _NO, _S.DELIVERIES, "number of auto-messages replied to", "已回复的自动消息数"),
    ("history.last_sent_at", _T.TIME, _NO, _S.DELIVERIES, "last auto-message", "上次自动消息时间"),
    ("history.rules", _T.LIST, _NO, _S.DELIVERIES, "rules that reached the person", "已触达的规则"),
    ("time.now", _T.TIME, _NO, _S.MOMENT, "now", "当前时间"),
    ("time.zone", _T.TEXT, _YES, _S.MOMENT, "time zone of the person", "用户所在时区"),
    ("team.online", _T.FLAG, _NO, _S.WORKSPACE, "team online", "团队在线"),
    ("workspace.name", _T.TEXT, _NO, _S.WORKSPACE, "name of the workspace", "工作区名称"),
    ("workspace.timezone", _T.TEXT, _NO, _S.WORKSPACE, "time zone of the workspace", "工作区时区"),
)
# fmt: on
FIELDS: Final = {
    name: Field(name, kind, personal, str(source), Words(en, zh)) for name, kind, personal, source, en, zh in _ROWS
}

# What a message may have in it. Everything else that is known of a person stays out of texts that somebody wrote.
TEMPLATE_FIELDS: Final = (
    "contact.name", "contact.email", "visitor.country", "visitor.city", "page.title", "page.path", "session.campaign",
    "workspace.name",
)  # fmt: skip

# What a person's zone is taken from, the first that names one.
ZONE_FIELDS: Final = ("contact.timezone", "visitor.timezone", "visitor.region_timezone", "workspace.timezone")

# Families whose members the customer names: properties of events, attributes of contacts and companies.
LONGEST_NAME: Final = 200
OPEN_FAMILIES: Final = {"event": Source.MOMENT, "contact": Source.CONTACT, "company": Source.COMPANY}


@lru_cache(maxsize=8192)
def field_of(name: str) -> Field | None:
    """The catalogue's row for a name; attributes and properties of an open family are of any type, and personal."""
    if known := FIELDS.get(name):
        return known
    family, dot, rest = name.partition(".")
    if family not in OPEN_FAMILIES or not dot or not rest.strip() or len(name) > LONGEST_NAME:
        return None
    label = Words(rest, f"{rest} ")
    return Field(name, FieldType.ANY, personal=True, source=str(OPEN_FAMILIES[family]), label=label)


def label_of(name: str) -> Words:
    row = field_of(name)
    return row.label if row else Words(name, name)


PATH_FIELDS: Final = frozenset(row.name for row in FIELDS.values() if row.type is FieldType.PATH)


def as_compared(name: str, value: object) -> object:
    """A gathered value as conditions compare it: paths normal, nothing for nothing."""
    if value is None:
        return MISSING
    if name in PATH_FIELDS:
        return normal_path(value) if isinstance(value, str) else MISSING
    return value
