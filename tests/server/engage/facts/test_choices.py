"""What rules take for all values of a field are all that there are."""

from frontdesk.engage.facts.rfm.policy import CLASSES
from frontdesk.inbox.policy import CLOSED, OPEN
from frontdesk_rules.facts.choices import CHOICES, RFM_CLASSES


def test_the_values_that_a_field_can_have_are_those_that_it_gets() -> None:
    assert {one.key for one in CLASSES.values()} == set(RFM_CLASSES) == set(CHOICES["contact.rfm.class"])
    assert set(CHOICES["conversation.state"]) == {OPEN, CLOSED}
