"""From line labels to a map: quotes, statuses, questions, findings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coach.document import Document, read_bytes
from coach.finding import Finding
from coach.guide import load_guide
from coach.mapping import EngineInfo, Evidence, LineLabel, StepMap, assemble, status_of

NOTES = """1:1 Ana 3 June
- stock count is hers, till too
- done means under 2 per cent loss by August

TODO talk about who signs off refunds
told her one more slip and she is off nights
"""
ENGINE = EngineInfo(name="test", model="hand")
GUIDE = load_guide("isp")
SUCCESS = (
    LineLabel(line=2, steps=("success",), items=("success.timeline",)),
    LineLabel(line=3, steps=("success",), items=("success.measurable", "success.timeline")),
)


def notes(text: str = NOTES) -> Document:
    return read_bytes(text.encode(), "notes.md")


def mapped(*labels: LineLabel, document: Document | None = None) -> StepMap:
    return assemble(document or notes(), GUIDE, labels=labels, engine=ENGINE)


def finding(document: Document, told: str, /, **more: object) -> Finding:
    start = document.text.index(told)
    line = document.line_at(start)
    known: dict[str, object] = {
        "rule": "tone.threat",
        "category": "threat",
        "severity": "medium",
        "line": line.number,
        "column": start - line.start + 1,
        "start": start,
        "end": start + len(told),
        "quote": told,
        "message": "reads as a threat.",
    }
    return Finding.model_validate(known | more)


def test_every_non_empty_line_is_listed_and_every_step_is_there_in_order() -> None:
    found = mapped()
    assert [label.line for label in found.lines] == [1, 2, 3, 5, 6]
    assert tuple(step.id for step in found.steps) == GUIDE.step_ids
    assert {step.status for step in found.steps} == {"skipped"}


def test_a_quote_is_a_slice_of_the_text_without_its_bullet() -> None:
    document = notes()
    found = mapped(LineLabel(line=2, steps=("tasks",), items=("tasks.core_responsibilities",)))
    (piece,) = found.steps[1].evidence
    assert piece.quote == "stock count is hers, till too"
    assert document.text[piece.start : piece.end] == piece.quote
    assert piece.items == ("tasks.core_responsibilities",)


def test_a_planned_line_makes_a_step_planned_and_never_covered() -> None:
    found = mapped(LineLabel(line=5, planned=("autonomy",)))
    step = found.steps[3]
    assert (step.status, step.evidence) == ("planned", ())
    assert [piece.line for piece in step.planned] == [5]
    assert step.questions


def test_lines_that_are_only_likely_never_cover_a_step() -> None:
    unsure = [label.model_copy(update={"likely": ("success",)}) for label in SUCCESS]
    assert mapped(*SUCCESS).steps[2].status == "covered"
    assert mapped(*unsure).steps[2].status == "partial"
    assert mapped(SUCCESS[0]).steps[2].status == "partial"


def test_an_open_step_asks_for_its_missing_items_and_a_covered_one_asks_nothing() -> None:
    found = mapped(*SUCCESS)
    by_id = {step.id: step for step in found.steps}
    assert by_id["success"].questions == ()
    assert "success.measurable" not in by_id["success"].missing
    assert len(by_id["support"].questions) == 3
    assert not any("$employee" in question for step in found.steps for question in step.questions)


def test_labels_for_lines_that_do_not_exist_are_left_out() -> None:
    found = mapped(LineLabel(line=99, steps=("tasks",)))
    assert [label.line for label in found.lines] == [1, 2, 3, 5, 6]
    assert found.steps[1].status == "skipped"


def test_evidence_and_findings_that_do_not_stand_in_the_text_are_dropped() -> None:
    document = notes()
    found = mapped(*SUCCESS)
    invented = Evidence(quote="she agreed to all of it", line=3, start=10, end=33)
    steps = tuple(
        step.model_copy(update={"evidence": (invented,)}) if step.id == "success" else step
        for step in found.steps
    )
    forged = found.model_copy(
        update={
            "steps": steps,
            "findings": (finding(document, "one more slip", quote="one more chance"),),
        }
    ).grounded_in(document)
    assert forged.steps[2].evidence == ()
    assert forged.steps[2].status == "skipped"
    assert forged.findings == ()


def test_findings_are_added_and_never_removed_and_the_rule_speaks_for_both() -> None:
    document = notes()
    model = finding(document, "told her one more slip", found_by="model", severity="high")
    rule = finding(document, "one more slip and she is off nights")
    other = finding(document, "told her", category="blame", rule="tone.blame", severity="low")
    found = mapped().with_findings([model]).with_findings([rule, other])
    assert [(f.category, f.severity, f.found_by) for f in found.findings] == [
        ("blame", "low", "rule"),
        ("threat", "high", "rule"),
    ]
    label = next(label for label in found.lines if label.line == 6)
    assert (label.tone, label.category, label.severity) == ("punitive", "threat", "high")


def test_json_has_the_contract_names() -> None:
    data = mapped().model_dump(mode="json")
    assert data["schema"] == "coach.map/1"
    assert set(data["source"]) == {"name", "kind", "lines", "sha256"}
    contract = {"line", "speaker", "steps", "items", "tone", "range", "planned"}
    assert contract <= set(data["lines"][0])


_WRITTEN = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(st.lists(_WRITTEN, max_size=12), st.data())
def test_any_text_and_any_labels_give_quotes_that_equal_their_slices(
    lines: list[str], data: st.DataObject
) -> None:
    text = "\n".join(["start of notes", *lines])
    document = notes(text)
    steps = st.sets(st.sampled_from(GUIDE.step_ids), max_size=2).map(tuple)
    labels = [
        LineLabel(line=line.number, steps=data.draw(steps), planned=data.draw(steps))
        for line in document.lines
    ]
    found = assemble(document, GUIDE, labels=labels, engine=ENGINE)
    for step in found.steps:
        for piece in (*step.evidence, *step.planned):
            assert document.text[piece.start : piece.end] == piece.quote
            assert document.line_at(piece.start).number == piece.line


def test_a_step_with_a_single_item_can_be_covered() -> None:
    labels = [LineLabel(line=n, steps=("one",), items=("one.only",)) for n in (2, 3)]
    assert status_of(labels, "one", wanted=1) == "covered"
    assert status_of(labels, "one") == "partial"
