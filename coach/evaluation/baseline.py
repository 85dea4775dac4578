"""Baseline: the counts, case by case, that later runs are compared with; a file of the suite."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.errors import DataFileError
from coach.evaluation.expecting import compared
from coach.evaluation.measures import by_case, figures
from coach.evaluation.record import Count
from coach.evaluation.run_file import Run
from coach.evaluation.suite import EngineName, Suite

FILE = "baseline.json"


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    model: str
    counts: dict[str, dict[str, Count]]
    """By score and case."""


class Baseline(BaseModel):
    """For each engine, the counts behind every score that a gate compares."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True
    )

    schema_: str = Field(default="coach.eval.baseline/1", alias="schema")
    engines: dict[EngineName, _Kept] = {}

    def counts_of(self, engine: EngineName, score: str) -> Mapping[str, Count] | None:
        """What each case added to this score, or None where that was not kept."""
        kept = self.engines.get(engine)
        return kept.counts.get(score) if kept else None

    def with_run(self, run: Run, suite: Suite) -> Baseline:
        """The baseline with this run in the place of the one of its engine."""
        wanted = {gate.score for gate in suite.gates if gate.not_worse is not None}
        outcomes = [one for one in compared(run.outcomes, suite) if one.repeat == 1]
        counts = {
            figure.id: by_case(figure, outcomes)
            for figure in figures(outcomes)
            if figure.id in wanted
        }
        kept = _Kept(model=run.header.model, counts=counts)
        return self.model_copy(update={"engines": {**self.engines, run.header.engine: kept}})

    def text(self) -> str:
        """The file that holds it, a line a case, so that a change can be read."""
        whole = json.loads(self.model_dump_json())
        engines = []
        for name, kept in sorted(whole["engines"].items()):
            scores = []
            for score, cases in sorted(kept["counts"].items()):
                rows = ",\n".join(f"    {json.dumps(c)}: {json.dumps(n)}" for c, n in cases.items())
                scores.append(f"   {json.dumps(score)}: {{\n{rows}\n   }}")
            joined = ",\n".join(scores)
            head = f'  {json.dumps(name)}: {{"model": {json.dumps(kept["model"])}, "counts": {{'
            engines.append(f"{head}\n{joined}\n  }}}}")
        joined = ",\n".join(engines)
        return f'{{"schema": {json.dumps(whole["schema"])},\n "engines": {{\n{joined}\n }}}}\n'


def read_baseline(folder: Path) -> Baseline | None:
    """The suite's baseline, or None where it has none.

    Raises:
        DataFileError: the file is not valid.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError:
        raise DataFileError(
            f"{path}: this is no baseline of this version of coach",
            hint="write it anew with `coach eval SUITE --keep-baseline`",
        ) from None
