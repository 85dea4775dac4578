"""Suite: a folder of cases with the gates that its scores have to pass. Found, read, checked."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import UsageError
from coach.evaluation.case import Case, Name, Task
from coach.resources import Fault, is_path, load_model, root, user_folder

FOLDER = "evals"
FILE = "suite.yaml"
EngineName = Literal["embedded", "llm"]


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


Look = Callable[[Path, Suite | None, Case], Iterable[Fault]]
"""Looks at a valid case in its folder; the suite is None where something else is wrong with it."""


def find_suite(name_or_path: str) -> Path:
    """The suite.yaml that is meant: a folder, a file, or a name, the user's own first.

    Raises:
        UsageError: there is no such suite.
    """
    if is_path(name_or_path) or name_or_path in {".", ".."}:
        path = Path(name_or_path).expanduser()
        return path / FILE if path.is_dir() else path
    known = suites()
    if name_or_path in known:
        return known[name_or_path]
    near = difflib.get_close_matches(name_or_path, known, n=1)
    meant = f"did you mean {near[0]!r}? " if near else ""
    raise UsageError(
        f"there is no suite {name_or_path!r}",
        hint=f"{meant}known: {', '.join(known)}; one of your own is given by its folder, ./NAME",
    )


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

    ``look`` looks deeper into each valid case, at what its files hold; ``checking`` has one.

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
    cases: list[tuple[int, Case]] = []
    for at, block in enumerate(blocks):
        try:
            cases.append((at, Case.model_validate(block)))
        except ValidationError:
            continue  # its own faults are told by the model
    seen = Counter[str]()
    ids = {case.id for _, case in cases}
    for at, case in cases:
        if seen[case.id]:
            yield Fault(("cases", at, "id"), f"{case.id!r} is used above already; ids must differ")
        seen[case.id] += 1
        yield from (Fault(("cases", at, *place), what) for place, what in _files(folder, case))
        other = case.expect.same_as
        if other is not None and (other not in ids or other == case.id):
            yield Fault(("cases", at, "expect", "same_as"), f"there is no other case {other!r}")
    yield from _tag_faults(value, {tag for _, case in cases for tag in case.tags})
    if look is not None:
        suite = _valid(value)
        for at, case in cases:
            for fault in look(folder, suite, case):
                yield Fault(("cases", at, *fault.at), fault.what)


def _valid(value: Any) -> Suite | None:
    try:
        return Suite.model_validate(value)
    except ValidationError:
        return None


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
