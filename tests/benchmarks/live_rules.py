"""A thousand rules, as a workspace that has grown for years may have them; three in ten name no page."""

RULES = 1000
UNPAGED = RULES * 3 // 10

# Each names a page, by its trigger or in its condition.
_PAGED = (
    "trigger: {{page: /p/{n}}}\nwhen: {{contact.plan: team-{n}}}",
    "trigger: {{page: /p/{n}}}\nwhen: {{all: [{{session.campaign: c{n}}}, {{visitor.device: tablet}}]}}",
    "trigger: {{dwell: {{path: /p/{n}, seconds: 60}}}}",
    "trigger: {{event: Bell Rung}}\nwhen: {{all: [{{page.path: /p/{n}}}, {{event.plan: gold}}]}}",
    "trigger: {{conversation: started}}\nwhen: {{page.path: /p/{n}}}",
    "trigger: {{page: /docs/{n}/**}}",
    "trigger: {{event: Order Completed}}\nwhen: {{page.path: /p/{n}}}",
)
# None names a page, and all but the last are asked at page views or at the event that the load sends.
_UNPAGED = (
    "trigger: {{page: {{}}}}\nwhen: {{session.campaign: autumn-{n}}}",
    "trigger: {{event: Bell Rung}}\nwhen: {{event.plan: special-{n}}}",
    "trigger: {{page: {{}}}}\nwhen: {{all: [{{contact.plan: plan-{n}}}, {{session.source: ads}}]}}",
    "trigger: {{page: {{}}}}\nwhen: {{session.page_views: {{gt: {high}}}}}",
    "trigger: {{event: Order Completed}}\nwhen: {{event.revenue: {{gt: {high}}}}}",
)
_HELLO = "rule: hello\ntrigger: {page: /hello}\ndo: [{message: {class: transactional, text: {en: Hello there}}}]\n"


def live_rules() -> str:
    """YAML of `RULES` rules; one of them says hello on the page /hello."""
    paged = [_rule(n, _PAGED[n % len(_PAGED)]) for n in range(RULES - UNPAGED - 1)]
    unpaged = [_rule(n, _UNPAGED[n % len(_UNPAGED)]) for n in range(RULES - UNPAGED, RULES)]
    return "---\n".join([_HELLO, *paged, *unpaged])


def _rule(n: int, body: str) -> str:
    return f"rule: r{n}\n{body.format(n=n, high=10**6 + n)}\ndo: [{{tag: t{n}}}]\n"
