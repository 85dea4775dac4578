"""The tone rules: what they flag, what silences them, and how they are written down."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.document import Document, Line, Role
from coach.errors import DataFileError
from coach.tone import (
    Rule,
    as_notes,
    faults_of,
    finding_by,
    heard,
    load_rules,
    load_rules_from,
    rules_by_category,
    scan,
)
from coach.tone.context import plain
from coach.tone.keys import text_words
from coach.tone.phrase import Lists, PhraseFault, read_phrase

RULES = load_rules()
TEXTS = Path(__file__).parent / "fixtures" / "tone"
CATEGORIES = "threat blame command label comparison pip surveillance dismissal".split()

Turn = tuple[str, Role | None, str]


def transcript(*turns: Turn, employee: str | None = None) -> Document:
    notes = as_notes("\n".join(f"{speaker}: {said}" for speaker, _, said in turns))
    lines = tuple(
        line.model_copy(
            update={"kind": "speech", "speaker": name, "role": role, "prefix": len(name) + 2}
        )
        for line, (name, role, _) in zip(notes.lines, turns, strict=True)
    )
    return notes.model_copy(update={"kind": "transcript", "lines": lines, "employee": employee})


def categories(text: str) -> set[str]:
    return {finding.category for finding in scan(as_notes(text), RULES)}


# -- the rules that come with coach ----------------------------------------------------------------


def test_every_category_has_a_rule_and_words_for_it() -> None:
    assert {rule.category for rule in RULES} == set(CATEGORIES)
    for category in CATEGORIES:
        rule = rules_by_category()[category]
        assert rule.message.endswith(".")
        assert rule.advice.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_flags_what_it_must_and_passes_what_it_must(rule: Rule) -> None:
    assert faults_of(rule) == ()
    assert len(rule.flags) >= 2
    assert len(rule.passes) >= 3


@pytest.mark.parametrize("text", [text for rule in RULES for text in rule.passes])
def test_what_one_rule_must_pass_passes_all_rules(text: str) -> None:
    assert scan(as_notes(text), RULES) == ()


def test_every_phrase_hangs_on_words_so_that_most_are_never_tried() -> None:
    phrases = [phrase for rule in RULES for group in rule.read_groups for phrase in group.phrases]
    assert [phrase.text for phrase in phrases if not phrase.keys] == []


def test_a_text_in_which_a_phrase_stands_holds_the_words_it_is_looked_up_by() -> None:
    texts = [text for rule in RULES for text in (*rule.flags, *rule.passes)]
    texts += [line for path in TEXTS.glob("*.txt") for line in path.read_text("utf-8").splitlines()]
    texts += [
        "I'll not, don't you're; dont-you log-in, log in, login",
        "ꙮꙮꙮ's work, ꙮꙮꙮ never checks",
    ]
    seen = [(plain(text), text_words(plain(text))) for text in texts]
    phrases = [phrase for rule in RULES for group in rule.read_groups for phrase in group.phrases]
    missed = [
        (phrase.text, text)
        for phrase in phrases
        for text, words in seen
        if any(words.isdisjoint(need) for need in phrase.needs) and phrase.regex.search(text)
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("kill the process", {"kill", "kill the", "the process"}),
        ("don't you're", {"dont", "don", "t", "dont you", "t youre"}),
        ("log-in", {"log", "in", "log in"}),
        ("ꙮꙮꙮꙮ's desk", {"ꙮ", "ꙮ desk"}),
    ],
)
def test_a_text_is_looked_up_by_its_words_and_pairs(text: str, keys: set[str]) -> None:
    assert keys <= text_words(text)


def test_messages_speak_of_the_wording_and_advice_gives_something_to_do() -> None:
    for rule in RULES:
        assert "you are" not in rule.message.lower()
        assert 40 < len(rule.message) < 120
        assert rule.source


# -- whose words -----------------------------------------------------------------------------------

HARSH = "One more slip and you're out."


@pytest.mark.parametrize(
    ("role", "flagged"), [("manager", True), (None, True), ("employee", False), ("other", False)]
)
def test_in_a_transcript_only_the_managers_turns_are_checked(
    role: Role | None, flagged: bool
) -> None:
    assert bool(scan(transcript(("Ana", role, HARSH)), RULES)) is flagged


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        (
            'Last week you said "one more slip and you\'re out" to me.',
            "one more slip and you're out",
        ),
        ("you wrote ‘you never check anything’ and I read it twice", "you never check"),
        ("You told me 'you never check, you just press'.", "you never check"),
    ],
)
def test_an_employee_quoting_the_manager_is_heard(said: str, quote: str) -> None:
    found = scan(transcript(("Bo", "employee", said)), RULES)
    assert [finding.quote for finding in found] == [quote]


def test_an_employee_quoting_somebody_else_is_not() -> None:
    said = 'My old boss said "one more slip and you\'re out".'
    assert scan(transcript(("Bo", "employee", said)), RULES) == ()


def test_in_speech_she_is_somebody_who_is_not_in_the_room() -> None:
    said = "Murray? He's useless, ignore the portal."
    assert scan(transcript(("Ana", "manager", said)), RULES) == ()
    assert categories("told him straight he's useless") == {"label"}


def test_the_employee_is_known_by_name() -> None:
    text = "Dana never checks the float before she leaves."
    named = as_notes(text).model_copy(update={"employee": "Dana Reyes"})
    assert [f.category for f in scan(named, RULES)] == ["blame"]
    assert scan(as_notes(text), RULES) == ()


@pytest.mark.parametrize("kind", ["heading", "summary", "frame"])
def test_headings_summaries_and_frames_are_left_alone(kind: str) -> None:
    notes = as_notes(HARSH)
    line = notes.lines[0].model_copy(update={"kind": kind})
    assert scan(notes.model_copy(update={"lines": (line,)}), RULES) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"> {HARSH}",
        f"```\n{HARSH}\n```",
        "the button says `one more slip and you're out` in the demo",
    ],
)
def test_code_and_block_quotes_are_left_alone(text: str) -> None:
    assert scan(as_notes(text), RULES) == ()


def test_text_after_a_code_block_is_heard_again() -> None:
    text = f"```\nx\n```\n{HARSH}"
    assert [line.number for line, *_ in heard(as_notes(text))] == [4]


# -- what silences ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("harsh", "innocent"),
    [
        ("This is a written warning.", "This is not a written warning."),
        ("It goes on your file.", "It is never going on your file."),
        ("He is lazy.", "She says he is lazy."),
        ("told her she's hopeless", "she says she's hopeless at this"),
        ("You're careless.", "I'm careless with dates."),
        ("He was careless, always was.", "That was careless of me."),
        ("He never checks.", "The script never checks the header."),
        ("You always leave the hard ones.", "You always leave people smiling."),
        ("You never ask.", "You never let us down."),
        ("He gets below expectations.", "Sales are below expectations."),
        ("Must be nice to leave at five.", "It must be nice for your mum to have you near."),
        ("Stop asking.", "He checks every merge with me and I never said stop asking."),
        ("told him to look for work elsewhere", "worried she is looking for work elsewhere"),
        ("Your slip stays on file.", "Her certificate is on file until June."),
        ("I'd hate to see this end badly for you.", "I'd hate to see you leave."),
        ("Disciplinary action follows.", "Under the policy, disciplinary action needs two people."),
        ("You may face disciplinary action.", "Employees may face disciplinary action."),
        ("One more and it's a written warning.", "- Written warning\n- Final written warning"),
        ("I'll end your employment.", "If it goes on, your manager may end your employment."),
        ("This violation ends in your dismissal process.", "A violation may end in dismissal."),
        ("told him this is the final warning", "gcc prints a final warning before it stops"),
        ("Watch your step or you'll be sorry.", "Forget the oven and you'll be sorry."),
        ("Slip again and you're fired.", "If they fail they are fired upon by CI."),
        ("Be here at eight or else!", "Be here at eight, or else call me."),
        ("You always do this.", 'Avoid sentences such as "you always do this".'),
        ('I told him: "You\'re unreliable."', '"You\'re unreliable" tells nobody what to do.'),
        ("It is your written warning.", "The employee may answer a written warning."),
        ("You never listen.", "You never listen to the socket twice."),
        ("Well, nobody asked you.", "So nobody asked you."),
        ("You know better.", "You know better than me."),
        ("I have to write this up.", "I have to write this up for the blog."),
        ("You're so stubborn.", "You're so stubborn about safety, in the best way."),
        ('I told Jo: "you are useless"', 'Jo: "you are useless"'),
        ('Manager: "you are useless"', "- Jo Haddad: “I heard it. You are useless.”"),
        ('"You always interrupt people," I said.', '"You always interrupt people," said Jo.'),
        ('"Fine," said Jo. You never listen.', "“You never listen”, she said and left."),
        ("If this goes wrong, it's your head.", "If this goes wrong, it's my head."),
        ("When it goes south it's your name on it.", "If it goes well it's your name on it."),
        ("I'd hate for that to come up in your review.", "I'd hate for that to get lost."),
        ("I'll be watching the next two closely.", "I'll be watching the next release closely."),
        ("You are always so negative.", "You are always so kind."),
        (
            "You're always late with everything.",
            "If you are always late, let us talk about shifts.",
        ),
        ("You're never on time.", "You're never late."),
        ("You constantly ignore my mails.", "You constantly surprise me."),
        ("You never finish anything on time.", "You never finish anything without asking."),
        ("You always forget the cake.", "You always bring cake, which is lovely."),
        ("You failed to send the file.", "If you failed to save the form, start again."),
        ("I told you three times already.", "I told you three times how glad I am."),
        ("Still, that's no excuse.", "I was late myself. That's no excuse."),
        ("Oh, heard that one before.", "You sound like you've heard that one before."),
        (
            "Real cooks taste. If you need to be told, you are in the wrong place.",
            "Real cooks taste.",
        ),
        ("Real cooks don't ask, you know.", "Real cooks don't use timers."),
        ("Why can't you plan ahead like Mia does?", "Why can't you open tools like Excel?"),
        ("Why can't you be more like Jonas?", "- Not: why can't you be more like Jonas?"),
        ("Bad: one more slip and you are out.", "Avoid saying: one more slip and you are out."),
        (
            "You're not taking the training? No discussion? That's not up for debate.",
            "What would you need, so that this is no debate about hours?",
        ),
    ],
)
def test_context_decides(harsh: str, innocent: str) -> None:
    assert categories(harsh)
    assert categories(innocent) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Kill the process and restart it, the failing test is on the critical path.",
        "Execute the fire drill on Tuesday; the deadline for the report is Friday.",
        "pip install the package, then check the log.",
        "She can close anything under 2k herself, just put it in the log.",
        "Great job on the Hartwell claim, you never let anyone wait.",
        "The July batch went out with wrong codes. How did it look from your side?",
        "Everyone else on the rota has swapped once, so it is your turn if you want it.",
        "no idea yet who signs off what, TODO next time",
    ],
)
def test_ordinary_work_talk_is_never_flagged(text: str) -> None:
    assert scan(as_notes(text), RULES) == ()


@pytest.mark.parametrize("text", (TEXTS / "innocent.txt").read_text("utf-8").splitlines())
def test_kind_or_dry_words_that_look_harsh_are_never_flagged(text: str) -> None:
    assert scan(as_notes(text), RULES) == ()


def test_most_plainly_harsh_sentences_are_flagged() -> None:
    lines = (TEXTS / "harsh.txt").read_text("utf-8").splitlines()
    texts = [line.partition("|")[2] for line in lines]
    missed = [text for text in texts if not categories(text)]
    assert len(missed) <= 0.15 * len(texts), missed


def test_an_apology_is_not_held_against_the_manager() -> None:
    assert categories("I never asked for your opinion.") == {"dismissal"}
    assert categories("I never asked for your opinion, and I am sorry.") == set()


# -- findings --------------------------------------------------------------------------------------


def test_a_finding_holds_the_exact_words_and_their_place() -> None:
    text = "July batch wrong again\n- told her if it happens once more it goes on her file"
    (finding,) = scan(as_notes(text), RULES)
    assert finding.quote == "if it happens once more it goes on her file"
    assert text[finding.start : finding.end] == finding.quote
    assert (finding.line, finding.column) == (2, 12)
    assert (finding.rule, finding.severity, finding.found_by) == ("tone.pip", "high", "rule")


def test_a_line_gets_one_finding_a_category_the_strongest() -> None:
    found = scan(as_notes("Simple as. Because I said so. That's not up for debate."), RULES)
    assert [(finding.category, finding.severity) for finding in found] == [("command", "high")]


def test_words_count_for_one_category_only() -> None:
    found = scan(as_notes("With you it is always the same story, you never check."), RULES)
    spans = sorted((finding.start, finding.end) for finding in found)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_a_suggestion_keeps_the_fact_and_passes_the_check_itself() -> None:
    (finding,) = scan(as_notes("- The Leeds account comes first, end of story."), RULES)
    assert finding.suggestion == "The Leeds account comes first. How does that sit with you?"
    assert scan(as_notes(finding.suggestion), RULES) == ()


@pytest.mark.parametrize(
    "text",
    [
        "You have thirty days to improve.",
        "Twelve a week or you're out.",
        "No. It is decided. I'm not debating it.",
        "You will close 14 files and that's final.",
    ],
)
def test_no_softer_wording_where_it_is_discipline_or_not_certain(text: str) -> None:
    found = scan(as_notes(text), RULES)
    assert found
    assert [finding.suggestion for finding in found] == [None] * len(found)


@pytest.mark.parametrize("category", ["pip", "threat"])
def test_what_reads_as_formal_discipline_points_to_hr(category: str) -> None:
    line = Line(number=1, start=0, text="- It is noted. ", kind="note")
    rule = rules_by_category()[category]
    finding = finding_by(line, None, rule=rule, severity="high", found_by="model")
    assert finding.quote == "It is noted."
    assert "HR" in (finding.advice or "")
    assert finding.suggestion is None
    assert finding.found_by == "model"
    assert finding.rule == f"tone.{category}"


PIP_LETTER = """\
Your accuracy is below the required standard.
You have thirty days, until 14 June, to bring it up.
Failure to do so may result in disciplinary action."""


def test_deficit_deadline_and_consequence_together_are_named_as_formal_discipline() -> None:
    found = scan(as_notes(PIP_LETTER), RULES)
    formal = [finding for finding in found if finding.rule == "tone.formal"]
    assert [(finding.line, finding.category, finding.severity) for finding in formal] == [
        (3, "pip", "high")
    ]
    assert formal[0].suggestion is None


@pytest.mark.parametrize("missing", [0, 1])
def test_two_of_the_three_parts_are_not_formal_discipline(missing: int) -> None:
    lines = PIP_LETTER.splitlines()
    lines[missing] = "The rota is on the wall."
    found = scan(as_notes("\n".join(lines)), RULES)
    assert "tone.formal" not in {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("said", "formal"),
    [
        ("Otherwise the contract would (sadly) end.", True),
        ("If not, we will have to say goodbye.", True),
        ("If it stays as it is, we'd bring your time here to a close.", True),
        ("Then we part ways as friends.", True),
        ("After that we say goodbye to the old office.", False),
        ("The pilot ends then.", False),
    ],
)
def test_a_friendly_end_is_a_consequence_like_any_other(said: str, formal: bool) -> None:
    text = "\n".join([*PIP_LETTER.splitlines()[:2], said])
    assert ("tone.formal" in {finding.rule for finding in scan(as_notes(text), RULES)}) is formal
    assert "tone.formal" not in {finding.rule for finding in scan(as_notes(said), RULES)}


def test_a_manager_who_speaks_in_quotes_is_still_the_one_who_speaks() -> None:
    assert scan(transcript(("Ana", "manager", f'"{HARSH}"')), RULES)


def test_the_three_parts_far_from_each_other_are_not_formal_discipline() -> None:
    parts = PIP_LETTER.splitlines()
    text = "\n".join([parts[0], *["we talked about the garden"] * 8, parts[1], parts[2]])
    assert "tone.formal" not in {f.rule for f in scan(as_notes(text), RULES)}


PIECES = [*"aAİßyou I'’\"“.,!?\n->`#ꙮ0é", HARSH, "you never check", "\nshe says ", " or ", "not "]
ANY_TEXT = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT)
def test_any_text_gives_findings_whose_quotes_stand_where_they_say(text: str) -> None:
    document = as_notes(text)
    for finding in scan(document, RULES):
        assert document.text[finding.start : finding.end] == finding.quote
        assert finding.quote.strip() == finding.quote != ""
        line = document.line(finding.line)
        assert line.start + finding.column - 1 == finding.start
        assert finding.end <= line.end


@pytest.mark.parametrize(
    "seed",
    [
        "you never ",
        "a.",
        "if you or else one more ",
        'you said "',
        "not a written warning ",
        "Ana ",
    ],
)
def test_effort_grows_with_the_text_and_not_with_its_square(seed: str) -> None:
    def effort(size: int) -> float:
        document = as_notes((seed * (size // len(seed) + 1))[:size])
        begun = time.process_time()
        scan(document, RULES)
        return time.process_time() - begun

    effort(1_000)
    small = effort(250_000)
    assert effort(2_000_000) < 8 * max(small, 0.02) * 3


# -- rules as data ---------------------------------------------------------------------------------

OWN = """\
id: tone.shouting
category: shouting
message: Capital letters read as a raised voice.
advice: Say it once, in plain letters.
source: House style.
groups:
  - severity: low
    phrases: |
      # a comment
      asap (please)? $
flags:
  - I need this ASAP.
passes:
  - I need this by Friday, is that doable?
"""

WriteRule = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> WriteRule:
    def to_file(text: str) -> Path:
        path = tmp_path / "shouting.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


def test_a_users_own_rule_works_with_no_code_change(write: WriteRule) -> None:
    (rule,) = load_rules_from([write(OWN)])
    (finding,) = scan(as_notes("I need this ASAP please."), (rule,))
    assert (finding.rule, finding.quote) == ("tone.shouting", "ASAP please")


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        ("- I need this ASAP.", "- I need this soon.", "12:5", "does not flag this text"),
        ("by Friday, is that doable?", "asap", "14:5", "flags 'asap' here"),
        ("asap (please)? $", "asap (please", "8:14", "a bracket is not closed"),
        ("asap (please)? $", "(asap)?", "8:14", "would match anything"),
        ("asap (please)? $", "{nope} asap", "8:14", "no list of words called 'nope'"),
        ("severity: low", "severity: loud", "7:15", "must be 'high', 'medium' or 'low'"),
        ("id: tone.shouting", "id: Shouting!", "1:5", "id"),
    ],
)
def test_a_rule_that_fails_is_refused_at_its_place(
    write: WriteRule, old: str, new: str, place: str, what: str
) -> None:
    assert old in OWN
    path = write(OWN.replace(old, new))
    with pytest.raises(DataFileError) as refused:
        load_rules_from([path])
    assert f"{path}:{place}: " in refused.value.message
    assert what in refused.value.message


def test_a_users_own_file_wins_by_name(home: Path) -> None:
    folder = home / "guides" / "tone"
    folder.mkdir(parents=True)
    text = OWN.replace("tone.shouting", "tone.threat").replace(
        "category: shouting", "category: threat"
    )
    (folder / "threat.yaml").write_text(text, encoding="utf-8")
    rules = load_rules()
    assert [rule.message for rule in rules if rule.id == "tone.threat"] == [
        "Capital letters read as a raised voice."
    ]
    assert {rule.category for rule in rules} == set(CATEGORIES)


def test_a_users_own_words_can_be_used_in_phrases(write: WriteRule, tmp_path: Path) -> None:
    words = tmp_path / "words.yaml"
    words.write_text("words:\n  soon: asap|at once\n", encoding="utf-8")
    path = write(OWN.replace("asap (please)? $", "{soon} (please)? $"))
    (rule,) = load_rules_from([path, words])
    assert scan(as_notes("Now, at once!"), (rule,))


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("don't bother", "so DONT bother coming", "dont bother"),
        ("(never|not once) (ever)? check", "you never, ever check", "never, ever check"),
        ("one more .. out", "one more late cash-up and you are out", None),
        ("log-ins", "your logins and log ins", "logins"),
        ("^ finish $", "Do it. Finish.", "finish"),
        ("^ finish $", "We finish at ten.", None),
        ("that 's (all)? on you", "That's all on you", "that's all on you"),
        ("{number} days to", "you have 30 days to show it", "30 days to"),
        ("a _ thing", "a maturity thing", "a maturity thing"),
        ("you .. check", "you said one. Then check", None),
    ],
)
def test_a_phrase_matches_as_people_write(phrase: str, text: str, found: str | None) -> None:
    match = read_phrase(phrase, Lists({})).regex.search(text.lower())
    if phrase == "one more .. out":
        found = "one more late cash-up and you are out"
    assert (match.group().strip(" .!") if match else None) == found


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "..",
        ".. you",
        "you ..",
        "a .. b .. c .. d",
        "(a|b",
        "a)",
        "you *",
        "(a?)?",
        "{x}",
        "^ $",
    ],
)
def test_a_phrase_that_is_no_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseFault):
        read_phrase(phrase, Lists({"y": "a"}))


def test_a_list_that_holds_itself_is_refused() -> None:
    with pytest.raises(PhraseFault, match="holds itself"):
        read_phrase("{a}", Lists({"a": "x|{b}", "b": "{a}"}))


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Thanks for the two reports, and for staying on. One more slip and\nyou are out.",
            "One more slip and",
        ),
        (
            "Let me say how I see it. The rota is late again, do it by noon or\nyou're fired.",
            "do it by noon or",
        ),
    ],
)
def test_a_sentence_that_is_wrapped_is_read_as_one(text: str, quote: str) -> None:
    found = scan(as_notes(text), RULES)
    assert [finding.category for finding in found] == ["threat"]
    assert quote in found[0].quote
    assert as_notes(text).text[found[0].start : found[0].end] == found[0].quote
    assert found[0].suggestion is None


def test_what_silences_a_phrase_may_stand_on_the_line_before() -> None:
    before = "Two of your mails upset the clerk who had to read them. I do not treat"
    after = "that as a disciplinary matter, and you may want to write to her."
    assert scan(as_notes(f"{before}\n{after}"), RULES) == ()
    before = before.replace("do not treat", "have to treat")
    assert [one.line for one in scan(as_notes(f"{before}\n{after}"), RULES)] == [2]


def test_the_end_of_a_wrapped_line_is_no_end_of_a_sentence() -> None:
    wrapped = "Please send the signed copy to the office before noon on Friday, or else"
    assert [finding.category for finding in scan(as_notes(wrapped), RULES)] == ["threat"]
    assert scan(as_notes(f"{wrapped}\nwe cannot book the room for the whole week."), RULES) == ()


def test_short_lines_of_notes_are_not_read_on() -> None:
    assert (
        scan(as_notes("rota late, once more and\nyou are out on Friday with the van"), RULES) == ()
    )
