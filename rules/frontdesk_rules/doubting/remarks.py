"""What lint says of a rule: a closed set of codes, each with its sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from frontdesk_rules.findings import Path, spelled
from frontdesk_rules.words import Words


class Doubt(StrEnum):
    CONTRADICTION = "contradiction"
    ALWAYS_TRUE = "always_true"
    NEVER_HOLDS = "never_holds"
    ALWAYS_HOLDS = "always_holds"
    AGAINST_TRIGGER = "against_trigger"
    NO_CHANGE = "no_change"
    NO_TIME = "no_time"
    NEVER_COMES = "never_comes"
    OFTEN_ASKED = "often_asked"
    CALLS_ITSELF = "calls_itself"
    CALLED_BACK = "called_back"
    TAKEN_BACK = "taken_back"
    NOT_SAID = "not_said"
    UNREACHABLE = "unreachable"
    NEVER_KNOWN = "never_known"
    HARDLY_KNOWN = "hardly_known"
    LEFT_EMPTY = "left_empty"
    NEVER_SHOWN = "never_shown"
    NO_CONVERSATION = "no_conversation"
    ONE_MEMBER = "one_member"
    EACH_MEMBER = "each_member"
    MISSPELLED = "misspelled"
    FULL_WIDTH = "full_width"
    BARE_TRIGGER = "bare_trigger"
    LAST_BUCKET = "last_bucket"
    COSTLY_REGEX = "costly_regex"
    COSTLY_PAST = "costly_past"
    UNMEASURED = "unmeasured"


SAID: Final = {
    Doubt.CONTRADICTION: Words("{what} cannot both hold: {so}", "{what}不可能同时成立：{so}"),
    Doubt.ALWAYS_TRUE: Words("{what}: one of them always holds", "{what}：总有一个成立，条件形同虚设"),
    Doubt.NEVER_HOLDS: Words("{what} never holds: {why}", "{what}永远不会成立：{why}"),
    Doubt.ALWAYS_HOLDS: Words("{what} always holds: {why}", "{what}总是成立：{why}"),
    Doubt.AGAINST_TRIGGER: Words(
        "{trigger}, {what} cannot hold: the rule never acts", "{trigger}，{what}不可能成立：规则永远不会执行"
    ),
    Doubt.NO_CHANGE: Words(
        "from {what} to {what} is no change: the rule never acts", "从 {what} 到 {what} 不是变化：规则永远不会执行"
    ),
    Doubt.NO_TIME: Words("{what} is no time at all: {so}", "{what} 为零时长：{so}"),
    Doubt.NEVER_COMES: Words("{what} never comes: there is no such day", "{what} 永远不会到来：不存在这样的日期"),
    Doubt.OFTEN_ASKED: Words(
        "{what} comes every {every} min, and everybody is asked each time: leave {least} min between",
        "{what} 每 {every} 分钟触发一次，每次都会对所有用户判断：请至少间隔 {least} 分钟",
    ),
    Doubt.CALLS_ITSELF: Words(
        "“{what}” is what this rule is asked at: it calls itself, until it is stopped",
        "“{what}”正是本规则的触发条件：规则会反复触发自身，直到被强制停止",
    ),
    Doubt.CALLED_BACK: Words(
        "“{what}” calls this rule again through {through}, round and round until they are stopped",
        "“{what}”经由 {through} 又会触发本规则：循环往复，直到被强制停止",
    ),
    Doubt.TAKEN_BACK: Words("“{what}” is taken back by “{by}”", "“{what}”随即被“{by}”抵消"),
    Doubt.NOT_SAID: Words("it is not said in {what}", "缺少{what}文本"),
    Doubt.UNREACHABLE: Words("the rule {what} of the same group always goes first", "同组规则 {what} 总是优先执行"),
    Doubt.NEVER_KNOWN: Words(
        "{what} is never known at this trigger, and what is unknown does not act: {so}",
        "在此触发条件下 {what} 始终未知，未知则不会执行：{so}",
    ),
    Doubt.HARDLY_KNOWN: Words(
        "{what} is hardly ever known at this trigger, and what is unknown does not act: {so}",
        "在此触发条件下 {what} 几乎总是未知，未知则不会执行：{so}",
    ),
    Doubt.LEFT_EMPTY: Words(
        "{what} is never or hardly ever known at this trigger, and leaves a gap in the text: write {so}",
        "在此触发条件下 {what} 始终或几乎总是未知，文本中会留下空缺：请写成 {so}",
    ),
    Doubt.NEVER_SHOWN: Words("{what} is never shown: {so}", "{what} 永远不会展示：{so}"),
    Doubt.NO_CONVERSATION: Words("{what} needs a conversation: {so}", "{what} 需要对话：{so}"),
    Doubt.ONE_MEMBER: Words(
        "{what} is for the one person whose word changed the company, not for everybody in it: {so}",
        "{what} 只针对上报该变化的那个人，而不是公司的所有成员：{so}",
    ),
    Doubt.EACH_MEMBER: Words(
        "{what} is done once for each member of the company: {so}", "{what} 会对公司的每个成员各执行一次：{so}"
    ),
    Doubt.MISSPELLED: Words("did you mean {what}?", "是否想写 {what}？"),
    Doubt.FULL_WIDTH: Words(
        '{what} is one value, full-width punctuation and all: write " and , instead',
        "{what} 连同全角标点被当作一个值：请改用半角的引号和逗号",
    ),
    Doubt.BARE_TRIGGER: Words("it is asked at every {what} of everybody", "每个用户的每次{what}都会触发判断"),
    Doubt.LAST_BUCKET: Words(
        "it names no page and no value, so it is asked at every {what}: about {cost} µs each time",
        "未限定页面或取值，每次{what}都会判断：每次约 {cost} 微秒",
    ),
    Doubt.COSTLY_REGEX: Words(
        "{what} begins with anything: say what it contains", "{what} 以任意内容开头：请改用包含判断"
    ),
    Doubt.COSTLY_PAST: Words(
        "{what} looks at all of the past at every moment: give it a window",
        "{what}每次都会查询全部历史：请限定时间范围",
    ),
    Doubt.UNMEASURED: Words("a hold-out without a goal measures nothing", "设置了对照组却没有目标，无法衡量效果"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One doubt about a rule. `path` reads like that of a finding; `line` counts from 1."""

    code: Doubt
    rule: str
    path: str
    text: Words
    line: int | None = None

    def to_tree(self) -> dict[str, object]:
        said = {"code": str(self.code), "rule": self.rule, "path": self.path, "line": self.line}
        return {**said, "text_en": self.text.en, "text_zh": self.text.zh}


def remark(code: Doubt, rule: str, path: Path, **parts: Words) -> Remark:
    return Remark(code, rule, spelled(path), SAID[code].fill_all(**parts))
