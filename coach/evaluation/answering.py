"""Whoever answers the cases: the embedded engine, or the llm engine with recordings or a server."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from coach import workflow
from coach.document import Document
from coach.engines import Engine, open_engine
from coach.errors import CoachError, EngineError
from coach.evaluation.example import Example
from coach.evaluation.expecting import Result
from coach.evaluation.record import Failure, Mode, Spent
from coach.evaluation.suite import EngineName
from coach.finding import Finding
from coach.resources import root, user_folder

if TYPE_CHECKING:
    from coach.cassette import Record
    from coach.engines.llm.client import Client
    from coach.engines.llm.endpoint import Endpoint
    from coach.engines.llm.engine import LlmEngine

_DATA = ("guides", "prompts")
_CODE = frozenset({".py", ".onnx", ".npz", ".json", ".txt", ".yaml", ".yml", ".md"})
_OWN_FAULT = frozenset({"timeout", "cut_off", "bad_request", "prompt_cut", "cancelled"})
"""Failures that a question may have by itself, although others could meet them as well."""


class Answer(NamedTuple):
    """What came of one case: a result, a failure, or a result that lacks its plan."""

    result: Result | None
    failure: Failure | None = None
    spent: Spent | None = None


class Answers(Protocol):
    """Answers cases, each any number of times; several threads may ask at once."""

    engine: EngineName
    mode: Mode

    @property
    def model(self) -> str:
        """Name of the model."""
        ...

    @property
    def at_once(self) -> int:
        """How many cases are worth asking at the same time."""
        ...

    def fingerprint(self) -> str:
        """Of all that decides the answers."""
        ...

    def answer(self, example: Example, *, repeats: int) -> list[Answer]:
        """As many answers as asked for.

        Raises:
            EngineError: no other case could be answered either.
        """
        ...


class EmbeddedAnswers:
    """The embedded engine; opens no socket."""

    engine: EngineName = "embedded"
    mode: Mode = "offline"
    at_once = 2

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine or open_engine()

    @property
    def model(self) -> str:
        """Recipe and digest of the line model."""
        from coach.engines.embedded.line_model import LineModel

        return LineModel.load().name

    def fingerprint(self) -> str:
        """Of code, model files, guides and rules."""
        return _fingerprint("embedded")

    def answer(self, example: Example, *, repeats: int) -> list[Answer]:
        """The same answer every time, worked out each time."""
        return [_answered(example, self._engine) for _ in range(repeats)]


class LlmAnswers:
    """The llm engine: from the recordings of a suite, recording them, or live.

    Args:
        endpoint: whom to ask, or who was asked when the answers were recorded.
        cassettes: the folder of recordings, a file a case; None: live, nothing is recorded.
        record: ``none`` plays only, ``new`` records what is not there, ``all`` records anew.
        transport: stands in for the network where something is recorded or asked live.
    """

    engine: EngineName = "llm"

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        cassettes: Path | None,
        record: Record = "none",
        transport: Any | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._cassettes = cassettes
        self._record: Record = record
        self._transport = transport
        self.mode: Mode = (
            "live" if cassettes is None else "replay" if record == "none" else "record"
        )

    @property
    def model(self) -> str:
        """As the server calls it."""
        return self._endpoint.model

    @property
    def at_once(self) -> int:
        """As many as the endpoint takes; two where nothing is waited for."""
        return 2 if self.mode == "replay" else self._endpoint.concurrency

    def fingerprint(self) -> str:
        """Of code, prompts, guides and rules, and of how the model is asked."""
        asked = self._endpoint.model_dump_json(
            include={"model", "rung", "context", "answer_tokens", "temperature"}
        )
        return _fingerprint(asked)

    def answer(self, example: Example, *, repeats: int) -> list[Answer]:
        """The repeats of a case use one recording, each asking for the next answer in it."""
        from coach.cassette import CassetteTransport
        from coach.engines.llm.client import Client
        from coach.engines.llm.engine import LlmEngine

        with self._tape(example.case.id) as cassette:
            recorded = cassette is not None
            transport = CassetteTransport(self._transport) if recorded else self._transport
            client = Client(self._endpoint, transport=transport)
            engine = LlmEngine(client)  # reads the document once for all repeats
            return [self._one(example, engine, client, cassette) for _ in range(repeats)]

    @contextmanager
    def _tape(self, case: str) -> Iterator[Any]:
        from coach.cassette import use_cassette

        if self._cassettes is None:
            yield None
        else:
            with use_cassette(self._cassettes / f"{case}.yaml", record=self._record) as cassette:
                yield cassette

    def _one(self, example: Example, engine: LlmEngine, client: Client, cassette: Any) -> Answer:
        from coach.engines.llm.question import Usage

        def clock() -> float:
            return float(cassette.seconds) if cassette is not None else time.perf_counter()

        client.usage, before = Usage(), clock()
        answer = _answered(example, engine, stop=self.mode != "replay")
        usage, after = client.usage, clock()
        spent = Spent(
            prompt=usage.prompt,
            completion=usage.completion,
            cached=usage.cached,
            seconds=round(after - before, 3),
        )
        return answer._replace(spent=spent)


class _Unworded:
    """An engine that offers no wordings: no figure judges them, and to ask for them costs."""

    def __init__(self, engine: Engine | LlmEngine) -> None:
        self._engine = engine

    def reword(self, document: Document, findings: Sequence[Finding]) -> list[str | None]:
        """None for each."""
        return [None] * len(findings)

    def __getattr__(self, verb: str) -> Any:
        return getattr(self._engine, verb)


def _answered(example: Example, engine: Engine | LlmEngine, *, stop: bool = False) -> Answer:
    """What the engine makes of the example; its failures are answers too.

    Raises:
        CassetteMiss: the recording has no answer to what was asked.
        EngineError: with ``stop``, a failure that every other case would meet.
    """
    if not isinstance(example.document, Document):
        return Answer(None, _failure(example.document))  # the source is refused, as by a command
    try:
        return Answer(_result(example, example.document, cast("Engine", _Unworded(engine))))
    except workflow.NotDraftedError as error:
        cause = error.__cause__ if isinstance(error.__cause__, EngineError) else error
        _pass_on(cause, stop=stop)
        return Answer(Result(error.steps.findings, error.steps), _failure(cause))
    except EngineError as error:
        _pass_on(error, stop=stop)
        return Answer(None, _failure(error))


def _result(example: Example, document: Document, engine: Engine) -> Result:
    if example.task == "draft":
        draft = workflow.draft(document, example.guide, engine)
        return Result(draft.findings, draft.private, draft.plan)
    if example.task == "tone":
        return Result(workflow.check(document, engine))
    steps = workflow.review(document, example.guide, engine)
    return Result(steps.findings, steps)


def _pass_on(error: EngineError, *, stop: bool) -> None:
    from coach.cassette import CassetteMiss

    if isinstance(error, CassetteMiss):
        raise error
    whole = getattr(error, "whole_server", False) and _cause(error) not in _OWN_FAULT
    if stop and whole:
        raise error


def _failure(error: CoachError) -> Failure:
    return Failure(cause=_cause(error), message=error.message)


def _cause(error: CoachError) -> str:
    return str(getattr(error, "kind", error.code))


def _fingerprint(more: str) -> str:
    """Of every file of coach that could change an answer, the user's own among them."""
    import coach

    digest = hashlib.sha256(more.encode())
    package = Path(str(coach.__file__)).parent
    folders = [package, *(Path(str(root().joinpath(name))) for name in _DATA)]
    folders += [user_folder(name) for name in _DATA]
    for folder in folders:
        for path in _files(folder):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    found = (path for path in folder.rglob("*") if path.suffix in _CODE and path.is_file())
    return sorted(path for path in found if "_data" not in path.parts)
