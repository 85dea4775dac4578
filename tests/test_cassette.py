"""Recordings: what is written, what is played to whom, and what is refused."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import openai
import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from coach.cassette import (
    Cassette,
    CassetteMiss,
    CassetteTransport,
    read_exchanges,
    use_cassette,
)
from coach.engines.llm.client import Client, Question
from coach.engines.llm.endpoint import Endpoint
from coach.errors import DataFileError, EngineError, OutputError

URL = "https://llm.example.test/v1/chat/completions"
KEY = "synthetic-key-0123456789"
NOTE = "the van was late again on Tuesday"


class Server:
    """A server that numbers its answers, and remembers what it was asked."""

    def __init__(self, reply: Callable[[int], httpx2.Response] | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self._reply = reply or (lambda number: completion(f"answer {number}"))
        self.transport = httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(json.loads(request.content))
        return self._reply(len(self.asked))


def completion(content: str) -> httpx2.Response:
    choice = {"index": 0, "finish_reason": "stop", "message": {"content": content}}
    headers = {"set-cookie": "id=1", "x-request-id": "r1", "openai-organization": "org-somebody"}
    return httpx2.Response(200, json={"choices": [choice]}, headers=headers)


def question(text: str = NOTE, **more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": text}], **more}


def ask(inner: object = None, body: object = None, *, url: str = URL) -> httpx2.Response:
    with httpx2.Client(transport=CassetteTransport(inner)) as client:
        return client.post(
            url,
            content=json.dumps(body if body is not None else question()),
            headers={"authorization": f"Bearer {KEY}", "content-type": "application/json"},
        )


def content(response: httpx2.Response) -> str:
    said = response.json()["choices"][0]["message"]["content"]
    assert isinstance(said, str)
    return said


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "case.yaml"


def recorded(tape: Path, server: Server, *bodies: object) -> list[httpx2.Response]:
    with use_cassette(tape, record="all"):
        return [ask(server.transport, body) for body in bodies]


def test_what_is_recorded_plays_without_the_server(tape: Path) -> None:
    first = recorded(tape, Server(), question("a"), question("b"))
    with use_cassette(tape):
        again = [ask(body=question("a")), ask(body=question("b"))]
    assert [content(r) for r in again] == [content(r) for r in first] == ["answer 1", "answer 2"]


@pytest.mark.parametrize(
    ("changed", "plays"),
    [
        (question(user="u-1"), True),
        (question(metadata={"run": "7"}, store=True, prompt_cache_key="k"), True),
        (dict(reversed(question().items())), True),
        (question(NOTE + "."), False),
        (question(model="n"), False),
        (question(temperature=0), False),
        ([question()], False),
    ],
    ids=["user", "metadata", "order of keys", "text", "model", "parameter", "not an object"],
)
def test_a_request_is_known_by_its_body_without_volatile_keys(
    tape: Path, changed: object, plays: bool
) -> None:
    recorded(tape, Server(), question())
    with use_cassette(tape):
        if plays:
            assert content(ask(body=changed)) == "answer 1"
        else:
            with pytest.raises(CassetteMiss):
                ask(body=changed)


def test_a_request_is_known_by_its_path_and_not_by_its_host(tape: Path) -> None:
    recorded(tape, Server(), question())
    with use_cassette(tape):
        assert content(ask(url="http://127.0.0.1:8080/v1/chat/completions")) == "answer 1"
        with pytest.raises(CassetteMiss):
            ask(url="https://llm.example.test/v1/completions")


def test_equal_requests_play_their_replies_in_order_and_the_last_repeats(tape: Path) -> None:
    recorded(tape, Server(), question(), question(), question())
    with use_cassette(tape) as cassette:
        played = [content(ask()) for _ in range(5)]
        assert cassette.unplayed == 0
    assert played == ["answer 1", "answer 2", "answer 3", "answer 3", "answer 3"]


def test_what_nothing_asked_for_is_counted(tape: Path) -> None:
    recorded(tape, Server(), question("a"), question("a"), question("b"))
    with use_cassette(tape) as cassette:
        ask(body=question("a"))
        assert cassette.unplayed == 2


@pytest.mark.parametrize("status", [401, 403, 408, 409, 429, 500, 503, 307])
def test_what_is_true_of_the_moment_only_is_handed_on_and_not_recorded(
    tape: Path, status: int
) -> None:
    refusal = httpx2.Response(status, json={}, headers={"retry-after": "3"})
    (response,) = recorded(tape, Server(lambda _: refusal), question())
    assert (response.status_code, response.headers["retry-after"]) == (status, "3")
    assert not tape.exists()


@pytest.mark.parametrize("status", [400, 422])
def test_a_refused_response_format_is_recorded(tape: Path, status: int) -> None:
    complaint = {"error": {"message": "response_format is not supported"}}
    recorded(tape, Server(lambda _: httpx2.Response(status, json=complaint)), question())
    with use_cassette(tape):
        response = ask()
    assert (response.status_code, response.json()) == (status, complaint)


def test_a_file_names_no_server_no_key_and_only_the_allowed_headers(tape: Path) -> None:
    echo = {"error": {"message": f"no such model for {KEY}"}}
    answers = [completion("fine"), httpx2.Response(400, json=echo)]
    recorded(tape, Server(lambda number: answers[number - 1]), question("a"), question("b"))
    text = tape.read_text(encoding="utf-8")
    for secret in (KEY, "example.test", "org-somebody", "cookie", "request-id", "authorization"):
        assert secret not in text
    assert "no such model for [key]" in text
    assert {
        name
        for exchange in read_exchanges(tape)
        for part in (exchange.request, exchange.response)
        for name in part.headers
    } == {"content-type"}


def test_bodies_are_written_with_a_line_for_each_value(tape: Path) -> None:
    recorded(tape, Server(), question("Zoë said: ja\u2028nein \ud83d"))
    lines = [line.strip(" ,") for line in tape.read_text(encoding="utf-8").split("\n")]
    assert '"content": "Zoë said: ja\\u2028nein \\ud83d"' in lines
    assert '"model": "m"' in lines
    assert any(line.endswith('"message": {"content": "answer 1"}') for line in lines)
    with use_cassette(tape):
        assert content(ask(body=question("Zoë said: ja\u2028nein \ud83d"))) == "answer 1"


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"", "application/json"),
        (b"<html>log in</html>", "text/html"),
        (b"{cut off", "application/json"),
        (b"\xff\xfe\x00", "application/octet-stream"),
        (b"one\n two \n\tthree", "text/plain"),
    ],
)
def test_a_body_that_is_no_json_is_played_byte_by_byte(tape: Path, body: bytes, type_: str) -> None:
    reply = httpx2.Response(200, content=body, headers={"content-type": type_})
    recorded(tape, Server(lambda _: reply), question())
    with use_cassette(tape):
        response = ask()
    assert (response.content, response.headers["content-type"]) == (body, type_)


def test_a_packed_reply_is_recorded_and_played_unpacked(tape: Path) -> None:
    packed = gzip.compress(completion("small").content)
    reply = httpx2.Response(
        200, stream=httpx2.ByteStream(packed), headers={"content-encoding": "gzip"}
    )
    (response,) = recorded(tape, Server(lambda _: reply), question())
    assert content(response) == "small"
    assert "gzip" not in tape.read_text(encoding="utf-8")
    with use_cassette(tape):
        assert content(ask()) == "small"


def test_new_records_only_what_is_missing(tape: Path) -> None:
    recorded(tape, Server(), question("a"))
    server = Server(lambda _: completion("new"))
    with use_cassette(tape, record="new"):
        said = [content(ask(server.transport, question(text))) for text in ("a", "b", "a")]
    assert said == ["answer 1", "new", "answer 1"]
    assert [body["messages"][0]["content"] for body in server.asked] == ["b"]
    assert len(read_exchanges(tape)) == 2


def test_new_keeps_what_it_recorded_before_a_failure_and_all_leaves_the_old_file(
    tape: Path,
) -> None:
    with pytest.raises(KeyboardInterrupt), use_cassette(tape, record="new"):
        ask(Server().transport)
        raise KeyboardInterrupt
    before = tape.read_bytes()
    assert len(read_exchanges(tape)) == 1
    with pytest.raises(KeyboardInterrupt), use_cassette(tape, record="all"):
        ask(Server(lambda _: completion("other")).transport)
        raise KeyboardInterrupt
    assert tape.read_bytes() == before


def test_playing_writes_nothing(tape: Path) -> None:
    recorded(tape, Server(), question())
    before = tape.stat().st_mtime_ns
    with use_cassette(tape):
        ask()
    assert (tape.stat().st_mtime_ns, list(tape.parent.iterdir())) == (before, [tape])


def test_the_time_that_the_server_took_is_told_on_replay(tape: Path) -> None:
    recorded(tape, Server(), question())
    (exchange,) = read_exchanges(tape)
    assert exchange.seconds is not None
    with use_cassette(tape) as cassette:
        ask()
        assert cassette.seconds == exchange.seconds


def test_a_miss_names_the_prompt_and_the_file_and_no_word_of_the_notes(tape: Path) -> None:
    recorded(tape, Server(), question("something else"))
    schema = {"type": "json_schema", "json_schema": {"name": "label_lines", "schema": {}}}
    request = httpx2.Request("POST", URL, json=question(), extensions={"coach_prompt": "label"})
    with use_cassette(tape):
        with pytest.raises(CassetteMiss, match="'label'") as by_client:
            CassetteTransport().handle_request(request)
        with pytest.raises(CassetteMiss, match="'label_lines'") as by_schema:
            ask(body=question(response_format=schema))
        with pytest.raises(CassetteMiss, match="this request") as unnamed:
            ask(body=question(response_format={"json_schema": {"name": NOTE + "\n"}}))
    for caught in (by_client, by_schema, unnamed):
        error = caught.value
        told = f"{error.message} {error.hint}"
        assert (error.exit_code, error.code) == (4, "cassette-miss")
        assert "case.yaml" in told
        assert "van" not in told
        assert "--record" in told


def test_a_miss_is_an_engine_error_and_no_transport_error() -> None:
    assert issubclass(CassetteMiss, EngineError)
    assert not issubclass(CassetteMiss, (httpx2.HTTPError, OSError))


def test_without_a_file_or_an_open_cassette_nothing_is_sent(tape: Path) -> None:
    server = Server()
    with pytest.raises(CassetteMiss, match="no recording is open"):
        ask(server.transport)
    with pytest.raises(CassetteMiss, match="there is no recording"), use_cassette(tape):
        ask(server.transport)
    assert server.asked == []


def test_the_sdk_lets_a_miss_through_at_once(tape: Path) -> None:
    tried = []

    class Counting(CassetteTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            tried.append(request)
            return super().handle_request(request)

    client = openai.OpenAI(
        api_key=KEY,
        base_url="https://llm.example.test/v1",
        max_retries=2,
        http_client=openai.DefaultHttpxClient(transport=Counting()),
    )
    with client, use_cassette(tape), pytest.raises(CassetteMiss):
        client.chat.completions.create(**question())
    assert len(tried) == 1


def test_the_sdk_reads_what_was_recorded(tape: Path) -> None:
    server = Server()

    async def said(inner: object) -> str | None:
        async with openai.AsyncOpenAI(
            api_key=KEY,
            base_url="https://llm.example.test/v1",
            http_client=openai.DefaultAsyncHttpxClient(transport=CassetteTransport(inner)),
        ) as client:
            reply = await client.chat.completions.create(**question())
            return reply.choices[0].message.content

    with use_cassette(tape, record="all"):
        assert asyncio.run(said(server.transport)) == "answer 1"
    with use_cassette(tape):
        assert asyncio.run(said(None)) == "answer 1"
    assert len(server.asked) == 1


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int


def test_the_llm_client_plays_what_it_recorded_and_a_new_prompt_misses(tape: Path) -> None:
    def asked(inner: object, system: str = "Label it.") -> int:
        endpoint = Endpoint(base_url="https://llm.example.test/v1", model="m")
        about = Question("label", "3", system, NOTE, Answer, check=lambda _: [])
        reply = Client(endpoint, transport=CassetteTransport(inner)).ask(about)
        return reply.value.line

    server = Server(lambda _: completion('{"line": 7}'))
    with use_cassette(tape, record="new"):
        assert asked(server.transport) == 7
    with use_cassette(tape):
        assert asked(None) == 7
        with pytest.raises(CassetteMiss, match="'label@3'"):
            asked(None, "Label it well.")
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", ["llama-grammar", "llama-refusal"])
def test_a_recording_of_a_real_server_plays_through_the_sdk(root: Path, name: str) -> None:
    path = root / "tests" / "cassettes" / f"{name}.yaml"
    http = httpx2.Client(transport=CassetteTransport())
    with (
        use_cassette(path) as cassette,
        openai.OpenAI(api_key=KEY, base_url="http://127.0.0.1:9/v1", http_client=http) as client,
    ):
        for exchange in read_exchanges(path):
            body = json.loads(exchange.request.body or "")
            if exchange.response.status.code == 400:
                with pytest.raises(openai.BadRequestError, match="schema"):
                    client.chat.completions.create(**body)
                continue
            said = client.chat.completions.create(**body).choices[0].message.content
            schema = body["response_format"]["json_schema"]["schema"]
            jsonschema.validate(json.loads(said or ""), schema)
        assert cassette.unplayed == 0


async def _ask_async(text: str, inner: object) -> str:
    async with httpx2.AsyncClient(transport=CassetteTransport(inner)) as client:
        return content(await client.post(URL, json=question(text)))


def echo(request: httpx2.Request) -> httpx2.Response:
    """Answers with the question's own text, so that a mixed-up reply shows."""
    return completion(json.loads(request.content)["messages"][0]["content"])


async def late_echo(request: httpx2.Request) -> httpx2.Response:
    """The same, the later questions of a case first."""
    number = int(content(echo(request)).split()[-1])
    await asyncio.sleep(0.01 * (3 - number))
    return echo(request)


def test_tasks_with_a_cassette_each_record_and_play_their_own(tmp_path: Path) -> None:
    async def one(case: int, record: Any) -> list[str]:
        with use_cassette(tmp_path / f"{case}.yaml", record=record):
            inner = httpx2.MockTransport(late_echo) if record == "all" else None
            asked = [_ask_async(f"case {case} question {n}", inner) for n in range(3)]
            return list(await asyncio.gather(*asked))

    async def every(record: Any) -> list[list[str]]:
        return list(await asyncio.gather(*(one(case, record) for case in range(40))))

    wanted = [[f"case {case} question {n}" for n in range(3)] for case in range(40)]
    assert asyncio.run(every("all")) == wanted
    for case in range(40):
        asked = [exchange.request.body for exchange in read_exchanges(tmp_path / f"{case}.yaml")]
        assert len(asked) == 3
        assert all(f"case {case} question {n}" in str(asked[n]) for n in range(3))
    assert asyncio.run(every("none")) == wanted


def test_threads_with_a_cassette_each_record_and_play_their_own(tmp_path: Path) -> None:
    together = threading.Barrier(16)

    def one(case: int, record: Any) -> list[str]:
        inner = httpx2.MockTransport(echo) if record == "all" else None
        with use_cassette(tmp_path / f"{case}.yaml", record=record):
            together.wait(timeout=30)
            return [content(ask(inner, question(f"{case} {n}"))) for n in range(3)]

    wanted = [[f"{case} {n}" for n in range(3)] for case in range(16)]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda case: one(case, "all"), range(16))) == wanted
        assert list(pool.map(lambda case: one(case, "none"), range(16))) == wanted
    assert all(len(read_exchanges(tmp_path / f"{case}.yaml")) == 3 for case in range(16))


def test_equal_requests_at_once_in_one_cassette_play_each_reply_once(tape: Path) -> None:
    recorded(tape, Server(), *[question()] * 20)

    async def every() -> list[str]:
        return list(await asyncio.gather(*(_ask_async(NOTE, None) for _ in range(20))))

    with use_cassette(tape):
        assert sorted(asyncio.run(every())) == sorted(f"answer {n}" for n in range(1, 21))


@pytest.fixture
def vcr(sockets: Path) -> Any:
    """The package vcrpy; urllib3, which it loads, tries a socket to find out about IPv6."""
    import vcr

    sockets.unlink(missing_ok=True)
    return vcr


def test_vcrpy_plays_what_we_recorded(tape: Path, vcr: Any) -> None:
    recorded(tape, Server(), question("a"), question("b"))
    with (
        vcr.use_cassette(str(tape), record_mode="none", match_on=["method", "path", "body"]) as old,
        httpx2.Client() as client,
    ):
        said = [content(client.post(URL, json=question(text))) for text in ("b", "a")]
    assert said == ["answer 2", "answer 1"]
    assert old.all_played


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_we_play_what_vcrpy_recorded(tape: Path, vcr: Any, packed: bool) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        reply = echo(request)
        if not packed:
            return reply
        body = httpx2.ByteStream(gzip.compress(reply.content))
        return httpx2.Response(200, stream=body, headers={"content-encoding": "gzip"})

    with (
        vcr.use_cassette(str(tape), record_mode="all"),
        httpx2.Client(transport=httpx2.MockTransport(answer)) as client,
    ):
        for text in ("a", "b"):
            client.post(URL, json=question(text), headers={"authorization": "Bearer unused"})
    with use_cassette(tape):
        assert [content(ask(body=question(text))) for text in ("b", "a")] == ["b", "a"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "interactions: [",
        "version: 2\ninteractions: []",
        "version: 1\ninteractions: [{request: 3}]",
        "version: 1\ninteractions: !!python/object/apply:os.getcwd []",
        "[" * 5000,
        "\x00",
    ],
    ids=["empty", "no YAML", "other version", "other shape", "code", "deep", "NUL"],
)
def test_a_file_that_is_no_recording_is_refused(tape: Path, text: str) -> None:
    tape.parent.mkdir()
    tape.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"case\.yaml"):
        Cassette(tape)


def test_a_file_too_large_to_be_a_recording_is_refused(tape: Path) -> None:
    tape.parent.mkdir()
    tape.write_bytes(b" " * 5_000_001)
    with pytest.raises(DataFileError, match="more than"):
        Cassette(tape)


def test_a_recording_that_cannot_be_written_says_so(tape: Path) -> None:
    tape.parent.write_text("a file where a folder should be", encoding="utf-8")
    cassette = Cassette(tape.parent / "case.yaml", record="all")
    request = httpx2.Request("POST", URL, json=question())
    turn = cassette.play(request)
    from coach.cassette.exchange import exchange_of

    cassette.keep(turn, exchange_of(request, completion("fine")))  # type: ignore[arg-type]
    with pytest.raises(OutputError, match="could not write"):
        cassette.save()


def test_a_file_is_plain_yaml_that_any_reader_takes(tape: Path) -> None:
    recorded(tape, Server(), question())
    told = yaml.safe_load(tape.read_text(encoding="utf-8"))
    assert list(told) == ["version", "interactions"]
    assert list(told["interactions"][0]) == ["request", "response", "seconds"]
