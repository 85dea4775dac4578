"""Suite: a folder of cases with the gates that its scores have to pass. Found, read, checked."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from coach.errors import UsageError
from coach.evaluation.case import Case, Name, Task
from coach.resources import Fault, is_path, load_model, root, user_folder

FOLDER = "evals"
FILE = "suite.yaml"
EngineName = Literal["embedded", "llm"]
_Valid = TypeVar("_Valid", bound=BaseModel)
_BOUNDS = ("at_least", "at_most", "low_at_least", "high_at_most", "not_worse", "cases")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Gate(_Data):
    """A bound that a score has to keep. Any number of bounds may be given; all must hold."""

    score: str
    """``steps.f1``, ``punitive.recall``, ``checks``, ``answered``: see docs/evaluation.md."""
    tag: Name | None = None
    """Counted over the cases with this tag; over all where none is given."""
    engine: EngineName | None = None
    """Only for this engine; for both where none is given."""
    at_least: float | None = None
    at_most: float | None = None
    low_at_least: float | None = None
    """For the lower end of the 95 % interval."""
    high_at_most: float | None = None
    not_worse: Annotated[float, Field(gt=0)] | None = None
    """How much worse than the baseline the score may be: the 95 % interval of the paired
    difference has to stay on this side of it."""
    cases: int | None = None
    """How many cases at least have to stand behind the score."""

    @model_validator(mode="after")
    def _bounded(self) -> Gate:
        if all(getattr(self, name) is None for name in _BOUNDS):
            raise ValueError(f"it can never fail: give it a bound ({', '.join(_BOUNDS)})")
        return self


class Suite(_Data):
    """What ``suite.yaml`` holds."""

    title: str
    about: str = ""
    guide: str = "isp"
    task: Task = "draft"
    parts: tuple[Name, ...] = ()
    """Tags that are counted apart, in this order; all cases together where there is none."""
    gates: tuple[Gate, ...] = ()
    cases: Annotated[tuple[Case, ...], Field(min_length=1)]


class SuiteFolder(NamedTuple):
    """A suite and the folder that it stands in."""

    folder: Path
    suite: Suite

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def cassettes(self) -> Path:
        """Where recorded answers stand, a file a case."""
        return self.folder / "cassettes"

    def recorded(self, case: Case) -> bool:
        """Whether a model's answers to this case are kept."""
        return (self.cassettes / f"{case.id}.yaml").is_file()

    def sha256(self) -> str:
        """Of the cases and of every file that they name; gates and texts about it do not count."""
        digest = hashlib.sha256()
        for case in self.suite.cases:
            digest.update(case.model_dump_json(exclude={"about"}).encode())
            for name in (case.input, case.labels, case.second):
                if name is not None:
                    digest.update((self.folder / name).read_bytes())
        digest.update(f"{self.suite.guide} {self.suite.task}".encode())
        return digest.hexdigest()

    def selected(self, tags: Iterable[str] = (), ids: Iterable[str] = ()) -> tuple[Case, ...]:
        """The cases with one of these tags, or of these ids; all where neither is given.

        Raises:
            UsageError: there is no such tag or case.
        """
        tags, ids = tuple(tags), tuple(ids)
        cases = self.suite.cases
        _known("case", ids, [case.id for case in cases])
        _known("tag", tags, sorted({tag for case in cases for tag in case.tags}))
        return tuple(
            case
            for case in cases
            if not (tags or ids) or case.id in ids or not {*tags}.isdisjoint(case.tags)
        )


Look = Callable[[SuiteFolder, Case | Gate], Iterable[Fault]]
"""Looks deeper into a case or a gate that is valid by itself."""


def find_suite(name_or_path: str) -> Path:
    """The suite.yaml that is meant: a folder, a file, or a name, the user's own first.

    Raises:
        UsageError: there is no such suite.
    """
    if is_path(name_or_path) or name_or_path in {".", ".."}:
        return _suite_file(Path(name_or_path).expanduser())
    known = suites()
    if name_or_path in known:
        return known[name_or_path]
    near = difflib.get_close_matches(name_or_path, known, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    beside = Path(name_or_path, FILE).is_file()
    own = f"./{name_or_path}" if beside else "./NAME"
    raise UsageError(
        f"there is no suite {name_or_path!r}",
        hint=f"{meant}known: {', '.join(known)}; one of your own is given by its folder, {own}",
    )


def _suite_file(path: Path) -> Path:
    file = path / FILE if path.is_dir() else path
    if file.is_file():
        return file
    told = f"there is no {FILE} in {str(path)!r}" if path.is_dir() else f"there is no {str(path)!r}"
    raise UsageError(told, hint=f"a suite is a folder that holds a {FILE} with its cases")


def suites() -> dict[str, Path]:
    """Every suite that has a name, bundled and the user's own, which stand for theirs."""
    found: dict[str, Path] = {}
    for place in (Path(str(root().joinpath(FOLDER))), user_folder(FOLDER)):
        if place.is_dir():
            found |= {path.name: path / FILE for path in place.iterdir() if (path / FILE).is_file()}
    return dict(sorted(found.items()))


def load_suite(
    name_or_path: str,
    *,
    look: Look | None = None,
) -> SuiteFolder:
    """The suite of this name or path.

    ``look`` looks deeper into valid cases and gates, at what files hold; ``checking`` has one.

    Raises:
        UsageError: there is no such suite.
        DataFileError: its file is not valid; every fault as ``path:line:column: where: what``.
    """
    path = find_suite(name_or_path)
    suite = load_model(path, Suite, check=lambda value: _faults(value, path.parent, look))
    return SuiteFolder(path.parent.resolve(), suite)


def _faults(value: Any, folder: Path, look: Look | None) -> Iterator[Fault]:
    """What no field alone can show, in a file's plain values."""
    blocks = value.get("cases") if isinstance(value, dict) else None
    if not isinstance(blocks, list):
        return
    cases = [*_valid(Case, blocks)]
    ids = [block.get("id") if isinstance(block, dict) else None for block in blocks]
    for at, id_ in enumerate(ids):
        if id_ is not None and id_ in ids[:at]:
            yield Fault(("cases", at, "id"), f"{id_!r} is used above already; ids must differ")
    for at, case in cases:
        yield from (Fault(("cases", at, *place), what) for place, what in _files(folder, case))
        other = case.expect.same_as
        if other is not None and (other not in ids or other == case.id):
            yield Fault(("cases", at, "expect", "same_as"), f"there is no other case {other!r}")
    yield from _tag_faults(value, {tag for _, case in cases for tag in case.tags})
    if look is None:
        return
    known = {key: value[key] for key in ("guide", "task") if key in value}
    rest = {"title": FILE, **known, "cases": [case for _, case in cases]}
    for _, suite in _valid(Suite, [rest]):
        found = SuiteFolder(folder, suite)
        for key, parts in (("cases", cases), ("gates", _valid(Gate, value.get("gates")))):
            for at, part in parts:
                yield from (Fault((key, at, *place), what) for place, what in look(found, part))


def _valid(model: type[_Valid], blocks: Any) -> Iterator[tuple[int, _Valid]]:
    """Those that are valid by themselves, numbered; the model tells the faults of the others."""
    for at, block in enumerate(blocks if isinstance(blocks, list) else ()):
        with suppress(ValidationError):
            yield at, model.model_validate(block)


def _files(folder: Path, case: Case) -> Iterator[Fault]:
    for key in ("input", "labels", "second"):
        name = getattr(case, key)
        if name is None:
            continue
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            yield Fault((key,), f"{name!r} is not inside the suite's folder")
        elif not (folder / name).is_file():
            yield Fault((key,), f"there is no file {name!r} beside {FILE}")


def _tag_faults(value: dict[str, Any], tags: set[str]) -> Iterator[Fault]:
    gates = value.get("gates")
    for at, gate in enumerate(gates if isinstance(gates, list) else ()):
        tag = gate.get("tag") if isinstance(gate, dict) else None
        if tag and tag not in tags:
            yield Fault(("gates", at, "tag"), f"no case has the tag {tag!r}")
    parts = value.get("parts")
    for at, tag in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(tag, str) and tag not in tags:
            yield Fault(("parts", at), f"no case has the tag {tag!r}")


def _known(what: str, wanted: tuple[str, ...], known: list[str]) -> None:
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]!r}? " if near else ""
            listed = ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")
            raise UsageError(
                f"the suite has no {what} {name!r}", hint=f"{meant}known: {listed or 'none'}"
            )
