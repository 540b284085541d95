"""Who answers: laws that hold for every team."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.routing.policy import Candidate, choose, least_busy, reason

_START = datetime(2026, 1, 1, tzinfo=UTC)
_teams = st.lists(
    st.builds(
        Candidate,
        id=st.text("abc", min_size=1, max_size=4),
        name=st.just("Somebody"),
        online=st.booleans(),
        open=st.integers(0, 5),
        assigned_at=st.none() | st.integers(0, 9).map(lambda hours: _START + timedelta(hours=hours)),
    ),
    unique_by=lambda each: each.id,
)


@given(_teams)
def test_nobody_who_is_offline_is_ever_chosen(team: list[Candidate]) -> None:
    chosen = least_busy(team)
    assert chosen is None or chosen.online


@given(_teams)
def test_somebody_is_chosen_whenever_somebody_is_online(team: list[Candidate]) -> None:
    assert (least_busy(team) is not None) == any(each.online for each in team)


@given(_teams)
def test_the_chosen_one_has_the_fewest_of_those_online(team: list[Candidate]) -> None:
    chosen = least_busy(team)
    if chosen:
        assert chosen.open == min(each.open for each in team if each.online)


@given(_teams)
def test_between_equals_it_is_whoever_waited_longest(team: list[Candidate]) -> None:
    chosen = least_busy(team)
    if chosen and chosen.assigned_at:
        equals = [each for each in team if each.online and each.open == chosen.open]
        assert all(each.assigned_at and each.assigned_at >= chosen.assigned_at for each in equals)


@given(_teams, st.randoms())
def test_the_order_of_the_team_does_not_matter(team: list[Candidate], random) -> None:
    shuffled = list(team)
    random.shuffle(shuffled)
    assert least_busy(shuffled) == least_busy(team)


@given(_teams.filter(bool))
def test_who_has_the_conversation_and_is_online_keeps_it(team: list[Candidate]) -> None:
    holder = team[0]
    chosen, code = choose(team, holder.id)
    assert (chosen == holder and code == "has_it") == holder.online


def test_a_reason_says_itself_in_both_languages() -> None:
    assert reason("least_busy", name="李娜", open=2) == {
        "code": "least_busy",
        "text_en": "李娜 had the fewest open (2)",
        "text_zh": "李娜 手上的对话最少（2）",
    }
