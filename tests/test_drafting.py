"""A plan out of labelled lines: what is entered, how it is worded, and what is only asked.

The labels are given by hand here, so that these tests speak of drafting and not of the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from coach import workflow
from coach.document import Document, read_bytes
from coach.engines import open_engine
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


def views_of(decision: Decision) -> list[tuple[str, str]]:
    return [(view.who, view.range) for view in decision.views]


CHOSEN = "autonomy.categorised"
APART = "two views were named. Which one holds from now on?"


@pytest.mark.parametrize(
    ("lines", "text", "range_", "views"),
    [
        (
            ["who books overtime: she thinks it's her call, I want to be asked first. left open"],
            "Who books overtime",
            "not_discussed",
            [("employee", "do"), ("manager", "ask_first")],
        ),
        (
            [
                "quotes: Tomas wants to sign them off himself and tell me after",
                "me: quotes come to me first for now, I say yes or no",
            ],
            "Quotes",
            "ask_first",
            [("employee", "do_then_tell"), ("manager", "ask_first")],
        ),
        (
            ["- Supplier change: Noor's view - she decides alone. My view - she asks me before."],
            "Supplier change",
            "not_discussed",
            [("employee", "do"), ("manager", "ask_first")],
        ),
        (
            ["weekend work. Ada: I decide that. Me: no, ask me. Parked."],
            "Weekend work",
            "not_discussed",
            [("employee", "do"), ("manager", "ask_first")],
        ),
        (
            ["on menu prices Tomas thinks he sets them, I think I do"],
            "On menu prices",
            "not_discussed",
            [("employee", "do"), ("manager", "ask_first")],
        ),
    ],
)
def test_notes_that_tell_two_views_keep_both_and_ask(
    lines: list[str], text: str, range_: str, views: list[tuple[str, str]]
) -> None:
    plan = drafted(*((line, CHOSEN) for line in lines))
    (decision,) = entries(plan, "autonomy")
    assert (decision.text, decision.range, views_of(decision)) == (text, range_, views)
    asked = [question.question for question in plan.open_questions]
    assert f"“{text}”: {APART}" in asked


@pytest.mark.parametrize(
    "line",
    [
        "good on the returns: she says 20 a day is plenty, I said 30",
        "she says the March report went out on time, I have it two days late in the log",
        "on training she wants two days, I see it differently, no agreement yet",
    ],
)
def test_two_views_of_a_number_or_a_fact_are_asked_about(line: str) -> None:
    asked = [one.question for one in drafted((line, "")).open_questions]
    assert any(question.endswith(APART) for question in asked)


@pytest.mark.parametrize(
    "line",
    [
        "wants the CII unit, I'd pay for exam + 2 hrs/wk",
        "she'd like to sign quotes herself, I said yes, from May",
        "he wants the course, 400 pounds, I think 2 hours a week are fine",
        "she feels the list is too long, I agreed to drop two",
    ],
)
def test_a_wish_and_its_answer_are_no_two_views(line: str) -> None:
    asked = [one.question for one in drafted((line, "")).open_questions]
    assert not any(APART in question for question in asked)


def test_a_wish_against_the_managers_word_is_kept_and_never_widens_it() -> None:
    plan = drafted(
        ("Ana: Price cuts, those you ask me first.", f"{CHOSEN} >ask_first"),
        ("Bo: I think I should be able to do price cuts on my own.", CHOSEN),
        ("Ana: I don't think so yet.", ""),
        employee="Bo",
        manager="Ana",
    )
    (decision,) = entries(plan, "autonomy")
    assert decision.range == "ask_first"
    assert views_of(decision) == [("Ana", "ask_first"), ("Bo", "do")]


@pytest.mark.parametrize(
    ("said", "answer", "views"),
    [
        ("overtime you ask me before", "No, overtime is my call.", 2),
        ("overtime you ask me before", "Okay, I'll book nothing myself.", 0),
        ("overtime you book, tell me after", "I'll book it myself.", 0),
    ],
)
def test_a_claim_is_a_second_view_only_of_what_the_manager_keeps(
    said: str, answer: str, views: int
) -> None:
    range_ = "ask_first" if "ask" in said else "do_then_tell"
    plan = drafted(
        (f"Ana: {said}", f"{CHOSEN} >{range_}"),
        (f"Bo: {answer}", ""),
        employee="Bo",
        manager="Ana",
    )
    (decision,) = entries(plan, "autonomy")
    assert (decision.range, len(decision.views)) == (range_, views)


def test_two_views_that_the_talk_leaves_open_settle_no_range() -> None:
    plan = drafted(
        ("Ana: Who should decide on spare parts?", CHOSEN),
        ("Bo: I'd rather just order them and tell you afterwards.", f"{CHOSEN} >do_then_tell"),
        ("Ana: No, for spare parts I want to give my ok first.", f"{CHOSEN} >ask_first"),
        ("Bo: I see that differently.", ""),
        ("Ana: Then we leave it open until May.", ""),
        employee="Bo",
        manager="Ana",
    )
    (decision,) = entries(plan, "autonomy")
    assert decision.range == "not_discussed"
    assert views_of(decision) == [("Bo", "do_then_tell"), ("Ana", "ask_first")]


def test_two_views_that_meet_halfway_leave_one_range() -> None:
    plan = drafted(
        ("Ana: For hiring temps, you ask me first.", f"{CHOSEN} >ask_first"),
        ("Bo: I'd rather choose them myself.", CHOSEN),
        ("Ana: Fair. Talk to me before, and then you choose.", f"{CHOSEN} >consult_then_do"),
        employee="Bo",
        manager="Ana",
    )
    (decision,) = entries(plan, "autonomy")
    assert (decision.range, decision.views) == ("consult_then_do", ())


def test_a_wish_that_nobody_answers_settles_nothing_and_a_yes_settles_it() -> None:
    wish = ("Bo: I'd rather just order the parts and tell you after.", f"{CHOSEN} >do_then_tell")
    silent = drafted(wish, ("Ana: How is the van?", ""), employee="Bo", manager="Ana")
    granted = drafted(wish, ("Ana: Yes, do that.", ""), employee="Bo", manager="Ana")
    assert [one.range for one in entries(silent, "autonomy")] == ["not_discussed"]
    assert [one.range for one in entries(granted, "autonomy")] == ["do_then_tell"]
    assert entries(granted, "autonomy")[0].lines == (1, 2)


@pytest.mark.parametrize(
    ("lines", "text", "terms"),
    [
        (
            ["refunds up to 500 she decides, tells me after ... no, make it 800"],
            "Refunds up to 800",
            "she decides, tells me after ...",
        ),
        (
            ["expenses to 200 she signs herself, correction: to 150, and I get the slip after"],
            "Expenses to 150",
            "she signs herself and I get the slip after",
        ),
        (
            ["tools up to £500 he buys himself", "on second thought 800"],
            "Tools up to £800 he buys",
            "himself",
        ),
    ],
)
def test_an_amount_that_was_changed_is_entered_once_as_it_came_to_be(
    lines: list[str], text: str, terms: str
) -> None:
    plan = drafted(*((line, f"{CHOSEN} >do") for line in lines))
    (decision,) = entries(plan, "autonomy")
    assert (decision.text, decision.terms, decision.provenance) == (text, terms, "inferred")


def test_a_range_that_was_changed_holds_as_it_came_to_be() -> None:
    plan = drafted(
        ("Ana: Discounts, please ask me first every time.", f"{CHOSEN} >ask_first"),
        ("Bo: Even five percent?", CHOSEN),
        (
            "Ana: Okay. For discounts, just give them and tell me afterwards.",
            f"{CHOSEN} >do_then_tell",
        ),
        employee="Bo",
        manager="Ana",
    )
    (decision,) = entries(plan, "autonomy")
    assert decision.range == "do_then_tell"
    assert views_of(decision) == [("Ana", "ask_first"), ("Ana", "do_then_tell")]


def test_notes_that_change_their_mind_keep_the_last_word() -> None:
    plan = drafted(
        ("overtime: she asks me first", f"{CHOSEN} >ask_first"),
        ("rota: hers", f"{CHOSEN} >do"),
        (
            "overtime again, changed my mind: she books it and tells me after",
            f"{CHOSEN} >do_then_tell",
        ),
    )
    assert [(one.text, one.range) for one in entries(plan, "autonomy")] == [
        ("Overtime", "do_then_tell"),
        ("Rota", "do"),
    ]


def test_what_is_scratched_is_gone() -> None:
    plan = drafted(
        ("okay so invoices she pays without asking me", f"{CHOSEN} >do"),
        ("no scratch that", CHOSEN),
        ("invoices she talks to me first and then she decides", f"{CHOSEN} >consult_then_do"),
        ("gift cards he just hands out, no wait, he asks me before each", f"{CHOSEN} >ask_first"),
    )
    assert [(one.text, one.range) for one in entries(plan, "autonomy")] == [
        ("Invoices", "consult_then_do"),
        ("Gift cards", "ask_first"),
    ]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            [
                "refunds up to 300 she decides herself",
                "cancel this week's standing orders: she asks me first",
            ],
            "Refunds up to 300",
        ),
        (
            ["supplier orders up to 500 she decides herself, no 2 signatures needed"],
            "Supplier orders up to 500",
        ),
        (
            ["refunds up to 500 she decides herself", "how many on shift tomorrow?", "ok, 3."],
            "Refunds up to 500",
        ),
    ],
)
def test_words_that_only_look_like_a_second_thought_change_nothing(
    lines: list[str], text: str
) -> None:
    plan = drafted(*((line, f"{CHOSEN} >do") for line in lines))
    assert text in entries(plan, "autonomy")[0].text


def test_amounts_that_part_a_thing_in_two_are_no_change() -> None:
    plan = drafted(
        ("refunds up to 100: she does them and tells me", f"{CHOSEN} >do_then_tell"),
        ("refunds above 100: from now on ask me first", f"{CHOSEN} >ask_first"),
    )
    assert [one.range for one in entries(plan, "autonomy")] == ["do_then_tell", "ask_first"]


def test_nothing_of_what_is_formal_discipline_as_a_whole_becomes_a_plan() -> None:
    text = (
        "Your accuracy is below the required standard.\n"
        "You have thirty days, until 14 June, to bring it up.\n"
        "Failure to do so may result in disciplinary action.\n"
        "good = the van is out by 6\n"
    )
    draft = workflow.draft(read_bytes(text.encode(), "notes.md"), GUIDE, open_engine())
    told = [finding.rule for finding in draft.findings if finding.severity != "low"]
    assert told == ["tone.formal"]
    assert {
        line for s in draft.plan.sections for entry in s.entries for line in entry.lines
    } <= {4}  # fmt: skip


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
