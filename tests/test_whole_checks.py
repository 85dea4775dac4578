"""Checks of a whole document: what must fire, what must stay silent, and formal discipline."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from coach.checks.acts import acts_of, load_acts
from coach.checks.check import Check
from coach.checks.whole import (
    but_facts,
    faults_of,
    formal_letter,
    load_checks,
    whole_checks,
)
from coach.document import Document, read, read_bytes
from coach.errors import DataFileError
from coach.finding import Finding
from coach.tone import as_notes, load_rules, scan
from coach.tone.context import mask
from coach.workflow import check

ROOT = Path(__file__).resolve().parents[1]
CASES = [
    line.partition("|")[::2]
    for line in (Path(__file__).parent / "fixtures/tone/whole.txt").read_text("utf-8").splitlines()
]
RULES = load_rules()


def found(document: Document) -> tuple[Finding, ...]:
    return whole_checks(document, scan(document, RULES))


@pytest.mark.parametrize("known", load_checks(), ids=lambda known: known.id)
def test_a_check_flags_what_it_must_and_passes_what_it_must(known: Check) -> None:
    assert faults_of(known) == ()
    assert len(known.passes) >= 3
    assert {group.severity for group in known.groups} == {"low"}
    assert known.message.endswith(".")
    assert known.advice.endswith(".")


def test_every_check_has_a_name_of_its_own() -> None:
    ids = [rule.id for rule in (*RULES, *load_checks())]
    assert len(ids) == len(set(ids))
    assert all(known.id == f"tone.{known.category}" for known in load_checks())


@pytest.mark.parametrize("text", [text for wanted, text in CASES if wanted == "-"])
def test_what_sounds_alike_and_is_fine_is_left_alone(text: str) -> None:
    assert found(as_notes(text)) == ()


def test_most_of_what_is_vague_taken_back_or_left_there_is_seen() -> None:
    wanted = [(category, text) for category, text in CASES if category != "-"]
    missed = [
        text
        for category, text in wanted
        if not scan(as_notes(text), RULES)
        and category not in {finding.category for finding in found(as_notes(text))}
    ]
    assert len(missed) <= 0.1 * len(wanted), missed


@pytest.mark.parametrize(
    "path", [*ROOT.glob("docs/**/*.md"), ROOT / "README.md", *ROOT.glob("prompts/*.md")], ids=str
)
def test_the_projects_own_pages_are_left_alone(path: Path) -> None:
    assert found(read(str(path))) == ()


def test_a_finding_holds_the_exact_words_and_their_place() -> None:
    document = as_notes("Hello Dana,\nYou need to be more proactive.")
    (finding,) = found(document)
    assert (finding.rule, finding.severity, finding.line) == ("tone.vague_ask", "low", 2)
    assert document.text[finding.start : finding.end] == finding.quote
    assert finding.suggestion is None
    assert finding.found_by == "rule"


def test_a_line_that_is_flagged_for_worse_is_not_flagged_again() -> None:
    text = "Thanks for the draft, but you never read the brief."
    assert [finding.category for finding in scan(as_notes(text), RULES)] == ["blame"]
    assert found(as_notes(text)) == ()


def test_a_sign_two_lines_further_makes_an_ask_clear_and_one_far_away_does_not() -> None:
    ask = "You need to be more proactive."
    near = as_notes(f"{ask}\n\nOh.\nTwo site visits a week would do it.")
    far = as_notes(f"{ask}\nOh.\nWell.\nRight.\nTwo site visits a week would do it.")
    assert found(near) == ()
    assert [finding.line for finding in found(far)] == [1]


def test_a_long_text_about_things_is_not_taken_for_one_to_a_person() -> None:
    filler = "\n".join(["The belt of the line runs."] * 20)
    ask = "You should be more proactive."
    assert found(as_notes(f"{filler}\n{ask}")) == ()
    assert found(as_notes(f"Dear Dana,\n{filler}\n\n{ask}")) != ()
    about = as_notes(f"{filler}\nall fine\nthen\n{ask}").model_copy(update={"employee": "Dana"})
    assert [finding.category for finding in found(about)] == ["vague_ask"]


def test_words_of_the_employee_are_not_judged() -> None:
    talk = "Ana: How was it?\nBo: I was told: you need to be more proactive.\nAna: Ok.\nBo: Yes."
    document = read_bytes(talk.encode(), "t.txt", manager="Ana", employee="Bo")
    assert found(document) == ()


# -- formal discipline -----------------------------------------------------------------------------

LETTER = """\
Dear Dana,
I am writing about your work since March.
Your accuracy is below the required standard.
Three of the stock counts were redone.
The night team had to stay longer for that.
We spoke about it in April.
We look at it again by 14 June.
The counts are on the shared drive.
The desk knows about it.
The rota stays as it is.
If it stays like this, {consequence}
Kind regards"""


@pytest.mark.parametrize(
    "consequence",
    [
        "disciplinary action may follow.",
        "I can't guarantee there'll be a role for you here.",
        "we start the formal process.",
        "this is your last chance.",
    ],
)
def test_a_shortfall_a_deadline_and_a_consequence_on_one_page_are_formal(consequence: str) -> None:
    document = as_notes(LETTER.format(consequence=consequence))
    formal = [finding for finding in check(document, None) if finding.rule == "tone.formal"]
    assert [(finding.severity, finding.suggestion) for finding in formal] == [("high", None)]
    assert "HR" in (formal[0].advice or "")


def test_without_a_consequence_a_date_and_a_shortfall_are_an_ordinary_goal() -> None:
    document = as_notes(LETTER.format(consequence="tell me what would help you."))
    assert "tone.formal" not in {finding.rule for finding in check(document, None)}


HEARING = """\
Private and confidential

14 October

Dear Kofi,
Outcome of the disciplinary hearing on 9 October
You attended with Marta from the union.
My decision is to issue a first written warning.
The warning will stay on your file for six months.
Failure to reach this standard may lead to a further hearing.
I find it funny how you never check the clock on a Friday.
You may appeal against this decision within five working days.
Yours sincerely
Ilse"""


def test_a_letter_after_a_hearing_is_formal_whatever_words_it_finds_for_the_shortfall() -> None:
    assert faults_of(formal_letter()) == ()
    findings = check(as_notes(HEARING), None)
    assert [(one.rule, one.suggestion) for one in findings if one.severity == "high"] == [
        ("tone.formal", None)
    ]


def test_what_a_formal_letter_has_to_say_is_not_told_line_by_line_and_a_sting_is() -> None:
    told = [(one.line, one.category) for one in check(as_notes(HEARING), None)]
    assert told == [(6, "pip"), (11, "blame")]


def test_the_same_terms_are_told_where_no_formal_step_is_named() -> None:
    document = as_notes("It goes on your file.\nSend me the list.")
    findings = scan(document, RULES)
    assert but_facts(document, findings) == findings != ()


RULES_FOR_ALL = """\
6. Capability
Managers should raise a worry within the week.
6.1 If the standard has not been reached, you will be invited in writing to a capability meeting.
6.2 A claim that looks false is passed to HR, who follow the disciplinary procedure.
6.3 Employees may bring a colleague or a union representative.
6.4 You'll have had at least one written warning before any of this, and may answer it.
6.5 The line manager keeps notes for as long as this policy says.
6.6 Each member of staff may ask to see them.
6.7 Questions go to the office on the ground floor.
7. Leave
Book it with the rota.
Bank holidays count as leave.
Dogs are welcome on Fridays.
"""


def test_rules_for_everybody_may_name_a_formal_step() -> None:
    assert but_facts(as_notes(RULES_FOR_ALL), ()) == ()
    assert check(as_notes(RULES_FOR_ALL), None) == ()


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("I will start the disciplinary procedure tomorrow, mark my words.", "tone.pip"),
        ("Gave her a final written warning today.", "tone.pip"),
        ("You never listen.", "tone.blame"),
    ],
)
def test_a_sting_among_rules_for_everybody_is_told(line: str, rule: str) -> None:
    text = RULES_FOR_ALL.replace("Book it with the rota.", line)
    assert [finding.rule for finding in check(as_notes(text), None)] == [rule]


def test_a_letter_or_a_few_lines_are_no_rules_for_everybody() -> None:
    for text in (f"Hi Ana,\n{RULES_FOR_ALL}", "\n".join(RULES_FOR_ALL.splitlines()[2:5])):
        assert check(as_notes(text), None) != ()


@pytest.mark.parametrize("salutation", ["Dear colleagues,", "Dear all,", "To: all staff", ""])
def test_a_rule_for_everybody_is_no_letter_to_somebody(salutation: str) -> None:
    document = as_notes(HEARING.replace("Dear Kofi,", salutation))
    assert "tone.formal" not in {finding.rule for finding in found(document)}


def test_formal_discipline_is_named_once() -> None:
    text = (
        "Your accuracy is below the required standard.\nYou have thirty days to bring it up.\n"
        "Failure to do so may result in disciplinary action."
    )
    document = as_notes(text)
    assert [finding.rule for finding in check(document, None)].count("tone.formal") == 1


# -- acts and files --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", load_acts().acts)
def test_an_act_is_known_by_its_words(act: str) -> None:
    worded = load_acts().acts[act]  # type: ignore[index]
    assert [text for text in worded.holds if act not in acts_of(mask(text).text)] == []
    assert [text for text in worded.lacks if act in acts_of(mask(text).text)] == []


CHECK = """\
id: tone.asap
category: asap
message: It asks for haste and does not say by when.
advice: Say by when.
source: our own
reach: 1
without: {without}
groups:
  - severity: low
    phrases: asap
flags: [Send it asap.]
passes: ["Send it asap, by noon.", Send it., Thanks.]
"""


def test_a_check_of_the_users_own_is_run_and_held_to_its_examples(home: Path) -> None:
    folder = home / "guides/tone/whole"
    folder.mkdir(parents=True)
    (folder / "asap.yaml").write_text(CHECK.format(without="by noon"), "utf-8")
    assert [finding.rule for finding in found(as_notes("Send it asap."))] == ["tone.asap"]
    (folder / "asap.yaml").unlink()
    (folder / "haste.yaml").write_text(CHECK.format(without="by night"), "utf-8")
    with pytest.raises(DataFileError, match=r"passes\.0.*must not"):
        load_checks()


def test_time_grows_with_the_length_and_no_faster() -> None:
    def seconds(times: int) -> float:
        text = "You need to be more proactive, maybe, perhaps but thanks but " * 40 + "\n"
        document = as_notes("Dear Dana,\n" + text * times)
        begin = time.perf_counter()
        whole_checks(document, ())
        return time.perf_counter() - begin

    seconds(5)
    short, long = min(seconds(20) for _ in range(3)), min(seconds(80) for _ in range(3))
    assert long < 12 * short
