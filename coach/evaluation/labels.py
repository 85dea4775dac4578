"""Labels of a case, read from JSON lines; every fault at ``path:line:column``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from coach.document import Document
from coach.evaluation.case import Label, Labels
from coach.guide import Guide
from coach.mapping import Status
from coach.resources import read_text, refusal

_KNOWN = frozenset(Label.model_fields)
_Place = tuple[int, int]
_MOST_BYTES = 5_000_000


class _Whole(BaseModel):
    """A record for the whole document."""

    model_config = ConfigDict(extra="forbid")
    coverage: dict[str, Status]


_WHOLE = TypeAdapter(_Whole)


def read_labels(
    path: Path, *, document: Document | None = None, guide: Guide | None = None
) -> Labels:
    """The labels that this file holds; with source and guide, checked against them.

    Raises:
        DataFileError: it cannot be read or is not valid; its message holds every fault, one a
            line, as ``path:line:column: what``.
    """
    lines: dict[int, Label] = {}
    coverage: dict[str, Status] = {}
    faults: list[tuple[_Place, str]] = []
    for number, row in enumerate(read_text(path, most_bytes=_MOST_BYTES).split("\n"), 1):
        if not row.strip():
            continue
        try:
            record = json.loads(row)
            if isinstance(record, dict) and "line" not in record:
                coverage |= _WHOLE.validate_python(record).coverage
                faults += (
                    (_place(row, number, step), _unknown(step, "steps", guide))
                    for step in record["coverage"]
                    if document and guide and step not in guide.step_ids
                )
                continue
            label = _label(record)
        except json.JSONDecodeError as error:
            faults.append(((number, error.colno), "this is no JSON record; one stands on a line"))
            continue
        except ValidationError as error:
            faults += ((_place(row, number, key), what) for key, what in _told(error))
            continue
        if label.line in lines:
            faults.append((_place(row, number, "line"), f"line {label.line} is labelled above"))
        lines[label.line] = label
        unfit = _unfit(label, document, guide) if document and guide else ()
        faults += ((_place(row, number, key), what) for key, what in unfit)
    if faults:
        raise refusal(path, faults)
    return Labels(lines=tuple(lines[at] for at in sorted(lines)), coverage=coverage)


def labels_text(labels: Labels) -> str:
    """The file that holds these labels, in its shortest form."""
    rows: list[dict[str, object]] = [
        label.model_dump(exclude_defaults=True) for label in labels.lines
    ]
    if labels.coverage:
        rows.insert(0, {"coverage": labels.coverage})
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _unfit(label: Label, document: Document, guide: Guide) -> Iterator[tuple[str, str]]:
    """What does not fit source and guide: a line that is not there, a step that is none."""
    if not 1 <= label.line <= len(document.lines):
        yield "line", f"there is no line {label.line}: the source has {len(document.lines)}"
        return
    items = {item.id for step in guide.steps for item in step.items}
    for key, known in (("steps", guide.step_ids), ("items", items), ("planned", guide.step_ids)):
        for name in getattr(label, key):
            if name not in known:
                yield key, _unknown(name, key, guide)
    if label.quote is not None and label.quote not in document.line(label.line).text:
        yield "quote", f"these words do not stand in line {label.line}"


def _unknown(name: str, key: str, guide: Guide) -> str:
    return f"{name!r} is not among the {key} of the guide {guide.id!r}"


def _label(record: Any) -> Label:
    if isinstance(record, dict):  # who spoke is known from the source, as coach reads it
        record = {name: value for name, value in record.items() if name != "speaker"}
        unknown = sorted(set(record) - _KNOWN - {"rewrite"})
        if unknown:
            raise ValidationError.from_exception_data(
                "label", [{"type": "extra_forbidden", "loc": (unknown[0],), "input": ""}]
            )
    return Label.model_validate(record)


def _told(error: ValidationError) -> Iterator[tuple[str, str]]:
    for detail in error.errors(include_url=False, include_input=False):
        at = str(detail["loc"][0]) if detail["loc"] else ""
        what = detail["msg"][:1].lower() + detail["msg"][1:]
        if detail["type"] == "extra_forbidden":
            what = f"unknown key (known here: {', '.join(sorted(_KNOWN | {'coverage'}))})"
        yield at, f"{at}: {what}" if at else what


def _place(row: str, number: int, key: str) -> _Place:
    return number, max(0, row.find(f'"{key}"')) + 1
