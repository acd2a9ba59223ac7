"""Our dataclasses behave as those of the standard library, which compile everything as they are defined."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from typing import Any, ClassVar

import pytest

from salestui.dataclass import dataclass as ours

Decorator = Callable[..., Any]


def made(dataclass: Decorator) -> tuple[type[Any], type[Any], type[Any]]:
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int
        tags: list[str] = field(default_factory=list, compare=False)
        y: int = 0
        twice: int = field(init=False, repr=False)
        kind: ClassVar[str] = "point"

        def __post_init__(self) -> None:
            object.__setattr__(self, "twice", self.x * 2)

    @dataclass(frozen=True, slots=True)
    class Named(Point):
        name: str = ""

        def __str__(self) -> str:
            return self.name

    @dataclass
    class Open:
        count: int = 1
        seen: dict[str, int] = field(default_factory=dict)

    return Point, Named, Open


BOTH = pytest.mark.parametrize("dataclass", [ours, dataclasses.dataclass], ids=["ours", "library"])


@BOTH
def test_a_record_is_made_shown_compared_and_hashed(dataclass: Decorator) -> None:
    point, named, _open = made(dataclass)
    one = point(1, y=2)
    assert (one.x, one.tags, one.y, one.twice, one.kind) == (1, [], 2, 2, "point")
    assert repr(one).endswith("Point(x=1, tags=[], y=2)")
    assert one == point(1, ["other"], 2)
    assert hash(one) == hash(point(1, ["other"], 2)) == hash((1, 2, 2))
    assert one != point(1, y=3)
    assert one != named(1, y=2)
    assert one.__eq__(1) is NotImplemented
    assert point(1).tags is not point(1).tags
    assert str(named(1, name="here")) == "here"
    assert not hasattr(one, "__dict__")


@BOTH
def test_a_frozen_record_refuses_changes_and_is_replaced_instead(dataclass: Decorator) -> None:
    point, named, _open = made(dataclass)
    one = named(1, name="here")
    for refused in ("x", "name"):
        with pytest.raises(FrozenInstanceError):
            setattr(one, refused, 5)
    with pytest.raises(FrozenInstanceError):
        del one.x
    assert replace(one, x=4).twice == 8
    assert asdict(point(3)) == {"x": 3, "tags": [], "y": 0, "twice": 6}
    assert [each.name for each in fields(named)] == ["x", "tags", "y", "twice", "name"]
    assert point.__match_args__ == ("x", "tags", "y")
    assert copy.copy(one) == copy.deepcopy(one) == one


@BOTH
def test_an_open_record_takes_changes_and_has_no_hash(dataclass: Decorator) -> None:
    _point, _named, loose = made(dataclass)
    one = loose()
    one.count = 5
    assert one == loose(5)
    with pytest.raises(TypeError):
        hash(one)


@BOTH
def test_wrong_arguments_are_told(dataclass: Decorator) -> None:
    point, _named, _open = made(dataclass)
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        point()
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        point(1, z=2)


@ours(frozen=True, slots=True)
class Kept:
    """A record that pickle finds by its name."""

    x: int
    y: str = ""


def test_records_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Kept(1, "a"))) == Kept(1, "a")  # noqa: S301  # our own bytes
