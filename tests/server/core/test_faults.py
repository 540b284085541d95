"""Where an error of ours is looked for."""

import pytest
from sqlalchemy.exc import NoSuchModuleError

from frontdesk.core.db.engines import open_engines
from frontdesk.core.faults import place_of


def test_the_place_of_an_error_is_in_our_modules_though_a_library_raised_it() -> None:
    with pytest.raises(NoSuchModuleError) as raised:
        open_engines("sqlite+nonsense:///nowhere")
    assert place_of(raised.value).startswith("_sqlite:")
