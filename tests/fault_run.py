"""Meets every fault of the fault server with a real client, and prints how each ended, as JSON.

A program of its own: it may open sockets on loopback, which the tests themselves may not, and its
memory is measured. The environment it runs in points everything that an HTTP client may read from
there to a second origin, where nothing may arrive.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

import fault_server as server
from fault_server import GOOD, Origin, Request, Script, errs, replies, says, then, where
from pydantic import BaseModel, ConfigDict, SecretStr

from coach.engines.llm.client import Client, Question
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import EndpointError
from coach.engines.llm.sending import Hear

KEY = "sk-canary-7f3a91"
NOTE = "L1: Priya-canary missed the quarterly deadline"
AT_ONCE = 10
REFUSED = {"socket.connect", "socket.sendto", "socket.bind"}

elsewhere: Origin


class Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    line: int
    step: str


def check(answer: Answer) -> Sequence[str]:
    return [] if answer.line == 1 else [f"line: there is no line {answer.line}"]


def question(number: int = 0) -> Question[Answer]:
    return Question(
        prompt="map",
        version="1",
        system="Answer in JSON.",
        user=f"{NOTE} ({number})",
        answer=Answer,
        check=check,
        tokens=1_000,
    )


def not_on(*rungs: str, message: str) -> Script:
    return where(lambda body: server.rung(body) in rungs, errs(400, message), says(GOOD))


DEEP = "{" + '"a":[' * 100_000 + "]" * 100_000 + "}"
ENVELOPE = json.dumps(server.completion(GOOD))
SCHEMAS = ("json_schema_strict", "json_schema")
QUOTA = {"code": "insufficient_quota", "type": "insufficient_quota"}
TOO_LONG = "This model's maximum context length is 4096 tokens; your max_tokens is too large"

SCRIPTS: dict[str, Script] = {
    # connection
    "hang": server.hang,
    "header_drip": server.drip_headers,
    "huge_headers": server.huge_headers,
    "reset": server.reset,
    "reset_once": then(server.reset, says(GOOD)),
    "half": server.half,
    "drip": server.drip,
    "keep_alive": server.keep_alive,
    "stream": replies(b": keep-alive\n\n", content_type="text/event-stream"),
    # status
    **{f"moved_{code}": server.moved(code, lambda: elsewhere.url("x")) for code in (301, 302)},
    **{f"moved_{code}": server.moved(code, lambda: elsewhere.url("x")) for code in (307, 308)},
    "echo_400": server.echo,
    "echo_401": server.echo_key,
    "status_403": errs(403),
    "no_model": errs(404, "The model 'stub' does not exist", code="model_not_found"),
    "no_model_ollama": errs(404, 'model "stub" not found, try pulling it first'),
    "no_path": replies({"detail": "Not Found"}, 404),
    "status_408": errs(408),
    "status_409": errs(409),
    "status_413": replies(b"<html>Request Entity Too Large</html>", 413, content_type="text/html"),
    "limited_once": then(errs(429, headers={"retry_after": "0.1"}), says(GOOD)),
    "limited": errs(429),
    "quota": errs(429, "You exceeded your current quota", **QUOTA),
    "retry_after_3600": errs(429, headers={"retry_after": "3600"}),
    "retry_after_nonsense": errs(429, headers={"retry_after": "soon"}),
    "status_500": errs(500),
    "status_500_once": then(errs(500), says(GOOD)),
    "status_503": replies(b"<html>Loading</html>", 503, content_type="text/html"),
    "insists": errs(400, headers={"x_should_retry": "true"}),
    "overflow": errs(400, TOO_LONG, code="context_length_exceeded"),
    "overflow_llama": errs(400, "the request exceeds", type="exceed_context_size_error"),
    "filter_azure": errs(400, "filtered", innererror={"code": "ResponsibleAIPolicyViolation"}),
    "error_in_200": replies({"error": {"code": 429, "message": "Rate limit"}}),
    # the reply
    "no_body": replies(b""),
    "not_json": replies(b"{oops"),
    "html": replies(b"<html>Sign in</html>", content_type="text/html"),
    "a_list": replies([1]),
    "no_choices": replies({"choices": []}),
    "null_choices": replies({"choices": None}),
    "odd_choices": replies({"choices": "many"}),
    "null_message": replies({"choices": [{"message": None}]}),
    "latin_1": replies(ENVELOPE.replace("success", "succ\xe8s").encode("latin-1")),
    "giant_number": replies(ENVELOPE.replace("900", "9" * 5_000).encode()),
    "deep_reply": replies(DEEP.encode()),
    "flood": server.flood,
    "long_length": replies(b"{", content_length=str(400 * server.MEGABYTE)),
    "bomb": replies(server.bomb(), content_encoding="gzip"),
    # the answer
    "cut": says('{"line": 1, "st', finish="length"),
    "cut_once": then(says('{"line": 1, "st', finish="length"), says(GOOD)),
    "blanks": says('{"line": 1,' + "\n" * 3_000, finish="length"),
    "filter": says('{"line": 1', finish="content_filter"),
    "refusal": says(None, refusal="I cannot help with Priya-canary"),
    "empty": says(""),
    "null_content": says(None),
    "list_content": says([{"type": "text", "text": "{}"}]),
    "prose": says("Priya-canary did well. Here is my view."),
    "prose_once": then(says("Certainly."), says(GOOD)),
    "prose_to_schemas": where(
        lambda body: server.rung(body) in SCHEMAS, says("Certainly."), says(GOOD)
    ),
    "wrong_shape": says({"line": 1, "step": "success", "score": 3}),
    "wrong_once": then(says({"line": "first"}), says(GOOD)),
    "no_such_line": says({"line": 99, "step": "success"}),
    "fenced": says(f"Here it is:\n```json\n{json.dumps(GOOD)}\n```\nAnything else?"),
    "thinking": says(f"<think>Is it {{1}}?</think>{json.dumps(GOOD)}"),
    "in_reasoning": says("", reasoning_content=json.dumps(GOOD)),
    "null_finish": says(GOOD, finish=None),
    "nan": says('{"line": NaN, "step": "x"}'),
    "twice": says('{"line": 1, "line": 2, "step": "x"}'),
    "deep": says(DEEP),
    "giant": says('{"line": ' + "9" * 5_000 + ', "step": "x"}'),
    "surrogate": says('{"line": 1, "step": "\\ud800"}'),
    # what servers do not take
    "no_strict": not_on("json_schema_strict", message="unknown field strict"),
    "no_schema": not_on(*SCHEMAS, message="response_format json_schema is not supported"),
    "no_json_mode": not_on(*SCHEMAS, "json_object", message="'response_format.type' must be text"),
    "no_max_tokens": where(
        lambda body: "max_tokens" in body,
        errs(400, "Unsupported parameter", param="max_tokens"),
        says(GOOD),
    ),
    "no_temperature": where(
        lambda body: "temperature" in body,
        errs(400, "Unsupported value", param="temperature"),
        says(GOOD),
    ),
    "fastapi": where(
        lambda body: "response_format" in body,
        replies({"detail": [{"loc": ["body", "response_format"], "msg": "extra"}]}, 422),
        says(GOOD),
    ),
    # a prompt that was cut
    "read_300": says(GOOD, prompt=300),
    "read_2048": says(GOOD, prompt=2048),
    "read_all": says(GOOD, prompt=1_100),
}
SAID = json.dumps(GOOD)
BEGUN = SAID[:-1]
"""As much of the answer as is taken for all of it."""


def hear(text: str) -> str | None:
    return SAID if text.startswith(BEGUN) else None


def in_pieces(*told: str | bytes, cut: bool = False) -> Script:
    """A server that tells this in pieces, and a good answer to whoever asks for it at once."""
    told_so = server.pieces(*told, cut=cut)
    return where(lambda body: "stream" in body, told_so, says(GOOD))


PIECES: dict[str, Script] = {
    # the answer, in pieces
    "told": server.pieces(*SAID),
    "told_slowly": server.pieces(*SAID, pause=0.02),
    "told_in_halves": server.pieces(b'data: {"choices": [{"del', b'ta": {"content": "{}"}}]}\n\n'),
    "told_and_broken": in_pieces(BEGUN, b"data: {oops\n\n"),
    "told_and_cut": in_pieces(BEGUN, cut=True),
    "told_and_failed": in_pieces(BEGUN, server.event({"error": {"message": "Priya-canary"}})),
    "told_and_on": in_pieces(BEGUN, *" and so on", cut=True),
    "told_without_an_end": in_pieces('{"step": "success", ', '"line": 1}', b"data: [DONE]\n\n"),
    # not all of it: it is asked for at once
    "begun_and_cut": in_pieces('{"line', cut=True),
    "begun_and_broken": in_pieces('{"line', b"data: {oops\n\n"),
    "begun_and_failed": in_pieces('{"line', server.event({"error": {"message": "Priya-canary"}})),
    "begun_as_a_list": in_pieces(b"data: [1]\n\n", b"data: [DONE]\n\n"),
    "begun_with_nothing": in_pieces(b": still here\n\n", b"data: [DONE]\n\n"),
    "no_pieces": where(lambda body: "stream" in body, errs(400, "no stream here"), says(GOOD)),
    "endless_pieces": server.endless_pieces,
    "pieces_hang": server.pieces('{"line', pause=60),
}
DEADLINES = {"hang": 0.7, "header_drip": 0.7, "drip": 0.7, "keep_alive": 0.7, "lookup_hangs": 0.7}
DEADLINES |= {"pieces_hang": 0.7}
TOKENS = {"read_2048": 2_600}


def endpoints(main: Origin, scripts: dict[str, Script]) -> dict[str, Endpoint]:
    """One endpoint a scenario."""
    addresses = {name: main.url(name) for name in scripts}
    proxy = Origin({"behind_proxy": says(GOOD), "proxy_refuses": errs(407)})
    addresses |= {
        "refused": "http://127.0.0.1:9/v1",
        "no_name": "https://nowhere.invalid/v1",
        "lookup_hangs": "https://hanging.invalid/v1",
        "tls": main.url("hang").replace("http:", "https:"),
        "behind_proxy": "http://127.0.0.1:9/behind_proxy/v1",
        "proxy_refuses": "http://127.0.0.1:9/proxy_refuses/v1",
    }
    return {
        name: Endpoint(
            base_url=address,
            model="stub",
            api_key=SecretStr(KEY),
            deadline=DEADLINES.get(name, 30.0),
            proxy=f"http://127.0.0.1:{proxy.port}" if "proxy" in name else None,
        )
        for name, address in addresses.items()
    }


def ended(name: str, endpoint: Endpoint, hear: Hear | None = None) -> dict[str, Any]:
    """How one scenario ended."""
    asked = question()
    if name in TOKENS:
        asked = Question(**{**vars(asked), "tokens": TOKENS[name]})
    client = Client(endpoint)
    begin = time.monotonic()
    told: dict[str, Any] = {"name": name, "deadline": endpoint.deadline}
    try:
        reply = client.ask(asked, hear=hear)
        told |= {"kind": "ok", "calls": reply.calls, "rung": reply.rung, "value": vars(reply.value)}
        told |= {"tokens": client.usage.completion}
    except EndpointError as error:
        told |= {
            "kind": error.kind,
            "exit_code": error.exit_code,
            "message": error.message,
            "hint": error.hint,
            "traceback": "".join(traceback.format_exception(error)),
        }
    return told | {"seconds": time.monotonic() - begin}


def all_ends(scenarios: dict[str, Endpoint], hear: Hear | None = None) -> list[dict[str, Any]]:
    """How all ended, those that have to be waited for first and by themselves."""
    waiting = {name: endpoint for name, endpoint in scenarios.items() if name in DEADLINES}
    others = {name: endpoint for name, endpoint in scenarios.items() if name not in DEADLINES}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        with Pace() as pace:
            ends = list(pool.map(ended, waiting, waiting.values(), repeat(hear)))
        for end in ends:
            end["seconds"] -= pace.lost
        return ends + list(pool.map(ended, others, others.values(), repeat(hear)))


class Pace:
    """How long this process had to wait for a processor, by sleeps that took too long."""

    def __enter__(self) -> Pace:
        self.lost, self._running = 0.0, True
        self._thread = threading.Thread(target=self._measure)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._running = False
        self._thread.join()

    def _measure(self) -> None:
        while self._running:
            begin = time.monotonic()
            time.sleep(0.01)
            self.lost += max(0.0, time.monotonic() - begin - 0.015)


def stopped_by_ctrl_c() -> dict[str, Any]:
    """What is kept when the user stops a run after two answers."""
    kept: dict[str, str] = {}

    class Kept:
        def get(self, key: str) -> str | None:
            return kept.get(key)

        def put(self, key: str, answer: str) -> None:
            kept[key] = answer

    async def slow_from_third(request: Request) -> None:
        if request.count == 3:
            os.kill(os.getpid(), signal.SIGINT)
        if request.count >= 3:
            await server.hang(request)
        await request.say(GOOD)

    begin = time.monotonic()
    origin = Origin({"slow": slow_from_third})
    endpoint = Endpoint(base_url=origin.url("slow"), model="stub", concurrency=1, deadline=20)
    stopped = False
    try:
        Client(endpoint, cache=Kept()).ask_all([question(number) for number in range(5)])
    except KeyboardInterrupt:
        stopped = True
    return {"stopped": stopped, "kept": len(kept), "seconds": time.monotonic() - begin}


def only_loopback(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: nothing of this process reaches another machine."""
    if event in REFUSED:
        address = arguments[1]
        if isinstance(address, tuple) and address[0] != "127.0.0.1":
            raise RuntimeError(f"{event} to {address}")


def look_up(host: str, *_more: Any, **_options: Any) -> Any:
    if host == "hanging.invalid":
        time.sleep(20)
    raise socket.gaierror(-2, "Name or service not known")


def _megabytes() -> float:
    """The most memory this process ever held; ``ru_maxrss`` would count its parent's, too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Print the ends of all scenarios."""
    global elsewhere  # noqa: PLW0603  the redirects' target, known only now
    sys.addaudithook(only_loopback)
    socket.getaddrinfo = look_up
    elsewhere = Origin({"x": says(GOOD)})
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        os.environ[name] = f"http://127.0.0.1:{elsewhere.port}"
    os.environ |= {
        "OPENAI_BASE_URL": elsewhere.url("x"),
        "OPENAI_API_KEY": "sk-from-the-environment",
        "OPENAI_ADMIN_KEY": "sk-from-the-environment",
        "OPENAI_ORG_ID": "org-from-the-environment",
        "OPENAI_PROJECT_ID": "project-from-the-environment",
        "OPENAI_WEBHOOK_SECRET": "secret-from-the-environment",
        "OPENAI_CUSTOM_HEADERS": "x-a: from-the-environment\nauthorization: from-the-environment",
        "OPENAI_API_VERSION": "from-the-environment",
        "OPENAI_LOG": "debug",
    }
    origin, listened = Origin(SCRIPTS), Origin(SCRIPTS | PIECES)
    stopped = stopped_by_ctrl_c()
    ends = all_ends(endpoints(origin, SCRIPTS))
    megabytes = _megabytes()
    heard = all_ends(endpoints(listened, SCRIPTS | PIECES), hear)
    received = [*origin.requests, *listened.requests]
    requests = [json.dumps([r.script, dict(r.headers)]) for r in received]
    result = {
        "ends": ends,
        "heard": heard,
        "stopped": stopped,
        "elsewhere": elsewhere.connections,
        "from_environment": [one for one in requests if "from-the-environment" in one],
        "headers": sorted({name for r in received for name in r.headers}),
        "requests": {name: sum(r.script == name for r in origin.requests) for name in SCRIPTS},
        "pieces": {name: sum(r.script == name for r in listened.requests) for name in PIECES},
        "megabytes": megabytes,
        "more_for_pieces": _megabytes() - megabytes,
    }
    sys.stdout.write(json.dumps(result))
    sys.stdout.flush()
    os._exit(0)  # the hanging look-up's thread is not waited for


if __name__ == "__main__":
    main()
