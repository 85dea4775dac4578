"""Guide: a framework as data. Steps, what belongs in each, what to ask, what each produces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from coach.errors import DataFileError
from coach.resources import Fault, bundled, clash, find, load_model, owned

Produces = Literal["statements", "responsibilities", "success", "autonomy", "development", "needs"]
SettledRange = Literal["do", "do_then_tell", "consult_then_do", "ask_first"]
Range = Literal["do", "do_then_tell", "consult_then_do", "ask_first", "not_discussed"]

Text = Annotated[str, Field(min_length=1)]
_ID = re.compile(r"[a-z][a-z0-9_]*")
_ASKING = frozenset({"employee"})
"""What a question may name with a ``$``."""


def _an_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("must be lower-case letters, digits and _, a letter first: 'my_step'")
    return value


def _an_item_id(value: str) -> str:
    for part in value.split(".", 1):
        _an_id(part)
    return value


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Item(_Data):
    """One thing a step can hold: a help for the conversation, never a form to fill."""

    id: Annotated[str, AfterValidator(_an_item_id)]
    """Unique in its step; short in a file, ``measurable``, in full once loaded,
    ``success.measurable``."""
    text: Text
    """What must be there."""
    question: Text
    """An open question that would bring it up; ``$employee`` stands for the person's name."""
    cues: tuple[Text, ...] = ()
    """Words or short phrases, lower case, that speak for it; used where no model is trained."""
    examples: tuple[Text, ...] = ()
    """Lines as people write or say them that do this item's work."""

    @field_validator("cues")
    @classmethod
    def _lower(cls, cues: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cue.lower() for cue in cues)

    @field_validator("question")
    @classmethod
    def _known_names(cls, question: str) -> str:
        unknown = sorted(set(Template(question).get_identifiers()) - _ASKING)
        if unknown:
            raise ValueError(f"${unknown[0]} is not known here; only $employee is")
        return question


class Step(_Data):
    """One step of the framework."""

    id: Annotated[str, AfterValidator(_an_id)]
    title: Text
    heading: str = ""
    """The section's title in the plan; the step's title where the file gives none."""
    objective: str = ""
    produces: Produces = "statements"
    result: str = ""
    """What the step leaves behind, in words."""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    @field_validator("items")
    @classmethod
    def _ids_in_full(cls, items: tuple[Item, ...], info: ValidationInfo) -> tuple[Item, ...]:
        step = str(info.data.get("id", ""))
        clash(_clashing_items([item.id for item in items], step))
        return tuple(
            item if "." in item.id else item.model_copy(update={"id": f"{step}.{item.id}"})
            for item in items
        )

    @model_validator(mode="before")
    @classmethod
    def _heading_from_title(cls, data: Any) -> Any:
        return _filled(data, "heading", "title")

    def item(self, full_id: str) -> Item:
        """The item with this full id."""
        return next(item for item in self.items if item.id == full_id)


class RangeLabel(_Data):
    """How one range of decision freedom is called, and where the name comes from."""

    id: SettledRange
    label: Text
    meaning: str = ""
    origin: Literal["source", "ours", "user"] = "user"


_RANGES = (
    RangeLabel(
        id="do",
        label="Do",
        meaning="The employee decides and acts; nothing needs to be said.",
        origin="ours",
    ),
    RangeLabel(
        id="do_then_tell",
        label="Do, then tell",
        meaning="The employee decides and acts, and tells the manager afterwards.",
        origin="ours",
    ),
    RangeLabel(
        id="consult_then_do",
        label="Consult, then do",
        meaning="The employee talks it over first, then decides and acts.",
        origin="ours",
    ),
    RangeLabel(
        id="ask_first",
        label="Ask first",
        meaning="The manager decides; the employee waits for a yes.",
        origin="ours",
    ),
)
"""What a guide that names no ranges has, from most freedom to least."""


class Guide(_Data):
    """A framework: its steps in order, its ranges, where it comes from."""

    id: Annotated[str, AfterValidator(_an_id)]
    title: Text
    plan_title: str = ""
    """Title of a drafted plan, before the name; the guide's title where the file gives none."""
    source: Text
    """Whose work the framework is; shown wherever the guide is."""
    about: str = ""
    cadence: str = ""
    principles: tuple[Text, ...] = ()
    boundaries: tuple[Text, ...] = ()
    """How its steps are told apart where a line could be two; for whoever labels lines."""
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    ranges: tuple[RangeLabel, ...] = _RANGES
    """All four, from most freedom to least; those a file leaves out have our labels."""

    @field_validator("steps")
    @classmethod
    def _step_ids_differ(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        clash(_twice([step.id for step in steps]))
        return steps

    @field_validator("ranges")
    @classmethod
    def _all_ranges(cls, ranges: tuple[RangeLabel, ...]) -> tuple[RangeLabel, ...]:
        clash(_twice([known.id for known in ranges]))
        own = {known.id: known for known in ranges}
        return tuple(own.get(default.id, default) for default in _RANGES)

    @model_validator(mode="before")
    @classmethod
    def _plan_title_from_title(cls, data: Any) -> Any:
        return _filled(data, "plan_title", "title")

    @cached_property
    def step_ids(self) -> tuple[str, ...]:
        """In guide order."""
        return tuple(step.id for step in self.steps)

    def step(self, step_id: str) -> Step:
        """The step with this id."""
        return next(step for step in self.steps if step.id == step_id)

    def range_label(self, range_: Range) -> str:
        """What people call this range."""
        return next((known.label for known in self.ranges if known.id == range_), "not discussed")


class KnownGuide(NamedTuple):
    """A guide that can be given by name."""

    name: str
    title: str
    where: str
    """``bundled``, or the path of the user's own file."""
    source: str = ""
    fault: str | None = None
    """The first thing wrong with the file, where it is not valid."""


def load_guide(name_or_path: str) -> Guide:
    """The guide of this name, the user's own first, or of this path.

    Raises:
        UsageError: no guide has the name.
        DataFileError: the file is not a valid guide; every fault with its place.
    """
    return check_guide(find("guides", name_or_path))


def check_guide(path: Traversable | str) -> Guide:
    """The guide in this file, if nothing is wrong with it.

    Raises:
        DataFileError: every fault, one a line, as ``path:line:column: where: what``.
    """
    file = Path(path) if isinstance(path, str) else path
    return load_model(file, Guide, check=_clashes)


def guides() -> tuple[KnownGuide, ...]:
    """Every guide that has a name, bundled ones and the user's own, which stand for theirs."""
    known = {file.name: (file, "bundled") for file in bundled("guides")}
    known |= {file.name: (file, str(file)) for file in owned("guides")}
    return tuple(_known(file, where) for _, (file, where) in sorted(known.items()))


def _known(file: Traversable, where: str) -> KnownGuide:
    name = file.name.rpartition(".")[0]
    try:
        guide = check_guide(file)
    except DataFileError as error:
        return KnownGuide(name, "", where, fault=error.message.partition("\n")[0])
    return KnownGuide(name, guide.title, where, guide.source)


def _filled(data: Any, key: str, otherwise: str) -> Any:
    if isinstance(data, dict) and not data.get(key) and isinstance(data.get(otherwise), str):
        return {**data, key: data[otherwise]}
    return data


def _clashes(value: Any) -> Iterator[Fault]:
    """Ids that stand twice, in a file's plain values, whatever else is wrong with them."""
    steps = _blocks(value, "steps")
    yield from _under(("steps",), _twice([step.get("id") for step in steps]))
    yield from _under(("ranges",), _twice([known.get("id") for known in _blocks(value, "ranges")]))
    for number, step in enumerate(steps):
        ids = [item.get("id") for item in _blocks(step, "items")]
        yield from _under(("steps", number, "items"), _clashing_items(ids, step.get("id")))


def _blocks(value: Any, key: str) -> list[dict[str, Any]]:
    inner = value.get(key) if isinstance(value, dict) else None
    blocks = inner if isinstance(inner, list) else []
    return [block if isinstance(block, dict) else {} for block in blocks]


def _under(at: tuple[str | int, ...], faults: Iterable[Fault]) -> Iterator[Fault]:
    return (Fault((*at, *fault.at), fault.what) for fault in faults)


def _clashing_items(ids: list[Any], step: object) -> list[Fault]:
    own = [str(known).removeprefix(f"{step}.") if known else None for known in ids]
    strange = [
        Fault((number, "id"), f"{known!r} names another step; write the part after the dot")
        for number, known in enumerate(own)
        if known and "." in known
    ]
    return strange + _twice(own)


def _twice(ids: list[Any]) -> list[Fault]:
    return [
        Fault((number, "id"), f"{known!r} is used above already; every id must differ")
        for number, known in enumerate(ids)
        if known and known in ids[:number]
    ]
