"""Who is the manager: as told, as labelled, as plain; never guessed in silence."""

from __future__ import annotations

import pytest

from coach.document import Document, read_bytes
from coach.errors import UsageError

PLAIN = """Hartley, Joanne: Morning Ben. I'd like you to take the mailbox, from you I need a list.
Okafor, Ben [EXT]: Ok. Can I ask, do I need to ask you before I close one?
Hartley, Joanne: No need to ask me under 2k, that's your call. Well done on the audit.
Okafor, Ben [EXT]: Thank you. I'd like to learn the pricing side.
Marek W: Is room two free?
Hartley, Joanne: I'll book you on the course. What do you need from me?
"""
EVEN = """Ana: the van is late again
Tom: the van is always late
Ana: so the fridge is full
Tom: then the fish goes out
"""


def talk(text: str, manager: str | None = None, employee: str | None = None) -> Document:
    return read_bytes(text.encode(), "talk.txt", manager=manager, employee=employee)


def roles(document: Document) -> dict[str, str | None]:
    return {voice.name: voice.role for voice in document.speakers}


def test_a_plain_talk_tells_by_itself_and_says_how() -> None:
    document = talk(PLAIN)
    assert roles(document) == {
        "Hartley, Joanne": "manager",
        "Okafor, Ben [EXT]": "employee",
        "Marek W": "other",
    }
    assert (document.manager, document.employee) == ("Joanne Hartley", "Ben Okafor")
    assert document.roles_from is not None
    assert document.roles_from.startswith("inferred from what is said (line ")
    assert document.roles_from.endswith("--manager changes it")
    assert document.warnings == ()


def test_an_even_talk_is_left_open_and_asks() -> None:
    document = talk(EVEN)
    assert roles(document) == {"Ana": None, "Tom": None}
    assert (document.manager, document.employee, document.roles_from) == (None, None, None)
    assert document.warnings == (
        "who is the manager is not clear: say --manager NAME (voices: Ana, Tom)",
    )


@pytest.mark.parametrize(
    "name", ["Joanne Hartley", "joanne", "Hartley, Joanne", "HARTLEY", "Joanne Hartley (HR)"]
)
def test_naming_the_manager_settles_the_employee(name: str) -> None:
    document = talk(PLAIN, manager=name)
    assert roles(document)["Okafor, Ben [EXT]"] == "employee"
    assert (document.manager, document.employee) == (name, "Ben Okafor")
    assert document.roles_from == "--manager"


def test_what_is_said_never_overrules_what_is_told() -> None:
    document = talk(PLAIN, employee="Joanne")
    assert roles(document) == {
        "Hartley, Joanne": "employee",
        "Okafor, Ben [EXT]": "manager",
        "Marek W": "other",
    }


def test_both_may_be_named_and_accents_do_not_count() -> None:
    document = talk(EVEN.replace("Ana", "Zoë"), manager="zoe", employee="Tom Berg")
    assert roles(document) == {"Zoë": "manager", "Tom": "employee"}
    assert document.roles_from == "--manager and --employee"


@pytest.mark.parametrize(
    ("manager", "employee", "message"),
    [
        ("Priya", None, "--manager: no voice is called 'Priya'"),
        (None, "Priya", "--employee: no voice is called 'Priya'"),
        ("Ana", "ana", "both name the voice"),
    ],
)
def test_a_name_nobody_has_is_refused(
    manager: str | None, employee: str | None, message: str
) -> None:
    with pytest.raises(UsageError, match=message) as refused:
        talk(EVEN, manager, employee)
    if "no voice" in message:
        assert refused.value.hint is not None
        assert refused.value.hint.startswith("the voices are 'Ana', 'Tom'")


def test_a_first_name_two_voices_share_is_refused() -> None:
    with pytest.raises(UsageError, match="more than one voice is called 'Ana'"):
        talk("Ana Berg: hi\nAna Lund: hello\nAna Berg: ok\nAna Lund: yes\n", "Ana")


def test_one_person_under_two_labels_has_one_role() -> None:
    text = EVEN.replace("Tom: then", "Tom [EXT]: then")
    assert roles(talk(text, "Ana")) == {
        "Ana": "manager",
        "Tom": "employee",
        "Tom [EXT]": "employee",
    }


@pytest.mark.parametrize(
    ("lead", "report"),
    [
        ("Me", "Them"),
        ("Manager", "Employee"),
        ("Mgr", "Tom"),
        ("Ana", "Employee"),
        ("Boss", "Tom"),
        ("Ana (Manager)", "Tom"),
        ("me", "her"),
        ("Line manager", "EE"),
    ],
)
def test_labels_may_say_it_themselves(lead: str, report: str) -> None:
    document = talk(EVEN.replace("Ana", lead).replace("Tom", report) * 2)
    assert roles(document) == {lead: "manager", report: "employee"}
    assert document.roles_from is not None
    assert document.roles_from.startswith("the label ")


@pytest.mark.parametrize(
    ("lead", "report", "manager", "employee"),
    [("Ana", "Tom", "Ana", None), ("Ana", "Tom", None, "Tom"), ("Ana", "Tom", None, "Ana"),
     ("Manager", "Tom", None, None), ("Ana", "Employee", None, None)],
)  # fmt: skip
def test_of_two_voices_one_settles_the_other_however_little_it_says(
    lead: str, report: str, manager: str | None, employee: str | None
) -> None:
    text = f"{lead}: the forecast was late again and I want it on my desk by noon\n{report}: Ok.\n"
    document = talk(text, manager, employee)
    turned = employee == "Ana"
    assert roles(document) == {
        lead: "employee" if turned else "manager",
        report: "manager" if turned else "employee",
    }
    assert document.warnings == ()


def test_where_only_the_manager_is_known_it_is_the_employee_that_is_asked_for() -> None:
    text = EVEN + "Kit: the fish went out on the van again today\nKit: and then it came back\n"
    for document in (talk(text, "Ana"), talk(text.replace("Ana:", "Manager:"))):
        assert document.warnings == (
            f"who is the employee is not clear: say --employee NAME "
            f"(voices: {document.speakers[0].name}, Tom, Kit)",
        )
    assert talk("Manager: the van is late\nManager: it always is\n").warnings == ()


def test_three_main_voices_are_not_told_apart() -> None:
    text = PLAIN + "Marek W: " + "and so the whole thing went on and on for a while " * 3
    assert set(roles(talk(text)).values()) == {None}


def test_with_three_main_voices_one_name_settles_only_itself() -> None:
    text = EVEN + "Kit: the fish went out on the van again today\nKit: and then it came back\n"
    document = talk(text, manager="Ana")
    assert roles(document) == {"Ana": "manager", "Tom": None, "Kit": None}
    assert any("--employee" in warning for warning in document.warnings)


def test_numbered_voices_have_roles_but_no_names() -> None:
    text = EVEN.replace("Ana", "Speaker 1").replace("Tom", "Speaker 2")
    document = talk(text, manager="Speaker 1")
    assert roles(document) == {"Speaker 1": "manager", "Speaker 2": "employee"}
    assert document.employee is None


def test_a_voice_without_a_name_can_be_given_one() -> None:
    talk = b"SPEAKER_00: What do you need from me?\nSPEAKER_01: A second till.\n" * 3
    document = read_bytes(talk, "talk.txt", employee="Devi=SPEAKER_01")
    assert (document.employee, document.lines[1].role) == ("Devi", "employee")
    assert document.lines[0].role == "manager"
