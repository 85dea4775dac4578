"""The client: what it sends, in which order, and what it makes of the answers."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from coach.engines.llm.client import Client, Question, Reply, Usage, payload
from coach.engines.llm.endpoint import RUNGS, Endpoint, Rung
from coach.engines.llm.failures import EndpointError

LOCAL = "http://127.0.0.1:8080/v1"
GOOD = '{"line": 1, "step": "success"}'


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    line: int
    step: str


class Kept(dict[str, str]):
    """A cache."""

    def put(self, key: str, answer: str) -> None:
        self[key] = answer


class Stub:
    """A server behind a transport: scripted replies, the last of them for ever."""

    def __init__(self, *replies: Any) -> None:
        self.replies = list(replies) or [GOOD]
        self.requests: list[httpx2.Request] = []
        self.transport = httpx2.MockTransport(self._answer)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.requests]

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        if callable(reply):
            reply = reply(json.loads(request.content))
        return reply if isinstance(reply, httpx2.Response) else said(reply)


def said(content: str | None, *, finish: str = "stop", **usage: Any) -> httpx2.Response:
    usage = {"prompt_tokens": 900, "completion_tokens": 12} | usage
    choice = {"finish_reason": finish, "message": {"content": content}}
    return httpx2.Response(200, json={"choices": [choice], "usage": usage})


def refused(status: int, message: str, **more: Any) -> httpx2.Response:
    return httpx2.Response(status, json={"error": {"message": message, **more}})


def endpoint(**values: Any) -> Endpoint:
    return Endpoint(**{"base_url": LOCAL, "model": "small", **values})


def question(
    user: str = "L1: she wants to lead the pilot",
    *,
    tokens: int | None = None,
    check: Callable[[Answer], Sequence[str]] = lambda _answer: (),
) -> Question[Answer]:
    return Question("map", "2", "Answer in JSON.", user, Answer, check, tokens)


# -- what is sent ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize(
    "address", [LOCAL, "https://api.openai.com/v1", "https://openrouter.ai/api/v1"]
)
def test_the_shown_body_is_to_the_byte_the_one_that_is_sent(address: str, rung: Rung) -> None:
    stub = Stub()
    asked = question("L1: „Käse“ — \u2028 \ud800 😀")
    client = Client(endpoint(base_url=address, rung=rung), transport=stub.transport)
    shown = payload(client.body(asked))
    client.ask(asked)
    assert [request.content for request in stub.requests] == [shown]


def test_a_body_can_be_shown_for_any_rung_without_key_and_network() -> None:
    client = Client(endpoint(temperature=None))
    forms = [client.body(question(), rung=rung).get("response_format", {}) for rung in RUNGS]
    assert [form.get("type") for form in forms] == [
        "json_schema",
        "json_schema",
        "json_object",
        None,
    ]
    assert [form.get("json_schema", {}).get("strict") for form in forms] == [True, None, None, None]
    assert client.body(question(), rung="prompt_only") == {
        "model": "small",
        "messages": [
            {"role": "system", "content": "Answer in JSON."},
            {"role": "user", "content": "L1: she wants to lead the pilot"},
        ],
        "max_tokens": 8192,
    }


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (LOCAL, "max_tokens"),
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://here.openai.azure.com/openai/v1", "max_completion_tokens"),
        ("https://openrouter.ai/api/v1", "max_tokens"),
    ],
)
def test_the_budget_goes_by_the_name_the_server_knows(address: str, name: str) -> None:
    body = Client(endpoint(base_url=address, answer_tokens=700)).body(question())
    assert body[name] == 700
    assert len(body.keys() & {"max_tokens", "max_completion_tokens"}) == 1


def test_openrouter_may_only_choose_providers_that_know_the_format() -> None:
    body = Client(endpoint(base_url="https://openrouter.ai/api/v1")).body(question())
    assert body["provider"] == {"require_parameters": True}
    assert "provider" not in Client(endpoint()).body(question())


@pytest.mark.parametrize(
    ("values", "header"),
    [
        ({"base_url": "https://api.openai.com/v1"}, ("authorization", "Bearer sk-1")),
        ({"base_url": "https://x.openai.azure.com/openai/v1"}, ("api-key", "sk-1")),
        (
            {"base_url": "https://gw.example/azure", "api_version": "2024-10-21"},
            ("api-key", "sk-1"),
        ),
    ],
)
def test_the_key_goes_into_the_header_of_the_server(
    values: dict[str, str], header: tuple[str, str]
) -> None:
    stub = Stub()
    Client(endpoint(api_key=SecretStr("sk-1"), **values), transport=stub.transport).ask(question())
    (request,) = stub.requests
    name, value = header
    assert request.headers[name] == value
    assert len(request.headers.keys() & {"authorization", "api-key"}) == 1
    assert request.url.params.get("api-version") == values.get("api_version")


def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-this-server")
    stub = Stub()
    Client(endpoint(), transport=stub.transport).ask(question())
    assert "authorization" not in stub.requests[0].headers


def test_a_transport_learns_the_prompt_but_the_server_does_not() -> None:
    stub = Stub()
    Client(endpoint(), transport=stub.transport).ask(question())
    assert stub.requests[0].extensions["coach_prompt"] == "map@2"
    assert "map@2" not in str(stub.requests[0].headers) + stub.requests[0].content.decode()


def test_importing_the_client_does_not_import_what_is_slow() -> None:
    command = (
        "import sys, coach.engines.llm.client; "
        "print(sorted({'openai', 'httpx2', 'tiktoken'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


# -- several questions -----------------------------------------------------------------------------


class Counting:
    """A server that takes a moment, and counts how many questions it has at once."""

    def __init__(self) -> None:
        self.now, self.most, self.counts = 0, 0, list[int]()
        self.transport = httpx2.MockTransport(self._answer)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.now += 1
        self.counts.append(self.now)
        number = int(json.loads(request.content)["messages"][1]["content"])
        await asyncio.sleep(0.03 - 0.001 * number)
        self.now -= 1
        return said(json.dumps({"line": number, "step": "x"}))


def test_answers_come_in_the_order_of_the_questions_and_only_so_many_at_once() -> None:
    server = Counting()
    client = Client(endpoint(concurrency=3), transport=server.transport)
    results = client.ask_all([question(str(number)) for number in range(10)])
    assert [r.value.line for r in results if isinstance(r, Reply)] == list(range(10))
    assert server.counts[:2] == [1, 1]  # the first settles how to ask, and is alone
    assert max(server.counts) == 3


def test_a_known_rung_needs_no_first_question() -> None:
    server = Counting()
    client = Client(endpoint(concurrency=3, rung="json_object"), transport=server.transport)
    client.ask_all([question(str(number)) for number in range(6)])
    assert server.counts[:3] == [1, 2, 3]


def test_what_the_first_question_found_out_holds_for_all_others() -> None:
    no = refused(400, "response_format of type json_schema is not supported")
    stub = Stub(lambda body: no if "json_schema" in json.dumps(body["response_format"]) else GOOD)
    client = Client(endpoint(), transport=stub.transport)
    results = client.ask_all([question(str(number)) for number in range(4)])
    client.ask(question("later"))
    kinds = [body["response_format"]["type"] for body in stub.bodies]
    assert kinds == ["json_schema"] * 2 + ["json_object"] * 5
    assert [r.calls for r in results if isinstance(r, Reply)] == [3, 1, 1, 1]
    assert client.dialect.rung == "json_object"


def test_one_bad_answer_takes_nothing_from_the_others() -> None:
    def answer(body: dict[str, Any]) -> httpx2.Response:
        bad = body["messages"][1]["content"] == "2"
        return said(None, finish="content_filter") if bad else said(GOOD)

    stub = Stub(answer)
    results = Client(endpoint(), transport=stub.transport).ask_all(
        [question(str(number)) for number in range(5)]
    )
    kinds = [r.kind if isinstance(r, EndpointError) else "ok" for r in results]
    assert kinds == ["ok", "ok", "content_filter", "ok", "ok"]


def test_a_failure_that_all_would_meet_stops_the_run() -> None:
    stub = Stub(refused(401, "no"))
    results = Client(endpoint(), transport=stub.transport).ask_all(
        [question(str(number)) for number in range(5)]
    )
    kinds = [r.kind if isinstance(r, EndpointError) else "ok" for r in results]
    assert kinds == ["unauthorised"] + ["cancelled"] * 4
    assert len(stub.requests) == 1


def test_progress_counts_all_ends_and_all_tokens() -> None:
    told: list[tuple[int, int, int]] = []

    def progress(*, done: int, total: int, usage: Usage) -> None:
        told.append((done, total, usage.prompt))

    stub = Stub(GOOD, said(None, finish="content_filter"), GOOD)
    client = Client(endpoint(concurrency=1), transport=stub.transport, progress=progress)
    client.ask_all([question(str(number)) for number in range(3)])
    assert told == [(1, 3, 900), (2, 3, 1_800), (3, 3, 2_700)]


def test_what_was_spent_before_an_interruption_is_known() -> None:
    def stop(_body: dict[str, Any]) -> httpx2.Response:
        raise KeyboardInterrupt

    client = Client(endpoint(concurrency=1), transport=Stub(GOOD, "prose", stop).transport)
    with pytest.raises(KeyboardInterrupt):
        client.ask_all([question(str(number)) for number in range(3)])
    assert client.usage == Usage(prompt=1_800, completion=24)


def test_what_all_rounds_of_questions_used_adds_up() -> None:
    kept = Kept()
    client = Client(endpoint(), cache=kept, transport=Stub().transport)
    client.ask_all([question("1"), question("2")])
    client.ask_all([question("1"), question("2"), question("3")])
    assert client.usage.prompt == 2_700


def test_no_questions_need_no_server() -> None:
    assert Client(endpoint()).ask_all([]) == []


def test_what_is_no_failure_of_the_endpoint_is_not_swallowed() -> None:
    def miss(_body: dict[str, Any]) -> httpx2.Response:
        raise LookupError("no recording")

    with pytest.raises(LookupError, match="no recording"):
        Client(endpoint(), transport=Stub(miss).transport).ask(question())


# -- the cache -------------------------------------------------------------------------------------


def test_a_second_run_asks_nothing_and_costs_nothing() -> None:
    kept, stub = Kept(), Stub()
    asked = [question(str(number)) for number in range(3)]
    first = Client(endpoint(), cache=kept, transport=stub.transport).ask_all(asked)
    second = Client(endpoint(), cache=kept, transport=stub.transport).ask_all(asked)
    assert len(stub.requests) == 3
    assert [r.value for r in second if isinstance(r, Reply)] == [
        r.value for r in first if isinstance(r, Reply)
    ]
    assert {(r.from_cache, r.calls, r.usage) for r in second if isinstance(r, Reply)} == {
        (True, 0, Usage())
    }


def test_another_server_model_or_question_is_another_answer() -> None:
    kept, stub = Kept(), Stub()
    for values in ({}, {"model": "other"}, {"base_url": "http://localhost:8080/v1"}):
        Client(endpoint(**values), cache=kept, transport=stub.transport).ask(question())
    Client(endpoint(), cache=kept, transport=stub.transport).ask(question("L1: else"))
    assert len(kept) == 4


@pytest.mark.parametrize(
    "broken", ["", "[]", "{}", '{"content": "{}"}', '{"content": null}', "[" * 9_000]
)
def test_a_kept_answer_that_is_broken_is_asked_for_again(broken: str) -> None:
    kept, stub = Kept(), Stub()
    client = Client(endpoint(), cache=kept, transport=stub.transport)
    client.ask(question())
    kept[next(iter(kept))] = broken
    assert client.ask(question()).from_cache is False
    assert len(stub.requests) == 2


def test_a_kept_answer_has_to_pass_todays_checks() -> None:
    kept, stub = Kept(), Stub()
    client = Client(endpoint(), cache=kept, transport=stub.transport)
    client.ask(question())
    with pytest.raises(EndpointError) as caught:
        client.ask(question(check=lambda _answer: ["line: not in the notes"]))
    assert caught.value.kind == "failed_checks"


def test_a_failure_is_never_kept_and_finished_answers_are() -> None:
    kept, stub = Kept(), Stub(GOOD, GOOD, refused(500, "no"))
    client = Client(endpoint(concurrency=1), cache=kept, transport=stub.transport)
    client.ask_all([question(str(number)) for number in range(3)])
    assert len(kept) == 2
    assert "she wants" not in str(kept)


# -- the exchange ----------------------------------------------------------------------------------


def test_a_repair_names_the_faults_and_quotes_the_answer() -> None:
    wrong = '{"line": "first", "step": "' + "x" * 9_000 + '"}'
    stub = Stub(wrong, '{"line": 7, "step": "x"}', GOOD)
    check = lambda a: [] if a.line == 1 else [f"line: there is no line {a.line}"]  # noqa: E731
    reply = Client(endpoint(), transport=stub.transport).ask(question(check=check))
    assert (reply.value.line, reply.calls, reply.usage.prompt) == (1, 3, 2_700)
    _system, _user, quoted, asked = stub.bodies[1]["messages"]
    assert quoted == {"role": "assistant", "content": wrong[:4_000] + " ..."}
    assert asked["role"] == "user"
    assert "\nline: Input should be a valid integer" in asked["content"]
    assert len(stub.bodies[2]["messages"]) == 4
    assert "\nline: there is no line 7\n" in stub.bodies[2]["messages"][3]["content"]


@pytest.mark.parametrize(
    ("answer", "left_out"),
    [('{"line": 7, "step": "x"}', 0), ('{"line": 7, "step": "x", "a": 1}', 1)],
)
def test_a_lenient_question_takes_what_no_repair_mends_and_marks_it(
    answer: str, left_out: int
) -> None:
    stub = Stub(answer)
    asked = question(check=lambda _a: ["line: no"])
    reply = Client(endpoint(), transport=stub.transport).ask(replace(asked, lenient=True))
    assert (reply.value, reply.imperfect) == (Answer(line=7, step="x"), True)
    assert (reply.left_out, reply.calls) == (left_out, 3)
    with pytest.raises(EndpointError):
        Client(endpoint(), transport=stub.transport).ask(asked)


def test_an_imperfect_answer_is_kept_with_its_mark_so_that_a_second_run_costs_nothing() -> None:
    kept, stub = Kept(), Stub('{"line": 7, "step": "x", "a": 1}')
    client = Client(endpoint(), cache=kept, transport=stub.transport)
    asked = replace(question(check=lambda _a: ["line: no"]), lenient=True)
    first, second = client.ask(asked), client.ask(asked)
    assert len(stub.requests) == 3
    assert second == replace(first, usage=Usage(), calls=0, from_cache=True)
    assert second.imperfect


def test_a_cut_answer_gets_twice_the_room_once() -> None:
    stub = Stub(said('{"line"', finish="length"), GOOD)
    Client(endpoint(answer_tokens=100), transport=stub.transport).ask(question())
    assert [body["max_tokens"] for body in stub.bodies] == [100, 200]


def test_a_server_without_twice_the_room_means_a_cut_answer() -> None:
    stub = Stub(said('{"line"', finish="length"), refused(400, "max_tokens is too large: 8192"))
    with pytest.raises(EndpointError) as caught:
        Client(endpoint(), transport=stub.transport).ask(question())
    assert caught.value.kind == "truncated"


def test_a_loop_of_blanks_is_left_a_rung_lower_and_warmer() -> None:
    stub = Stub(said("{" + " " * 300, finish="length"), GOOD)
    reply = Client(endpoint(), transport=stub.transport).ask(question())
    assert reply.rung == "json_schema"
    assert ["temperature" in body for body in stub.bodies] == [True, False]


@pytest.mark.parametrize(
    ("sent", "read", "kind"),
    [
        (None, 10, "ok"),
        (1_000, 0, "ok"),
        (1_000, 360, "ok"),
        (1_000, 340, "prompt_cut"),
        (400, 20, "ok"),
        (2_100, 2_048, "prompt_cut"),
        (4_400, 4_096, "prompt_cut"),
        (8_200, 8_192, "prompt_cut"),
        (2_000, 2_048, "ok"),
        (1_000, -5, "ok"),
        (1_000, "many", "ok"),
    ],
)
def test_a_prompt_that_was_read_in_part_is_noticed(sent: int | None, read: Any, kind: str) -> None:
    client = Client(endpoint(), transport=Stub(said(GOOD, prompt_tokens=read)).transport)
    try:
        client.ask(question(tokens=sent))
    except EndpointError as error:
        assert error.kind == kind
        assert "num_ctx" in str(error.hint)
    else:
        assert kind == "ok"


def test_tokens_are_counted_with_their_details() -> None:
    stub = Stub(
        said(
            GOOD,
            prompt_tokens_details={"cached_tokens": 800},
            completion_tokens_details={"reasoning_tokens": 7},
        )
    )
    reply = Client(endpoint(), transport=stub.transport).ask(question())
    assert reply.usage == Usage(prompt=900, completion=12, cached=800, reasoning=7)
