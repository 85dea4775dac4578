"""The recordings in this checkout: no secrets, nobody's address, no machine's, and not too many."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from coach.cassette import Exchange, read_exchanges
from coach.cassette.exchange import Answered, Asked, Body, Status

MOST_BYTES = 1_000_000
"""Of all recordings together."""
HEADERS = {"content-type"}
FORBIDDEN = {
    "a key": re.compile(
        r"\b(?:sk|pk|rk|gsk|hf|xox[abp]|gh[opsu]|glpat|AKIA|AIza)[-_]?[A-Za-z0-9_-]{16,}"
        r"|\beyJ[\w-]{10,}\.[\w-]{10,}|-----BEGIN "
    ),
    "a bearer token": re.compile(r"\b(?:bearer|api[-_ ]?key)\b\W{1,5}[\w.~+/-]{12,}", re.I),
    "an organisation": re.compile(r"\b(?:org|proj)[-_][A-Za-z0-9]{12,}"),
    "an e-mail address": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    "a machine's path": re.compile(
        r"/(?:home|mnt|opt|root|srv|tmp|Users|var)/\w|\b[A-Z]:\\{1,8}\w"
    ),
    "an internet address": re.compile(r"\b(?!127\.0\.0\.1\b)\d{1,3}(?:\.\d{1,3}){3}\b"),
}


def recordings(root: Path) -> list[Path]:
    folders = [*root.glob("tests/**/cassettes"), *root.glob("evals/**/cassettes")]
    return sorted({file for folder in folders for file in folder.rglob("*") if file.is_file()})


def faults(exchange: Exchange) -> list[str]:
    """What must not stand in a recording."""
    found = [
        f"header {name}"
        for part in (exchange.request, exchange.response)
        for name in part.headers
        if name.lower() not in HEADERS
    ]
    if not re.fullmatch(r"http://recorded\.invalid(?:/[\w.-]+)+", exchange.request.uri):
        found.append("the server's address")
    text = exchange.model_dump_json()
    found += [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
    code = exchange.response.status.code
    if code != 200 and code not in {400, 404, 413, 422}:
        found.append(f"status {code}")
    return found


def exchange(
    said: str = "fine", *, uri: str = "http://recorded.invalid/v1/chat/completions",
    header: str = "content-type", code: int = 200,
) -> Exchange:  # fmt: skip
    return Exchange(
        request=Asked(method="POST", uri=uri, headers={header: ["application/json"]}),
        response=Answered(status=Status(code=code), body=Body(string=json.dumps({"said": said}))),
    )


def test_recordings_hold_no_secret_and_no_place(root: Path) -> None:
    found = {
        str(path.relative_to(root)): wrong
        for path in recordings(root)
        for one in read_exchanges(path)
        if (wrong := faults(one))
    }
    assert found == {}


def test_the_text_around_the_exchanges_holds_none_either(root: Path) -> None:
    found = {
        str(path.relative_to(root)): what
        for path in recordings(root)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    }
    assert found == {}


def test_a_folder_of_recordings_holds_only_recordings_and_each_holds_something(
    root: Path,
) -> None:
    assert [str(path) for path in recordings(root) if path.suffix != ".yaml"] == []
    assert [str(path) for path in recordings(root) if not read_exchanges(path)] == []


def test_recordings_stay_small(root: Path) -> None:
    assert sum(path.stat().st_size for path in recordings(root)) <= MOST_BYTES


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (exchange("sk-proj-abcdefghijklmnop1234"), "a key"),
        (exchange("ghp_abcdefghijklmnopqrst12"), "a key"),
        (exchange("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0"), "a key"),
        (exchange("Authorization: Bearer abcdef0123456789"), "a bearer token"),
        (exchange("api-key: 0123456789abcdef"), "a bearer token"),
        (exchange("org-abcdefghijklmnopqrstuvwx"), "an organisation"),
        (exchange("write to dana.o@depot.example"), "an e-mail address"),
        (exchange("model /home/somebody/model.gguf"), "a machine's path"),
        (exchange("C:\\models\\small.gguf"), "a machine's path"),
        (exchange("10.20.30.40 refused"), "an internet address"),
        (exchange(header="Set-Cookie"), "header Set-Cookie"),
        (exchange(uri="https://llm.example.test/v1/chat/completions"), "the server's address"),
        (exchange(uri="http://recorded.invalid/v1/x?key=1"), "the server's address"),
        (exchange(code=401), "status 401"),
    ],
)
def test_what_must_not_stand_in_a_recording_is_found(bad: Exchange, what: str) -> None:
    assert what in faults(bad)


@pytest.mark.parametrize(
    "said",
    [
        "L12 Dana (manager): the key figure is 94.2 % by Friday, see 1.2.3",
        "consult_then_do: skip the skeleton plan; task-level work",
        "the API key rotation is yours; ask before 12:30/14:00",
        "[PERSON_1] asked [PERSON_2] about either/or work/home",
        "localhost is 127.0.0.1",
        "pk@3 and label@1",
    ],
)
def test_ordinary_talk_is_not_taken_for_a_secret(said: str) -> None:
    assert faults(exchange(said)) == []
