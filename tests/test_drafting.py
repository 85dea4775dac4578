"""A plan out of labelled lines: what is entered, how it is worded, and what is only asked.

The labels are given by hand here, so that these tests speak of drafting and not of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coach.document import Document, read_bytes
from coach.engines.embedded.drafting import draft
from coach.finding import Finding
from coach.guide import load_guide
from coach.mapping import EngineInfo, LineLabel, assemble
from coach.plan import (
    Decision,
    Feedback,
    Goal,
    Lesson,
    Need,
    Plan,
    Responsibility,
    Statement,
    Strength,
    SuccessDefinition,
)

GUIDE = load_guide("isp")
ENGINE = EngineInfo(name="test", model="hand")

Given = tuple[str, str]
"""A line and its labels: item ids, ``>range``, ``~planned step``, ``!`` for punitive."""


def labelled(number: int, labels: str) -> LineLabel:
    items = tuple(word for word in labels.split() if word[0] not in ">~!")
    settled = next((word[1:] for word in labels.split() if word[0] == ">"), None)
    fields: dict[str, Any] = {
        "line": number,
        "items": items,
        "steps": tuple(dict.fromkeys(item.partition(".")[0] for item in items)),
        "range": settled,
        "planned": tuple(word[1:] for word in labels.split() if word[0] == "~"),
    }
    if "!" in labels:
        fields |= {"tone": "punitive", "category": "threat", "severity": "high"}
    return LineLabel.model_validate(fields)


def drafted(*given: Given, employee: str | None = "Ana", manager: str | None = None) -> Plan:
    text = "\n".join(line for line, _ in given) + "\n"
    document = read_bytes(text.encode(), "talk.txt", employee=employee, manager=manager)
    labels = [labelled(number, marks) for number, (_, marks) in enumerate(given, 1)]
    findings = [flagged(document, label.line) for label in labels if label.tone == "punitive"]
    steps = assemble(document, GUIDE, labels=labels, engine=ENGINE, findings=findings)
    plan = draft(document, GUIDE, steps, label=nothing)
    for section in plan.sections:
        for entry in section.entries:
            for piece in entry.evidence:
                assert document.text[piece.start : piece.end] == piece.quote
    return plan.grounded_in(document, without=findings)


def nothing(document: Document) -> Sequence[LineLabel]:
    """A model that sees nothing in a clause, so that the line's own labels hold for all of it."""
    return [LineLabel(line=line.number) for line in document.lines]


def flagged(document: Document, number: int) -> Finding:
    """The last clause of the line as a finding."""
    line = document.line(number)
    start = line.start + line.text.rfind(". ") + 2 if ". " in line.text else line.content_start
    return Finding(
        rule="tone.threat",
        category="threat",
        severity="high",
        line=number,
        column=start - line.start + 1,
        start=start,
        end=line.end,
        quote=document.text[start : line.end],
        message="reads as a threat.",
    )


def entries(plan: Plan, step: str) -> list[Any]:
    return list(next(section.entries for section in plan.sections if section.step == step))


def test_a_note_says_decision_and_terms_apart() -> None:
    plan = drafted(
        ("- comps up to $50 she just does em", "autonomy.categorised >do"),
        ("- annual fees: do it, drop it in the log", "autonomy.categorised >do_then_tell"),
        (
            "- hiring - loop me in before the offer, then hers",
            "autonomy.categorised >consult_then_do",
        ),
    )
    found = entries(plan, "autonomy")
    assert [(d.text, d.range, d.terms) for d in found] == [
        ("Comps up to $50", "do", "she just does em"),
        ("Annual fees", "do_then_tell", "do it, drop it in the log"),
        ("Hiring", "consult_then_do", "loop me in before the offer, then hers"),
    ]
    assert all(isinstance(decision, Decision) for decision in found)


def test_a_limit_splits_one_line_into_two_decisions() -> None:
    plan = drafted(
        (
            "said she can close anything under 2k herself, just put it in the log. "
            "2k-10k she rings me first but it's her call",
            "autonomy.categorised >do_then_tell",
        )
    )
    assert [decision.range for decision in entries(plan, "autonomy")] == [
        "do_then_tell",
        "consult_then_do",
    ]


def test_a_decision_of_a_talk_is_named_by_the_question_it_answers() -> None:
    plan = drafted(
        ("Bo: And buying bits? Boxes, the few blankets.", "autonomy.categorised"),
        (
            "Ana: Up to two hundred, work away, drop me the receipt.",
            "autonomy.categorised >do_then_tell",
        ),
        ("Bo: And a new bank of cages?", "autonomy.categorised"),
        ("Ana: Bring it to me and wait for a yes.", "autonomy.categorised >ask_first"),
        employee="Bo",
        manager="Ana",
    )
    found = entries(plan, "autonomy")
    assert [(d.text, d.range, d.lines) for d in found] == [
        ("Buying bits", "do_then_tell", (1, 2)),
        ("A new bank of cages", "ask_first", (3, 4)),
    ]


def test_two_voices_that_differ_are_both_kept_and_the_last_holds() -> None:
    plan = drafted(
        ("Bo: so overtime I just book and tell you", "autonomy.categorised >do_then_tell"),
        ("Ana: overtime you ask me before, please", "autonomy.categorised >ask_first"),
        ("Bo: fine, I'll ask", ""),
        employee="Bo",
        manager="Ana",
    )
    (decision,) = entries(plan, "autonomy")
    assert decision.range == "ask_first"
    assert [(view.who, view.range) for view in decision.views] == [
        ("Bo", "do_then_tell"),
        ("Ana", "ask_first"),
    ]


def test_a_range_that_the_wording_does_not_settle_is_marked_as_inferred() -> None:
    plan = drafted(
        ("- bigger ones land on my desk", "autonomy.categorised >ask_first"),
        ("- annual fees: do it, drop me a line", "autonomy.categorised >do_then_tell"),
    )
    marks = [(d.range, d.provenance) for d in entries(plan, "autonomy")]
    assert marks == [("ask_first", "inferred"), ("do_then_tell", "stated")]


def test_a_wish_for_more_freedom_sets_no_range_and_becomes_a_question() -> None:
    plan = drafted(("she would like the settlements one day, not yet", "autonomy.increase"))
    (decision,) = entries(plan, "autonomy")
    assert decision.range == "not_discussed"
    assert any("who decides for now" in asked.question for asked in plan.open_questions)


def test_a_success_definition_holds_what_how_and_when() -> None:
    plan = drafted(
        ("1:1 Ana 14 Oct 2026", ""),
        ("- recon is done only when all 3 sample files tally, by Friday", "success.quality"),
        ("- great = net zero by 1 March", "success.measurable success.timeline"),
    )
    recon, net = entries(plan, "success")
    assert isinstance(recon, SuccessDefinition)
    assert (recon.text, recon.due, recon.due_date) == ("Recon", "Friday", "2026-10-16")
    assert (net.text, net.due_date) == ("Net zero by 1 March", "2027-03-01")
    assert net.indicators[0].kind == "measurable"


def test_a_wish_without_a_sign_becomes_a_question_and_no_number_is_invented() -> None:
    plan = drafted(("improve communication", "success.communication"))
    assert entries(plan, "success") == []
    asked = [question.question for question in plan.open_questions if question.step == "success"]
    assert any("Improve communication" in question for question in asked)


def test_what_comes_first_stands_first_and_asks_for_its_success() -> None:
    plan = drafted(
        ("recipe cards can wait till January", "tasks.deferrable"),
        ("night bake, 4 nights", "tasks.core_responsibilities"),
        ("wholesale rota first", "tasks.most_critical"),
        ("vans loaded by 5", "success.measurable"),
    )
    found = entries(plan, "tasks")
    assert all(isinstance(entry, Responsibility) for entry in found)
    assert [entry.priority for entry in found] == ["first", None, "later"]
    assert any("wholesale rota" in q.question.lower() for q in plan.open_questions)


def test_goals_are_at_most_three_and_the_others_are_kept_as_not_chosen() -> None:
    plan = drafted(
        *((f"wants to learn {what} properly", "development.goals") for what in "abcde"),
        ("I pay the exam, 2 hrs a week", "development.resources"),
    )
    goals = [entry for entry in entries(plan, "development") if isinstance(entry, Goal)]
    assert [goal.chosen for goal in goals] == [True, True, True, False, False]
    backed = next(goal for goal in goals if goal.resources)
    assert backed.chosen
    assert backed.resources == ("I pay the exam, 2 hrs a week",)


def test_strengths_and_lessons_stand_beside_the_goals_and_none_gives_a_question() -> None:
    plan = drafted(
        ("kept everyone calm on the big claim", "development.strengths"),
        ("count was off, she counts before signing now", "development.misses"),
    )
    kinds = [type(entry) for entry in entries(plan, "development")]
    assert kinds == [Strength, Lesson]
    assert any(question.step == "development" for question in plan.open_questions)


def test_needs_are_told_by_person_and_an_answer_joins_its_need() -> None:
    plan = drafted(
        ("Bo: I need read access, I share a screen to see my own logs.", "support.employee_needs"),
        ("Ana: I'll sponsor you today.", "support.employee_needs"),
        ("Ana: From you I'd like a text when you are stuck.", "support.manager_needs"),
        (
            "Bo: you ask for news every five minutes and I lose my place",
            "support.leadership_feedback",
        ),
        employee="Bo",
        manager="Ana",
    )
    need, asked, feedback = entries(plan, "support")
    assert isinstance(need, Need)
    assert (need.who, need.response) == ("employee", "I'll sponsor you today")
    assert asked.who == "manager"
    assert isinstance(feedback, Feedback)


def test_nothing_of_a_punitive_clause_gets_into_the_plan_but_its_fact_is_asked() -> None:
    plan = drafted(
        ("the July batch went out with wrong codes again. once more and it goes on her file", "!"),
    )
    assert plan.empty
    (asked,) = [q.question for q in plan.open_questions if "July batch" in q.question]
    assert "file" not in asked
    assert "Ana's side" in asked


def test_a_planned_step_is_asked_as_planned() -> None:
    plan = drafted(("TODO next time: who signs what", "~autonomy"))
    assert entries(plan, "autonomy") == []
    first, *others = [q for q in plan.open_questions if q.step == "autonomy"]
    assert (first.question, first.planned) == ("“Who signs what”", True)
    assert others and not any(question.planned for question in others)


def test_statements_leave_out_mere_reactions() -> None:
    plan = drafted(
        ("Ana: the whole branch lives off the nine o'clock run", "purpose.role_connection"),
        ("Bo: oh right, that makes sense.", "purpose.role_connection"),
        ("Ana: grand.", ""),
        ("Bo: is the kettle on?", ""),
        employee="Bo",
        manager="Ana",
    )
    (statement,) = entries(plan, "purpose")
    assert isinstance(statement, Statement)
    assert statement.lines == (1,)


def test_notes_without_anything_give_empty_sections_and_questions() -> None:
    plan = drafted(("flour 500 g, two eggs, bake for an hour", ""))
    assert plan.empty
    assert {question.step for question in plan.open_questions} == set(GUIDE.step_ids)


def test_date_period_and_checkpoint_are_taken_as_written() -> None:
    plan = drafted(
        ("1:1 Ana 14 Oct, Q4", ""),
        ("nothing sits longer than a day. look at it together mid Nov", "success.measurable"),
    )
    assert (plan.date, plan.period, plan.next_checkpoint) == ("14 Oct", "Q4", "mid Nov")
