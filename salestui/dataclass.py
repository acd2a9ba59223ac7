"""`dataclass` as the standard library has it, but quick to define: its methods are compiled when they are first called.

The library compiles five methods for every class as its module is imported, which for all our records takes as long as
the rest of the start together. Here comparing, hashing and showing are shared closures, and `__init__` is compiled for
the first instance of a class. Fields, `replace`, `asdict`, `match` and copying work as always.
"""

from __future__ import annotations

import dataclasses
from dataclasses import FrozenInstanceError
from operator import attrgetter

__all__ = ["dataclass"]

TYPE_CHECKING = False  # what typing.TYPE_CHECKING is, without the time that importing typing takes
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
    from typing import Any
else:

    def dataclass(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> type | Callable[[type], type]:
        """Make a dataclass of `cls`; the options are those of the standard library."""
        if cls is None:
            return lambda decorated: _made(decorated, frozen=frozen, slots=slots, eq=eq)
        return _made(cls, frozen=frozen, slots=slots, eq=eq)


def _made(cls: type[Any], *, frozen: bool, slots: bool, eq: bool) -> type[Any]:
    own = {name for name, value in cls.__dict__.items() if not (name == "__hash__" and value is None)}
    made: type[Any] = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
    shared: dict[str, Callable[..., Any]] = {"__init__": _late_init(made), "__repr__": _repr}
    if eq:
        shared["__eq__"] = _eq_of(made)
    if frozen:
        shared |= {"__setattr__": _refuse_setting(made), "__delattr__": _refuse_deleting(made)}
        shared |= {"__getstate__": _state, "__setstate__": _set_state} if slots else {}
    if eq and "__hash__" not in own:
        made.__hash__ = _hash_of(made) if frozen else None  # type: ignore[assignment]  # as Python wants
    for name, method in shared.items():
        if name not in own:
            setattr(made, name, method)
    return made


def _compared(cls: type[Any]) -> Callable[[Any], tuple[object, ...]]:
    names = [field.name for field in dataclasses.fields(cls) if field.compare]
    if not names:
        return lambda _record: ()
    getter = attrgetter(*names)
    return getter if len(names) > 1 else lambda record: (getter(record),)


def _eq_of(cls: type[Any]) -> Callable[[Any, object], bool]:
    compared: list[Callable[[Any], tuple[object, ...]]] = []

    def __eq__(self: Any, other: object) -> bool:  # noqa: ANN401, N807  # any record
        if other.__class__ is not self.__class__:
            return NotImplemented
        if not compared:
            compared.append(_compared(cls))
        return compared[0](self) == compared[0](other)

    return __eq__


def _hash_of(cls: type[Any]) -> Callable[[Any], int]:
    compared: list[Callable[[Any], tuple[object, ...]]] = []

    def __hash__(self: Any) -> int:  # noqa: ANN401, N807  # any record
        if not compared:
            compared.append(_compared(cls))
        return hash(compared[0](self))

    return __hash__


def _repr(self: Any) -> str:  # noqa: ANN401  # any record
    told = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({told})"


def _refuse_setting(cls: type[Any]) -> Callable[[Any, str, object], None]:
    def __setattr__(self: Any, name: str, value: object) -> None:  # noqa: ANN401, N807  # any record
        if type(self) is cls or name in cls.__dataclass_fields__:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    return __setattr__


def _refuse_deleting(cls: type[Any]) -> Callable[[Any, str], None]:
    def __delattr__(self: Any, name: str) -> None:  # noqa: ANN401, N807  # any record
        if type(self) is cls or name in cls.__dataclass_fields__:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __delattr__


def _state(self: Any) -> list[object]:  # noqa: ANN401  # any record
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[object]) -> None:  # noqa: ANN401  # any record
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _late_init(cls: type[Any]) -> Callable[..., None]:
    def __init__(self: Any, *values: object, **named: object) -> None:  # noqa: ANN401, N807  # any record
        compiled = _init_of(cls)
        cls.__init__ = compiled
        compiled(self, *values, **named)

    return __init__


def _init_of(cls: type[Any]) -> Callable[..., None]:
    """Compile `__init__`: it sets slots by their own descriptors, which neither ask whether the class is frozen."""
    missing = dataclasses.MISSING
    space: dict[str, Any] = {"_missing": missing, "_set": object.__setattr__}
    signature, body, kw_only = ["self"], list[str](), list[str]()
    for field in dataclasses.fields(cls):
        name, default, factory = field.name, field.default, field.default_factory
        value = name
        if factory is not missing:
            space[f"_make_{name}"] = factory
            value = f"_make_{name}() if {name} is _missing else {name}" if field.init else f"_make_{name}()"
        elif not field.init and default is missing:
            continue
        elif default is not missing:
            space[f"_default_{name}"] = default
            value = name if field.init else f"_default_{name}"
        if field.init:
            filled = "=_missing" if factory is not missing else f"=_default_{name}" if default is not missing else ""
            (kw_only if field.kw_only else signature).append(name + filled)
        body.append(f"  {_assignment(cls, name, value, space)}")
    if hasattr(cls, "__post_init__"):
        body.append("  self.__post_init__()")
    if kw_only:
        signature += ["*", *kw_only]
    source = f"def __init__({', '.join(signature)}):\n" + ("\n".join(body) or "  pass")
    exec(source, space)  # noqa: S102  # what the standard library does, from names of fields
    compiled: Callable[..., None] = space["__init__"]
    compiled.__qualname__ = f"{cls.__qualname__}.__init__"
    return compiled


def _assignment(cls: type[Any], name: str, value: str, space: dict[str, Any]) -> str:
    """Return the line that sets a field; slots of the class and its bases are set by their descriptors."""
    found: Any = next((base.__dict__[name] for base in cls.__mro__ if name in base.__dict__), None)
    if type(found).__name__ == "member_descriptor":
        space[f"_set_{name}"] = found.__set__
        return f"_set_{name}(self, {value})"
    return f"_set(self, {name!r}, {value})"
