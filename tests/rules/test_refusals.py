"""What is refused: with path, reason and line."""

from typing import Any

import pytest

from frontdesk_rules import RuleErrors, parse_rules, parse_tree
from tests.rules.building import rule

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"when": {"all": [{"page.path": "/a"}, {"page.dwell": {"gt": 60}}]}}, "when.all[1].page.dwell.gt", "a duration"),
    ({"when": {"page.dwell": {"gt": "60"}}}, "when.page.dwell.gt", "a duration"),
    ({"when": {"page.pth": "/a"}}, "when.page.pth", "there is no field named page.pth"),
    ({"when": {"field": "page.path", "op": "equals", "value": "/a"}}, "when.op", "there is no operator named equals"),
    ({"when": {"page.path": {"regex": "(a"}}}, "when.page.path.regex", "a regular expression that RE2 takes"),
    ({"when": {"page.path": {"regex": "a(?=b)"}}}, "when.page.path.regex", "a regular expression that RE2 takes"),
    ({"when": {"contact.registered_at": {"before": "365d"}}}, "when.contact.registered_at.before", "a date or time"),
    ({"when": {"contact.registered_at": {"after": "2026-02-30"}}}, "when.contact.registered_at.after", "a date or"),
    ({"when": {"time.now": {"time_between": ["9:00", "18:00"]}}}, "when.time.now.time_between[0]", "a time of day"),
    ({"when": {"time.now": {"on_weekday": ["Monday"]}}}, "when.time.now.on_weekday[0]", "one of Mon"),
    ({"when": {"time.now": {"on_weekday": ["Mon"], "zone": "Mars/Base"}}}, "when.time.now.zone", "the name of a zone"),
    ({"when": {"contact.plan": {"eq": "pro", "zone": "person"}}}, "when.contact.plan.zone", "a zone is only for"),
    ({"when": {"contact.version": {"semver_gt": "new"}}}, "when.contact.version.semver_gt", "a version such as"),
    ({"when": {"contact.tags": {"size": {"about": 3}}}}, "when.contact.tags.size", "a whole number, or"),
    ({"when": {"in_segment": "Our Staff"}}, "when.in_segment", "a key of small letters"),
    ({"when": {"bucket": {"salt": "a", "from": 50, "to": 20}}}, "when.bucket", "in percent"),
    ({"when": {"contact.segments": {"size": 1}}}, "when.contact.segments.size", "which is of type segments"),
    ({"when": {"contact.segments": "Our Staff"}}, "when.contact.segments", "a key of small letters"),
    ({"when": {"contact.registered_at": "last week"}}, "when.contact.registered_at", "a date or time such as"),
    ({"when": {"count": {"event": "Paid"}}}, "when", "an operator is needed here"),
    ({"when": {"count": {}, "gte": 1}}, "when.count.event", "the event's name"),
    ({"when": {"count": {"event": "Paid", "within": "30"}, "gte": 1}}, "when.count.within", "a duration such as"),
    ({"when": {"count": {"event": "Paid", "within": "3d", "ever": True}, "gte": 1}}, "when.count.ever", "only one of"),
    ({"when": {"count": {"event": "Paid", "calendar": "month"}, "gte": 1}}, "when.count.calendar", "one of today"),
    ({"when": {"count": {"event": "Paid", "since": "Monday"}, "gte": 1}}, "when.count.since", "a date, or a field"),
    ({"when": {"count": {"event": "Paid", "property": "total"}, "gte": 1}}, "when.count.property", "unknown key"),
    ({"when": {"count": {"event": "Paid"}, "has": "a"}}, "when.has", "has cannot be asked of count"),
    ({"when": {"count": {"event": "Paid", "where": {"contact.x": 1}}, "gte": 1}}, "when.count.where.contact.x",
     "only event.*"),
    ({"when": {"sum": {"event": "Paid"}, "gte": 1}}, "when.sum.property", "sum needs the property"),
    ({"when": {"sequence": {"first": "A", "then": "B"}}}, "when.sequence.within", "a duration such as"),
    ({"when": {"time_since_last": "Paid", "gte": 30}}, "when.gte", "a duration such as"),
    ({"when": {"count": {"event": "Paid", "within": "999999d"}, "gte": 1}}, "when.count.within", "at most 99999d"),
    ({"caps": [{"per": "person", "limit": 1, "window": "999999d"}]}, "caps[0].window", "at most 99999d"),
    ({"when": {"session.is_first": {"gt": 1}}}, "when.session.is_first.gt", "gt cannot be asked of session.is_first"),
    ({"when": {"session.is_first": "yes"}}, "when.session.is_first", "true or false"),
    ({"when": {"page.path": "pricing"}}, "when.page.path", "a path that begins with /"),
    ({"when": {"page.path": {"path_glob": "/a**"}}}, "when.page.path.path_glob", "a path such as"),
    ({"when": {"page.url": {"query_eq": "plan"}}}, "when.page.url.query_eq", "name=value"),
    ({"when": {"contact.email": None}}, "when.contact.email", "text is needed here"),
    ({"when": {"contact.plan": []}}, "when.contact.plan", "this list is empty"),
    ({"when": {"contact.plan": ["a", {}]}}, "when.contact.plan[1]", "text, a number, true or false"),
    ({"when": {"contact.n": {"between": [1, 2, 3]}}}, "when.contact.n.between", "two values"),
    ({"when": {"contact.n": {"exists": "yes"}}}, "when.contact.n.exists", "true or false"),
    ({"when": {"field": "contact.n", "op": "exists", "value": 1}}, "when.value", "exists takes no value"),
    ({"when": {}}, "when", "this condition is empty"),
    ({"when": {"all": []}}, "when.all", "this list is empty"),
    ({"when": "always"}, "when", "a condition is needed here"),
    ({"when": {"at_least": 3, "of": [{"contact.a": 1}]}}, "when.at_least", "from 1 to the number of conditions"),
    ({"trigger": {"page": {}, "event": "A"}}, "trigger", "exactly one"),
    ({"trigger": {"absence": {"of": "A"}}}, "trigger.absence.after", "the event's name"),
    ({"trigger": {"absence": {"of": "A", "after": "B"}}}, "trigger.absence.within", "a duration such as"),
    ({"trigger": {"reaches": {"field": "contact.name"}}}, "trigger.reaches.field", "a field that holds a time"),
    ({"trigger": {"reaches": {"field": "contact.x", "plus": "1d", "minus": "1d"}}}, "trigger.reaches", "either plus"),
    ({"trigger": {"schedule": {"cron": "0 9 * *"}}}, "trigger.schedule.cron", "five fields"),
    ({"trigger": {"schedule": {"cron": "0 25 * * *"}}}, "trigger.schedule.cron", "is no hour"),
    ({"trigger": {"schedule": {"cron": "0 9 * * *", "zone": "Mars"}}}, "trigger.schedule.zone", "the name of a zone"),
    ({"trigger": {"scroll": {"percent": 101}}}, "trigger.scroll.percent", "a whole number of percent"),
    ({"trigger": {"absence": {"of": "A", "after": "B", "within": "1d", "by": "person"}}}, "trigger.absence.by",
     "company is needed here, or nothing"),
    ({"trigger": {"change": "contact.rfm.class"}}, "trigger.change.attribute", "wait for {segment: {enters: …}}"),
    ({"trigger": {"change": {"attribute": "contact.rfm.recency"}}}, "trigger.change.attribute", "{gt: 90d}"),
    ({"trigger": {"change": "contact.segments"}}, "trigger.change.attribute", "{segment: {leaves: …}}"),
    ({"trigger": {"change": "contact.user_id"}}, "trigger.change.attribute", "{contact.user_id: {exists: true}}"),
    ({"trigger": {"change": "company.id"}}, "trigger.change.attribute", "nothing says when company.id becomes another"),
    ({"trigger": {"reaches": {"field": "history.last_sent_at", "plus": "7d"}}}, "trigger.reaches.field",
     "in when: {history.last_sent_at: {older_than: 7d}}"),
    ({"trigger": {"schedule": "0 9 * * *"}, "repeat": {"per": "session"}}, "repeat.per",
     "in a session: say {per: person}, or {every"),
    ({"trigger": {"reaches": {"field": "contact.registered_at"}}, "repeat": {"per": "session"}}, "repeat.per",
     "nobody is in a session"),
    ({"trigger": {"absence": {"of": "A", "after": "B", "within": "24h"}}, "repeat": {"per": "session"}}, "repeat.per",
     "nobody is in a session"),
    ({"trigger": {"conversation": "waiting", "after": "2d"}, "repeat": {"per": "session"}}, "repeat.per",
     "nobody is in a session"),
    ({"trigger": {"change": "event.total"}}, "trigger.change.attribute", "an attribute is needed"),
    ({"trigger": {"segment": {"joins": "vip"}}}, "trigger.segment.joins", "unknown key"),
    ({"trigger": {"segment": {"enters": "V I P"}}}, "trigger.segment.enters", "a key of small letters"),
    ({"trigger": {"call": " "}}, "trigger.call", "the name that the code calls"),
    ({"trigger": {"conversation": "waiting"}}, "trigger.conversation", "needs how long"),
    ({"trigger": {"conversation": "closed", "after": "5m"}}, "trigger.after", "only waiting"),
    ({"trigger": {"conversation": "begun"}}, "trigger.conversation", "one of started, replied, waiting, closed"),
    ({"trigger": {"dwell": {"path": "/a"}}}, "trigger.dwell.seconds", "a number of seconds"),
    ({"trigger": {"dwell": {"path": "/a", "seconds": 0}}}, "trigger.dwell.seconds", "a number of seconds"),
    ({"trigger": {"dwell": {"path": ["/a", "b"], "seconds": 1}}}, "trigger.dwell.path[1]", "a path such as"),
    ({"trigger": {"event": "A", "where": {"contact.x": 1}}}, "trigger.where.contact.x", "only event.*"),
    ({"trigger": {"page": {}, "where": {"event.x": 1}}}, "trigger.where", "unknown key"),
    ({"trigger": {"click": "a"}}, "trigger.click", "unknown key"),
    ({"do": []}, "do", "this list is empty"),
    ({"do": [{"email": {}}]}, "do[0].email", "an e-mail needs its subject"),
    ({"do": [{"survey": {"kind": "form"}}]}, "do[0].survey", "a form needs the key"),
    ({"do": [{"tour": {}}]}, "do[0].tour.template", "the key of its template"),
    ({"do": [{"set": {"contact.email": "a@b.example"}}]}, "do[0].set.contact.email", "an attribute of your own"),
    ({"do": [{"set": {}}]}, "do[0].set", "an attribute is needed"),
    ({"do": [{"webhook": "ftp://x"}]}, "do[0].webhook.url", "an address that begins with https"),
    ({"do": [{"notify": {"text": {"en": "a"}}}]}, "do[0].notify", "one of team, teammate and owner"),
    ({"do": [{"task": {"owner": True, "title": {"en": "a"}, "due": "soon"}}]}, "do[0].task.due", "a duration such as"),
    ({"do": [{"segment": {"join": "vip"}}]}, "do[0].segment.join", "unknown key"),
    ({"do": [{"emit": ""}]}, "do[0].emit", "the event's name"),
    ({"do": [{"close": "now"}]}, "do[0].close", "{} is needed"),
    ({"do": [{"tag": "a", "untag": "b"}]}, "do[0]", "one action an entry"),
    ({"do": [{"tag": ""}]}, "do[0].tag", "a tag is needed here"),
    ({"do": [{"message": {"kind": "popup", "text": {"en": "a"}}}]}, "do[0].message.kind", "one of chat, post"),
    ({"do": [{"message": {"title": {"en": "a"}, "text": {"en": "a"}}}]}, "do[0].message.title", "neither title nor"),
    ({"do": [{"message": {"class": "ad", "text": {"en": "a"}}}]}, "do[0].message.class", "one of marketing"),
    ({"do": [{"message": {"class": "support"}}]}, "do[0].message", "a message needs its text"),
    ({"do": [{"message": {"text": {"en": " "}}}]}, "do[0].message.text.en", "text is needed here"),
    ({"do": [{"message": {"text": {"fr": "a"}}}]}, "do[0].message.text.fr", "unknown key"),
    ({"do": [{"message": {"template": "A B"}}]}, "do[0].message.template", "the key of a template"),
    ({"do": [{"message": {"template": "x", "text": {"en": "a"}}}]}, "do[0].message", "or the key of its template"),
    ({"do": [{"assign": {}}]}, "do[0].assign", "either a team or a teammate"),
    ({"do": [{"assign": {"team": "a", "teammate": "b"}}]}, "do[0].assign", "either a team or a teammate"),
    ({"do": [{"assign": {"team": "Sales Team"}}]}, "do[0].assign.team", "the key of a team"),
    ({"do": [{"assign": {"team": "a", "strategy": "random"}}]}, "do[0].assign.strategy", "one of least_busy"),
    ({"repeat": {"per": "page"}}, "repeat.per", "one of person, session, conversation"),
    ({"repeat": {"per": "conversation"}}, "repeat.per", "needs a conversation trigger"),
    ({"repeat": {"every": "week"}}, "repeat.every", "a duration such as 7d"),
    ({"repeat": {"per": "person", "every": "7d"}}, "repeat", "either per or every"),
    ({"priority": 101}, "priority", "from 0 to 100"),
    ({"priority": True}, "priority", "from 0 to 100"),
    ({"exclusive": "Chat Routing"}, "exclusive", "small letters"),
    ({"holdout": "10"}, "holdout", "a share such as 10%"),
    ({"holdout": "100%"}, "holdout", "nobody would be left"),
    ({"caps": []}, "caps", "this list is empty"),
    ({"caps": [{"limit": 0, "window": "1d"}]}, "caps[0].limit", "a whole number from 1"),
    ({"caps": [{"limit": 1, "window": "day"}]}, "caps[0].window", "a duration such as"),
    ({"caps": [{"per": "page", "limit": 1, "window": "1d"}]}, "caps[0].per", "one of person"),
    ({"caps": [{"limit": 1, "window": "1d", "otherwise": "drop"}]}, "caps[0].otherwise", "one of defer, hold"),
    ({"quiet": {"allow": "Mon-Fri 9-18"}}, "quiet.allow", "hours such as"),
    ({"quiet": {"allow": "09:00-18:00", "otherwise": "drop"}}, "quiet.otherwise", "one of defer, hold"),
    ({"goal": {"within": "1d"}}, "goal.event", "the event's name"),
    ({"goal": {"event": "Paid"}}, "goal.within", "a duration such as"),
    ({"max_lateness": "late"}, "max_lateness", "a duration such as"),
    ({"moment": "First Value"}, "moment", "small letters"),
    ({"variants": [{"name": "a", "share": "100%", "do": [{"tag": "x"}]}]}, "variants", "either do or variants"),
    ({"wen": {}}, "wen", "unknown key"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("test", "path", "reason"),
    [
        ({"given": [{"at": 0}], "expect": []}, "given[0].at", "a duration since the start"),
        ({"given": [], "expect": [{"at": "1s"}]}, "expect[0]", "one action an entry"),
        ({"given": [], "expect": [{"at": "1s", "mail": {}}]}, "expect[0].mail", "unknown key"),
        ({"given": [{"at": "0s", "pge": "/"}], "expect": []}, "given[0].pge", "unknown key"),
        (
            {"given": [{"at": "0s", "page": "/", "dwell": "1s"}], "expect": []},
            "given[0]",
            "one thing happens at a time",
        ),
        ({"given": [{"at": "0s", "dwell": 61}], "expect": []}, "given[0].dwell", "a duration such as 61s"),
        ({"given": [{"at": "0s", "facts": {"page.x": 1}}], "expect": []}, "given[0].facts.page.x", "there is no field"),
        ({"given": []}, "expect", "a list is needed here"),
        ({"given": [{"at": "0s", "told": "news"}], "expect": []}, "given[0].told", "one of marketing, onboarding"),
        ({"workspace": "new", "given": [], "expect": []}, "workspace", "default, or {caps: …"),
        ({"workspace": {"gates": {}}, "given": [], "expect": []}, "workspace.gates", "unknown key"),
        ({"workspace": {"caps": [{"limit": 0}]}, "given": [], "expect": []}, "workspace.caps[0].limit", "from 1 to"),
        ({"workspace": {"quiet": {"allow": "9-21"}}, "given": [], "expect": []}, "workspace.quiet.allow", "hours such"),
        ({"workspace": {"zone": "Mars/Base"}, "given": [], "expect": []}, "workspace.zone", "the name of a zone"),
        ({"workspace": {"zone": "workspace"}, "given": [], "expect": []}, "workspace.zone", "the name of a zone"),
    ],
)
def test_a_test_with_a_slip_of_the_pen_is_refused(test: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(RuleErrors) as refused:
        rule(tests=[{"name": "a test", **test}])
    assert refused.value.findings[0].path == f"tests[0].{path}"
    assert reason in refused.value.findings[0].reason


@pytest.mark.parametrize(("tree", "path", "reason"), REFUSED)
def test_what_does_not_fit_is_refused_with_path_and_reason(tree: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(RuleErrors) as refused:
        rule(**tree)
    assert [finding.path for finding in refused.value.findings][:1] == [path]
    assert reason in refused.value.findings[0].reason


def test_all_findings_come_at_once_with_their_lines_and_rules() -> None:
    text = (
        "rule: a\ntrigger: pag\nwhen:\n  all:\n    - page.path: /a\n    - page.pth: /b\ndo: []\n"
        "---\nrule: B\ntrigger: page\n"
    )
    with pytest.raises(RuleErrors) as refused:
        parse_rules(text)
    found = [(finding.rule, finding.path, finding.line) for finding in refused.value.findings]
    assert found == [
        ("a", "trigger.pag", 2),
        ("a", "when.all[1].page.pth", 6),
        ("a", "do", 7),
        ("B", "rule", 9),
        ("B", "do", 9),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no rule here"),
        ("# nothing\n---\n", "there is no rule here"),
        ("rule: [", "this is not YAML"),
        ("rule: a\nrule: b\n", "this key stands here twice"),
        ("rule: !!python/object:os.system x\n", "means nothing here"),
        ("? [a]\n: b\n", "a key must be text"),
        ("rule: .inf\n", "this number is out of range"),
        ("- a\n", "a rule is a mapping"),
        ("[" * 5_000, "nested too deeply"),
        ("a" * 600_000, "512000 characters at most"),
        ("a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
         "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n", "this unfolds to too much"),
        ("rule: a\ntrigger: page\ndo: [tag: x]\n---\nrule: a\ntrigger: page\ndo: [tag: x]\n", "two rules named a"),
    ],
)  # fmt: skip
def test_text_that_holds_no_rules_is_refused_in_plain_words(text: str, reason: str) -> None:
    with pytest.raises(RuleErrors, match=reason):
        parse_rules(text)


def test_a_condition_nested_without_end_is_refused() -> None:
    tree: dict[str, Any] = {"contact.a": 1}
    for _ in range(400):
        tree = {"not": tree}
    with pytest.raises(RuleErrors, match="16 deep at most"):
        rule(when=tree)


def test_the_template_port_has_its_say_on_every_text_of_a_message() -> None:
    class NoBraces:
        def refusals(self, text: str, /) -> list[str]:
            return ["this is no template"] if "{{" in text else []

    tree = {
        "rule": "a",
        "trigger": "page",
        "do": [{"message": {"text": {"en": "a", "zh": "{{"}, "reply_label": {"en": "{{"}}}],
    }
    with pytest.raises(RuleErrors) as refused:
        parse_tree(tree, NoBraces())
    paths = [finding.path for finding in refused.value.findings]
    assert paths == ["do[0].message.text.zh", "do[0].message.reply_label.en"]
