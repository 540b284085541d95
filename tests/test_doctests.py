"""The examples in docstrings say what is true."""

import doctest
import importlib
import pkgutil
from types import ModuleType

import pytest

import frontdesk
import frontdesk_rules
import frontdesk_sdk

_APART = ("frontdesk.migrations.env", "frontdesk.__main__")


def modules(package: ModuleType) -> list[str]:
    return [one.name for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]


NAMES = [
    name
    for package in (frontdesk, frontdesk_rules, frontdesk_sdk)
    for name in modules(package)
    if name not in _APART and ".versions." not in name
]


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
