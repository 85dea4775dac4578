"""An evaluation as one HTML page that needs nothing else: no request, readable without its script.

Gates, failures, scores with intervals, every case with the lines that are not as wanted; one run,
or two side by side. The page's frame, style and script stand in evaluation_page/.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from coach.evaluation.record import Comparison, GateResult, Report
from coach.render.evaluation_figures import facts, gate_name, written
from coach.render.evaluation_html_cases import case_id, cases_section, examples
from coach.render.evaluation_html_scores import pill, scores_section, table
from coach.render.markup import Content, element, written_html
from coach.render.visible import visible

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_PAGE = files("coach.render").joinpath("evaluation_page")
_POLICY = (
    "default-src 'none'; style-src {style}; script-src {script}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_MOST, _LEAST = 297_000, 60_000
"""Bytes of a page with its lines, and what the lines get however large the rest is."""
_MADE_OF = ("suite", "suite_sha256", "engine", "model", "fingerprint", "mode", "coach")


def report_html(
    report: Report, other: Report | None = None, comparison: Comparison | None = None
) -> str:
    """The page; with a second report and their comparison, the first is before, the second after.

    Everything that a note, a model or a suite wrote is escaped, and control characters are written
    out; the policy in the head allows this page's own style and script and no request.
    """
    runs = (report, other) if other else (report,)
    bare = _page(runs, comparison, room=0)
    return _page(runs, comparison, room=max(_LEAST, _MOST - len(bare.encode())))


def _page(runs: Sequence[Report], comparison: Comparison | None, *, room: int) -> str:
    style, script = (_part(name) for name in ("page.css", "page.js"))
    return Template(_part("page.html")).substitute(
        policy=_POLICY.format(style=_digest(style), script=_digest(script)),
        title=escape(visible(f"{_name(runs)}: {_verdict(runs, comparison)[0]}")),
        style=style,
        script=script,
        body="\n".join(written_html(part) for part in _body(runs, comparison, room=room)),
    )


def _part(name: str) -> str:
    return _PAGE.joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _body(runs: Sequence[Report], comparison: Comparison | None, *, room: int) -> Iterator[Element]:
    found = examples(runs, comparison)
    yield element("a", "Skip to the cases", class_="skip", href="#cases")
    yield element("header", _head(runs, comparison))
    yield element(
        "main", _gates(runs), _failures(runs), scores_section(runs, comparison),
        cases_section(found, runs, room=room),
    )  # fmt: skip


# -- head ------------------------------------------------------------------------------------------


def _name(runs: Sequence[Report]) -> str:
    return " and ".join(dict.fromkeys(run.run.suite for run in runs))


def _verdict(runs: Sequence[Report], comparison: Comparison | None) -> tuple[str, str]:
    """What there is to say in a few words, and whether it is good or bad."""
    gates = runs[-1].gates
    broken = sum(not gate.passed for gate in gates)
    told = f"{broken} of {len(gates)} gates failed" if broken else f"all {len(gates)} gates kept"
    said = told if gates else "no gate was judged"
    if comparison:
        sure = [one.verdict for one in comparison.differences if one.listed]
        worse, better = sure.count("worse"), sure.count("better")
        said = f"{better} figures better, {worse} worse; {said}"
        if worse:
            return said, "bad"
    return said, "bad" if broken else "good" if gates else "unsure"


def _head(runs: Sequence[Report], comparison: Comparison | None) -> Iterator[Content]:
    said, kind = _verdict(runs, comparison)
    yield element("h1", f"{_name(runs)} ", pill(said, kind))
    names = ("before: ", "after: ") if len(runs) > 1 else ("",)
    for name, run in zip(names, runs, strict=True):
        yield element("p", "; ".join((f"{name}{text}" if not at else text)
                                     for at, text in enumerate(facts(run))))  # fmt: skip
    rows = [[getattr(run.run, field) for run in runs] for field in _MADE_OF]
    yield element(
        "details",
        element("summary", "What the runs were made of" if name else "What the run was made of"),
        table(
            ("", "before", "after") if len(runs) > 1 else ("", ""),
            (
                element(
                    "tr",
                    element("th", field.replace("_", " "), scope="row"),
                    (element("td", element("code", value)) for value in values),
                    class_="changed" if len({*values}) > 1 else None,
                )
                for field, values in zip(_MADE_OF, rows, strict=True)
            ),
            class_="narrow",
        ),
    )


# -- gates and failures ----------------------------------------------------------------------------


def _gates(runs: Sequence[Report]) -> Element | None:
    """Every gate, those that failed last time first."""
    known: dict[str, list[GateResult | None]] = {}
    for at, run in enumerate(runs):
        for result in run.gates:
            known.setdefault(gate_name(result), [None] * len(runs))[at] = result
    if not known:
        return None
    order = sorted(known.items(), key=lambda item: item[1][-1] is None or item[1][-1].passed)
    heads = ("", "gate", *(("before", "after") if len(runs) > 1 else ("value",)), "")
    return element(
        "section",
        element("h2", "Gates"),
        table(
            heads,
            (_gate_row(name, results) for name, results in order),
            numbers=range(2, 2 + len(runs)),
            class_="narrow",
        ),
    )


def _gate_row(name: str, results: Sequence[GateResult | None]) -> Element:
    last = results[-1]
    verdict = pill("not judged", "") if last is None else pill("kept", "good")
    if last and not last.passed:
        verdict = pill("failed", "bad")
    return element(
        "tr",
        element("td", verdict),
        element("th", name, scope="row"),
        (_gate_value(one) for one in results),
        element("td", last.why if last and not last.passed else None),
        class_="told",
    )


def _gate_value(result: GateResult | None) -> Element:
    missed = result is not None and not result.passed
    text = written(result.value) if result else "-"
    return element("td", element("b", text) if missed else text, class_="n")


def _failures(runs: Sequence[Report]) -> Element | None:
    causes = dict.fromkeys(cause for run in runs for cause in run.failures)
    if not causes:
        return None
    return element(
        "section",
        element("h2", "Cases without a result"),
        element("p", "They are counted as missed in every figure.", class_="soft"),
        table(
            ("cause", *(("before", "after") if len(runs) > 1 else ("cases",)), "which"),
            (
                element(
                    "tr",
                    element("th", cause, scope="row"),
                    (element("td", str(run.failures.get(cause, 0)), class_="n") for run in runs),
                    element("td", _links(cause, runs)),
                )
                for cause in causes
            ),
            numbers=range(1, len(runs) + 1),
        ),
    )


def _links(cause: str, runs: Sequence[Report]) -> Iterator[Content]:
    failed = dict.fromkeys(
        one.case
        for run in runs
        for one in run.outcomes
        if one.failure and one.failure.cause == cause
    )
    for at, case in enumerate(failed):
        yield ", " if at else None
        yield element("a", case, href=f"#{case_id(case)}")
