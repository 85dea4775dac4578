"""``coach schema``: the JSON Schema of what ``--json`` prints."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from coach.errors import UsageError


def schema(
    name: Annotated[
        str,
        typer.Argument(
            help="map, draft, plan, tone, rules, rehearsal, script, eval, eval-compare, suite, "
            "inspect, guide, doctor or cache."
        ),
    ],
) -> None:
    """Print the JSON Schema of a result."""
    from pydantic import BaseModel

    from coach.agenda import Agenda
    from coach.checks.report import ToneReport
    from coach.checks.rulebook import Explanation
    from coach.cli.output import emit
    from coach.evaluation import Comparison, Report, Suite
    from coach.guide import Guide
    from coach.mapping import StepMap
    from coach.plan import Draft, PlanFile
    from coach.rehearsal import Debrief
    from coach.render.diagnosis import Diagnosis
    from coach.render.inspection import Inspection
    from coach.render.kept_answers import KeptAnswers

    models: dict[str, type[BaseModel]] = {
        "map": StepMap,
        "draft": Draft,
        "plan": PlanFile,
        "tone": ToneReport,
        "rules": Explanation,
        "inspect": Inspection,
        "guide": Guide,
        "doctor": Diagnosis,
        "cache": KeptAnswers,
        "rehearsal": Debrief,
        "eval": Report,
        "eval-compare": Comparison,
        "suite": Suite,
        "script": Agenda,
    }
    if name not in models:
        raise UsageError(
            f"there is no schema {name!r}", hint=f"the schemas are {', '.join(sorted(models))}"
        )
    described = models[name].model_json_schema(by_alias=True, mode="serialization")
    described["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    emit(json.dumps(described, indent=2))
