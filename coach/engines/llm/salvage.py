"""Salvage: what can be used of an answer that has not the form that was asked for.

Only where no repair helped. What is wrong goes, and no more of its surroundings than has to: a
detail that may be null becomes null, a list that is none becomes empty, an entry without a field
that it needs is left out whole. All of it is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Any, Generic, NamedTuple, TypeGuard, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from coach.engines.llm.question import T


class Salvaged(NamedTuple, Generic[T]):
    """The usable part of an answer, and how many places of it were left out."""

    value: T
    left_out: int


class _Lost(NamedTuple):
    """A value of which nothing can be used."""


class _Part(NamedTuple):
    value: Any
    left_out: int


def salvage(answer: type[T], data: Mapping[str, Any]) -> Salvaged[T] | None:
    """What of this data is an answer; None where that is nothing.

    A field that the answer type names in ``essential`` is never filled in: without it the rest
    would be taken for more than it says.
    """
    if any(not isinstance(data.get(name), list) for name in getattr(answer, "essential", ())):
        return None
    found, nothing = _of_model(answer, data), _of_model(answer, {})
    if isinstance(found, _Lost):
        return None
    if found.left_out and not isinstance(nothing, _Lost) and found.value == nothing.value:
        return None
    return Salvaged(answer.model_validate(found.value), found.left_out)


def _of(kind: Any, value: Any) -> _Part | _Lost:
    """The value as this type, or as near as can be."""
    if NoneType in get_args(kind):
        inner = _of(_without_none(kind), value) if value is not None else _Part(None, 0)
        return _Part(None, 1) if isinstance(inner, _Lost) else inner
    if get_origin(kind) is list:
        return _of_list(get_args(kind)[0], value)
    if _is_model(kind):
        return _of_model(kind, value)
    try:
        return _Part(_adapter(kind).validate_python(value), 0)
    except ValidationError:
        # a flag that was not set is not raised; anything else would be made up
        return _Part(False, 1) if kind is bool else _Lost()


def _of_list(kind: Any, value: Any) -> _Part:
    if not isinstance(value, list):
        return _Part([], 1)
    parts = [_of(kind, one) for one in value]
    kept = [part for part in parts if isinstance(part, _Part)]
    lost = len(parts) - len(kept) + sum(part.left_out for part in kept)
    return _Part([part.value for part in kept], lost)


def _of_model(kind: type[BaseModel], value: Any) -> _Part | _Lost:
    given = value if isinstance(value, Mapping) else {}
    fields = {
        name: _of(field.annotation, given.get(name)) for name, field in kind.model_fields.items()
    }
    kept = {name: part for name, part in fields.items() if isinstance(part, _Part)}
    if len(kept) < len(fields):
        return _Lost()
    strange = sum(name not in fields for name in given)
    lost = sum(part.left_out for part in kept.values())
    return _Part({name: part.value for name, part in kept.items()}, strange + lost)


def _without_none(kind: Any) -> Any:
    rest: Any = tuple(one for one in get_args(kind) if one is not NoneType)
    return rest[0]


def _is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
