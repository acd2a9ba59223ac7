import sys

import pytest

from salestui.imports import absent


def test_a_module_that_is_wanted_by_nobody_is_not_there_for_a_moment():
    name = "this"  # a module of Python that nothing imports
    with absent(name), pytest.raises(ImportError):
        __import__(name)
    assert name not in sys.modules


def test_what_was_loaded_before_stays():
    import json

    with absent("json"):
        assert __import__("json") is json
    assert sys.modules["json"] is json
