"""A data file as a model, with every fault at its place."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from coach.errors import DataFileError
from coach.resources.parsed import recalled, remember
from coach.resources.places import is_bundled

if TYPE_CHECKING:
    from coach.resources.yaml_text import Mark, Place, YamlText

MAX_BYTES = 1_000_000
Model = TypeVar("Model", bound=BaseModel)

_EMPTY = "is empty; write a value, or take the key out"
_LIST = "must be a list: [one, two], or a '- ' in front of each"
_BLOCK = "must be a block of 'key: value' lines"
_WORDS = {
    "string_type": "must be text",
    "string_too_short": _EMPTY,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
    "dict_type": _BLOCK,
}
_SHAPES: dict[type, str] = {dict: ", not a block of keys", list: ", not a list"}


class Fault(NamedTuple):
    """Something wrong in a data file: where in its structure, and what."""

    at: Place
    what: str


def load_model(
    path: Traversable,
    model: type[Model],
    *,
    check: Callable[[Any], Iterable[Fault]] | None = None,
) -> Model:
    """The file as this model.

    ``check`` looks at the plain values (dicts, lists, text, None) for what no field alone can
    show, such as ids that clash, so that these faults are told together with those of the fields.

    Raises:
        DataFileError: the file cannot be read or is not valid; its message holds every fault, one
            a line, as ``path:line:column: where.it.is: what``.
    """
    return model_from(read_data(path), model, path=path, check=check)


def model_from(
    data: bytes,
    model: type[Model],
    *,
    path: Traversable,
    check: Callable[[Any], Iterable[Fault]] | None = None,
) -> Model:
    """The model that these bytes of the file are: its front matter, or the whole of it.

    They must start where the file starts, as their lines are told as the file's.

    Raises:
        DataFileError: as ``load_model``.
    """
    shipped = is_bundled(path)
    if shipped and (values := recalled(data)) is not None:
        with suppress(ValidationError):  # faults are told with their places, which are not kept
            known = model.model_validate(values)
            if not any(True for _ in (check or _none)(values)):
                return known
    from coach.resources.yaml_text import YamlFault, parse

    try:
        if len(data) > MAX_BYTES:
            raise YamlFault(f"it is larger than {MAX_BYTES:,} bytes; split it up")
        source = parse(data)
    except YamlFault as error:
        raise refusal(path, [(error.mark, error.what)]) from None
    faults = [
        (mark, _say(source, at, "stands twice in its block; keep one")) for at, mark in source.twice
    ]
    faults += [
        (source.mark(at), _say(source, at, what)) for at, what in (check or _none)(source.value)
    ]
    try:
        valid = model.model_validate(source.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            faults += _told(detail, model, source)
        raise refusal(path, faults) from None
    if faults:
        raise refusal(path, faults)
    if shipped:
        remember(data, source.value)
    return valid


def clash(faults: Iterable[Fault]) -> None:
    """Stop a model's validator if there are faults; ``load_model`` gives each its own place."""
    found = tuple(faults)
    if found:
        summary = "; ".join(fault.what for fault in found)
        raise PydanticCustomError("clash", "{summary}", {"summary": summary, "faults": found})


def _none(_value: Any) -> Iterable[Fault]:
    return ()


def read_text(path: Traversable, *, most_bytes: int) -> str:
    """The text of a small file, without a byte-order mark.

    Raises:
        DataFileError: it cannot be read, is too large, or is not UTF-8.
    """
    data = read_data(path, most_bytes=most_bytes)
    if len(data) > most_bytes:
        raise refusal(path, [((1, 1), f"it is larger than {most_bytes:,} bytes; shorten it")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refusal(path, [((line, 1), "it is not UTF-8 text; save it as UTF-8")]) from None


def read_data(path: Traversable, *, most_bytes: int = MAX_BYTES) -> bytes:
    """What the file holds, one byte more than ``most_bytes`` where it is too large.

    Raises:
        DataFileError: it cannot be read.
    """
    try:
        if not path.is_file():
            what = "is a folder, not a file" if path.is_dir() else "there is no such file"
            raise DataFileError(f"{path}: {what}", hint="check the path")
        with path.open("rb") as stream:
            data: bytes = stream.read(most_bytes + 1)
    except OSError as error:
        why = (error.strerror or "it cannot be opened").lower()
        raise DataFileError(
            f"{path}: cannot be read: {why}", hint="check the path and its permissions"
        ) from None
    return data


def refusal(path: Traversable, faults: Iterable[tuple[Mark, str]]) -> DataFileError:
    """The error that tells these faults of a file, each with its line and column."""
    told = dict.fromkeys(f"{path}:{mark[0]}:{mark[1]}: {what}" for mark, what in sorted(faults))
    return DataFileError(
        "\n".join(told), hint="each line starts with file, line and column; mend them and try again"
    )


def _say(source: YamlText, at: Place, what: str) -> str:
    name = source.name(at)
    return f"{name}: {what}" if name else what


def _told(detail: ErrorDetails, model: type[BaseModel], source: YamlText) -> list[tuple[Mark, str]]:
    """What pydantic found, at places that stand in the file, in words for people."""
    at = source.place(detail["loc"])
    context: dict[str, Any] = detail.get("ctx") or {}
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    match detail["type"]:
        case "clash":
            places = [((*at, *fault.at), fault.what) for fault in context["faults"]]
            return [(source.mark(place), _say(source, place, what)) for place, what in places]
        case "missing":
            return [(source.mark(at), _say(source, (*at, last), "is missing"))]
        case "too_short" if len(detail["input"]) >= context["min_length"]:
            return []  # long enough, but for the values whose own faults are told
        case "extra_forbidden":
            what = _unknown_key(last, _model_at(model, at[:-1]))
            return [(source.keys.get(at, source.mark(at)), _say(source, at, what))]
        case _:
            return [(source.mark(at), _say(source, at, _in_words(detail, context)))]


def _in_words(detail: ErrorDetails, context: dict[str, Any]) -> str:
    kind, given = detail["type"], detail["input"]
    if given is None:
        return _EMPTY
    if kind in _WORDS:
        return _WORDS[kind] + (_SHAPES.get(type(given), "") if kind == "string_type" else "")
    if kind == "too_short":
        return f"needs at least {context.get('min_length', 1)}"
    if kind == "literal_error":
        return f"must be {context.get('expected', 'one of the known words')}, not {given!r}"
    message: str = detail["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _unknown_key(key: str, model: type[BaseModel] | None) -> str:
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    near = difflib.get_close_matches(key.lower(), known, n=1)
    meant = f", did you mean {near[0]!r}?" if near else ""
    return f"unknown key{meant} (known here: {', '.join(known)})"


def _model_at(model: type[BaseModel] | None, at: Place) -> type[BaseModel] | None:
    """The model that the block at this place is read into, where it can be told."""
    for step in at:
        if model is not None and isinstance(step, str):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = _model_in(fields[step].annotation) if step in fields else None
    return model


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(part) for part in get_args(annotation))
    return next((found for found in inner if found), None)
