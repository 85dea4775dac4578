"""Exchange: one question on its way to an answer that passes all checks.

Each reply is judged, and either it is the answer, or something is worth another call (told what is
wrong, with more room, a rung lower), or the exchange ends with the failure's own kind. The number
of calls is bounded: two repairs, one larger room, one way out of blank answers, and what the
server itself refuses.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, Generic, NamedTuple

from pydantic import ValidationError

from coach.engines.llm.complaint import Complaint
from coach.engines.llm.dialect import Dialect
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import EndpointError, FailureKind
from coach.engines.llm.hearing import Heard, NotJsonError, heard, object_of
from coach.engines.llm.question import Question, Reply, T, Usage
from coach.engines.llm.salvage import Salvaged, salvage
from coach.engines.llm.schema import faults_of

_MOST_REPAIRS = 2
_LONGEST_QUOTE = 4_000
"""Characters of a wrong answer that are shown to the model again."""
_WINDOWS = {2048, 4096, 8192}
"""Context sizes that local servers start with, and to which they cut a prompt."""
_LEAST_SHARE = 0.35
"""Of the estimate, which is more than twice too high for some scripts."""
_LEAST_TOKENS = 500
_REPAIR = (
    "Your answer has these faults:\n{faults}\n"
    "Answer again with the whole JSON object, corrected, and nothing else."
)

Body = dict[str, Any]
Send = Callable[[Body], Awaitable[object]]


class RefusedError(Exception):
    """A request that the server answered with an error status."""

    def __init__(self, said: Complaint) -> None:
        super().__init__(said.status)
        self.complaint = said


class _Fault(NamedTuple):
    kind: FailureKind
    lines: list[str]
    prose: bool = False
    data: dict[str, Any] | None = None
    """The answer, where it is JSON at all."""


class Exchange(Generic[T]):
    """The calls for one question; usage, calls and dialect hold after a failure as well."""

    def __init__(self, question: Question[T], *, endpoint: Endpoint, dialect: Dialect) -> None:
        self.question = question
        self.endpoint = endpoint
        self.dialect = dialect
        self.usage = Usage()
        self.calls = 0
        self.content = ""
        """The accepted answer, as JSON text."""
        self._repair: list[dict[str, str]] = []
        self._repairs = 0
        self._room = question.most_tokens or endpoint.answer_tokens
        self._enlarged = False
        self._was_blank = False
        self._ignored = False

    def body(self) -> Body:
        """The next request, whole."""
        messages = [
            {"role": "system", "content": _encodable(self.question.system)},
            *({"role": role, "content": _encodable(text)} for role, text in self.question.before),
            {"role": "user", "content": _encodable(self.question.user)},
            *self._repair,
        ]
        body: Body = {"model": self.endpoint.model, "messages": messages}
        body |= self.dialect.parameters(self.question.answer, tokens=self._room)
        if self.endpoint.host == "openrouter.ai":
            # Otherwise it may choose a provider that does not know the response format.
            body["provider"] = {"require_parameters": True}
        return body

    async def run(self, send: Send) -> Reply[T]:
        """Ask until there is an answer.

        Raises:
            EndpointError: there will be none.
        """
        while True:
            try:
                self.calls += 1
                completion = await send(self.body())
            except RefusedError as refused:
                self._adapt(refused.complaint)
                continue
            found = self._judged(heard(completion))
            if isinstance(found, Salvaged):
                return self._reply(found.value, imperfect=True, left_out=found.left_out)
            if found is not None:
                return self._reply(found)

    def known(self, text: str, *, imperfect: bool) -> Reply[T] | None:
        """An answer kept from before, if it still passes all checks, or was ``imperfect`` then."""
        found = self._read(text)
        if not isinstance(found, _Fault):
            return self._reply(found, from_cache=True)
        rest = self._salvaged(found) if imperfect else None
        if rest is None:
            return None
        return self._reply(rest.value, from_cache=True, imperfect=True, left_out=rest.left_out)

    def _reply(self, value: T, **more: Any) -> Reply[T]:
        facts = {"calls": self.calls, "rung": self.dialect.rung, "from_cache": False, **more}
        return Reply(value, self.usage, **facts)

    # -- what to do about it -----------------------------------------------------------------------

    def _adapt(self, complaint: Complaint) -> None:
        if self._enlarged and complaint.is_about_budget:
            raise self._failure("truncated")
        dialect = self.dialect.after(complaint)
        if dialect is None:
            raise self._failure(complaint.kind)
        self.dialect = dialect

    def _judged(self, reply: Heard | None) -> T | Salvaged[T] | None:
        if reply is None:
            raise self._failure("bad_envelope")
        self.usage += reply.usage
        self._check_prompt_was_read(reply.usage.prompt)
        verdict = reply.verdict
        if verdict == "validate":
            found = self._read(reply.text)
            if not isinstance(found, _Fault):
                return found
            if self._repairs == _MOST_REPAIRS:
                return self._last(found)
            self._ask_to_repair(found, reply.text)
        elif verdict == "truncated":
            self._enlarge()
        elif verdict in {"whitespace_loop", "empty"}:
            self._leave_blanks(verdict)
        else:
            raise self._failure(verdict)
        return None

    def _check_prompt_was_read(self, prompt: int) -> None:
        sent = self.question.tokens or 0
        if not prompt or prompt >= sent:
            return
        if prompt in _WINDOWS or (sent > _LEAST_TOKENS and prompt < _LEAST_SHARE * sent):
            raise self._failure("prompt_cut")

    def _enlarge(self) -> None:
        if self._enlarged:
            raise self._failure("truncated")
        self._enlarged = True
        self._room *= 2

    def _leave_blanks(self, kind: FailureKind) -> None:
        """A grammar can drive a model into blanks: once, try it with a looser one."""
        below = self.dialect.lower()
        if self._was_blank or below is None:
            raise self._failure(kind)
        self._was_blank = True
        self.dialect = replace(below, temperature=None) if kind == "whitespace_loop" else below

    def _last(self, fault: _Fault) -> Salvaged[T]:
        """What can be used of the answer that no repair mended."""
        found = self._salvaged(fault)
        if found is None:
            ignored = fault.prose and (self._ignored or self._under_schema)
            raise self._failure("schema_ignored" if ignored else fault.kind)
        return found

    def _salvaged(self, fault: _Fault) -> Salvaged[T] | None:
        if not self.question.lenient or fault.data is None:
            return None
        return salvage(self.question.answer, fault.data)

    @property
    def _under_schema(self) -> bool:
        return self.dialect.rung.startswith("json_schema")

    def _ask_to_repair(self, fault: _Fault, text: str) -> None:
        under_schema = self._under_schema
        self._ignored |= fault.prose and under_schema
        self._repairs += 1
        if fault.prose and under_schema and self._repairs == _MOST_REPAIRS:
            self.dialect = replace(self.dialect, rung="json_object")
        shown = text[:_LONGEST_QUOTE] + (" ..." if len(text) > _LONGEST_QUOTE else "")
        asked = _REPAIR.format(faults="\n".join(fault.lines))
        self._repair = [
            {"role": "assistant", "content": _encodable(shown)},
            {"role": "user", "content": _encodable(asked)},
        ]

    def _read(self, text: str) -> T | _Fault:
        try:
            self.content, data = object_of(text)
            value = self.question.answer.model_validate(data)
        except NotJsonError as error:
            return _Fault("bad_json", [f"answer: {error}"], prose=error.prose)
        except ValidationError as error:
            return _Fault("wrong_shape", faults_of(error), data=data)
        except RecursionError:
            return _Fault("bad_json", ["answer: is nested too deeply"])
        if lines := list(self.question.check(value)):
            return _Fault("failed_checks", lines, data=data)
        return value

    def _failure(self, kind: FailureKind) -> EndpointError:
        return EndpointError(kind, self.endpoint)


def _encodable(text: str) -> str:
    """Without halves of a character, which no request can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")
