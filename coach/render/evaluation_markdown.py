"""An evaluation as Markdown, for a pull request: gates first, then figures, then what failed."""

from __future__ import annotations

from collections.abc import Iterator

from coach.evaluation.record import Comparison, Report
from coach.render.evaluation_figures import (
    cautions,
    facts,
    failed_checks,
    gate_name,
    interval,
    judged_facts,
    run_text,
    shortened,
    written,
)
from coach.render.visible import in_markdown

_SHOWN = 15


def report_markdown(report: Report) -> str:
    """The report."""
    return "\n".join(_report(report)) + "\n"


def comparison_markdown(found: Comparison) -> str:
    """Two runs side by side."""
    return "\n".join(_comparison(found)) + "\n"


def _report(report: Report) -> Iterator[str]:
    broken = [result for result in report.gates if not result.passed]
    verdict = "no gate was judged"
    if report.gates:
        verdict = f"{len(broken)} of {len(report.gates)} gates failed" if broken else "gates kept"
    yield f"## {in_markdown(report.run.suite)}: {verdict}\n"
    for result in broken:
        yield f"- **{in_markdown(gate_name(result))}**: {in_markdown(result.why)}"
    if broken:
        yield ""
    for text in facts(report):
        yield f"{in_markdown(text)}  "
    for text in judged_facts(report):
        yield f"{in_markdown(text)}  "
    for part in dict.fromkeys(one.tag for one in report.scores):
        yield f"\n### {in_markdown(part)}\n" if part else ""
        yield "| figure | value | 95 % | counted | cases |"
        yield "| --- | ---: | ---: | ---: | ---: |"
        for one in report.scores:
            if one.tag == part and one.listed:
                yield (
                    f"| {in_markdown(one.title.strip())} | {written(one.value, one.per)} "
                    f"| {interval(one)} | {one.count.wanted} | {one.cases} |"
                )
    failed = [*failed_checks(report)]
    if failed:
        yield f"\n<details><summary>{len(failed)} expectations do not hold</summary>\n"
        for case, what in failed[: _SHOWN * 4]:
            yield f"- {in_markdown(case)}: {in_markdown(what)}"
        if len(failed) > _SHOWN * 4:
            yield f"- and {len(failed) - _SHOWN * 4} more"
        yield "\n</details>"


def _comparison(found: Comparison) -> Iterator[str]:
    sure = [one for one in found.differences if one.listed and one.verdict in {"better", "worse"}]
    told = ", ".join(f"{one.title.strip()} {one.verdict}" for one in sure) or "no sure difference"
    yield f"## {in_markdown(found.after.suite)}: {in_markdown(told)}\n"
    yield f"before: {in_markdown(run_text(found.before))}  "
    yield f"after: {in_markdown(run_text(found.after))}\n"
    for text in cautions(found):
        yield f"- {text}\n"
    yield "| figure | part | before | after | 95 % of the difference | would show | verdict |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | --- |"
    for one in found.differences:
        if one.listed and one.changed:
            yield (
                f"| {in_markdown(one.title.strip())} | {in_markdown(one.tag or 'all')} "
                f"| {written(one.before, one.per)} | {written(one.after, one.per)} "
                f"| {interval(one)} | {written(one.detectable, one.per)} | {one.verdict} |"
            )
    for case in found.changed[:_SHOWN]:
        notes = "; ".join(shortened(case.notes))
        yield (
            f"\n- {in_markdown(case.case)}: {case.repaired} repaired, {case.broken} broken. "
            f"{in_markdown(notes)}"
        )
    if len(found.changed) > _SHOWN:
        yield f"\n- and {len(found.changed) - _SHOWN} more cases"
