"""Opinion: a model's word on drafted entries, with its agreement to people's. It never gates.

One question that no check of code can answer: does an entry say more than the lines it rests on?
A suite's folder ``judge`` holds what the judge is measured by (``examples.jsonl``) and its recorded
answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from coach.document import Document
from coach.engines.llm.prompts import load_prompt
from coach.engines.llm.pseudonyms import Pseudonyms
from coach.engines.llm.question import Question, Reply
from coach.engines.llm.schema import field_guide
from coach.engines.llm.windows import harmless
from coach.errors import DataFileError
from coach.evaluation.example import Shelf
from coach.evaluation.record import Opinion, Remark
from coach.evaluation.run_file import Run
from coach.evaluation.statistics import Part, kappa, share_interval
from coach.evaluation.suite import SuiteFolder

if TYPE_CHECKING:
    from coach.cassette import Record
    from coach.engines.llm.client import Client
    from coach.engines.llm.endpoint import Endpoint

FOLDER = "judge"
"""Of a suite: what belongs to its judge."""
_EXAMPLES = "examples.jsonl"
_AT_ONCE = 10
"""Entries in one question."""


class VerdictAnswer(BaseModel):
    """What is said of one entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: int
    says_more: bool


class JudgeAnswer(BaseModel):
    """A verdict for every entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdicts: list[VerdictAnswer]


class JudgeExample(BaseModel):
    """An entry that a person judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: tuple[str, ...]
    entry: str
    says_more: bool


class _Drafted(NamedTuple):
    """An entry with its lines, as the judge reads them; its case and wording, as people do."""

    lines: tuple[str, ...]
    entry: str
    case: str = ""
    text: str = ""


class Judge:
    """Whoever judges: played from the recordings of a suite, recorded, or asked live.

    Args:
        endpoint: whom to ask, or who was asked when the answers were recorded.
        cassette: the file of recordings; None: live, nothing is recorded.
        record: ``none`` plays only, ``new`` records what is not there, ``all`` records anew.
        transport: stands in for the network where something is recorded or asked live.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        cassette: Path | None,
        record: Record = "none",
        transport: Any | None = None,
    ) -> None:
        self.endpoint = endpoint
        self._cassette = cassette
        self._record: Record = record
        self._transport = transport

    def verdicts(self, *groups: Sequence[_Drafted]) -> list[list[bool | None]]:
        """Whether each entry says more than its lines; None where there is no answer.

        No question holds entries of two groups.

        Raises:
            CassetteMiss: not one of these was recorded.
        """
        from coach.cassette import CassetteTransport, use_cassette
        from coach.engines.llm.client import Client

        batches = [
            group[at : at + _AT_ONCE] for group in groups for at in range(0, len(group), _AT_ONCE)
        ]
        questions = [_question(batch) for batch in batches]
        if self._cassette is None:
            replies = self._asked(Client(self.endpoint, transport=self._transport), questions)
        else:
            client = Client(self.endpoint, transport=CassetteTransport(self._transport))
            with use_cassette(self._cassette, record=self._record):
                replies = self._asked(client, questions)
        said = (
            verdict
            for batch, reply in zip(batches, replies, strict=True)
            for verdict in _said(reply, len(batch))
        )
        return [[*islice(said, len(group))] for group in groups]

    def _asked(self, client: Client, questions: Sequence[Question[JudgeAnswer]]) -> list[Any]:
        """The replies; in a replay, what was never recorded is told as such and no more."""
        from coach.cassette import CassetteMiss

        if self._cassette is None or self._record != "none":
            return [*client.ask_all(questions)]
        replies: list[Any] = []
        misses = []
        for question in questions:
            try:
                replies += client.ask_all([question])
            except CassetteMiss as miss:
                replies.append(None)
                misses.append(miss)
        if misses and len(misses) == len(questions):
            raise misses[0]
        return replies


def opinion_of(run: Run, found: SuiteFolder, judge: Judge) -> Opinion:
    """What the judge says of the entries of each case's first run, and how far it can be believed.

    Raises:
        DataFileError: the suite's labelled examples are not valid.
        CassetteMiss: nothing of this was recorded.
    """
    examples = read_examples(found.folder / FOLDER / _EXAMPLES)
    drafted = [*_drafted(run, found)]
    known = [_Drafted(tuple(map(harmless, one.lines)), harmless(one.entry)) for one in examples]
    said, verdicts = judge.verdicts(known, drafted)
    judged = [(one, more) for one, more in zip(drafted, verdicts, strict=True) if more is not None]
    cases: dict[str, list[bool]] = {}
    for one, more in judged:
        cases.setdefault(one.case, []).append(more)
    interval = share_interval([Part(sum(all_), len(all_)) for all_ in cases.values()])
    pairs = [
        (one.says_more, more) for one, more in zip(examples, said, strict=True) if more is not None
    ]
    agreed = kappa(pairs)
    return Opinion(
        model=judge.endpoint.model,
        entries=len(judged),
        more=sum(more for _, more in judged),
        low=round(interval.low, 7) if interval else None,
        high=round(interval.high, 7) if interval else None,
        unanswered=len(drafted) - len(judged),
        examples=len(pairs),
        kappa=round(agreed[0], 7) if agreed else None,
        kappa_low=round(agreed[1].low, 7) if agreed else None,
        kappa_high=round(agreed[1].high, 7) if agreed else None,
        remarks=tuple(Remark(case=one.case, text=one.text) for one, more in judged if more),
    )


def read_examples(path: Path) -> tuple[JudgeExample, ...]:
    """The labelled examples of a suite; none where there is no file.

    Raises:
        DataFileError: a row is not valid.
    """
    rows = path.read_bytes().splitlines() if path.is_file() else []
    examples = []
    for number, row in enumerate(rows, 1):
        try:
            examples.append(JudgeExample.model_validate_json(row))
        except ValidationError:
            raise DataFileError(
                f"{path}:{number}:1: this is no example for a judge",
                hint='write {"lines": ["..."], "entry": "...", "says_more": true}',
            ) from None
    return tuple(examples)


def _drafted(run: Run, found: SuiteFolder) -> Iterator[_Drafted]:
    """Every entry of the run with its lines, names replaced as in all that leaves."""
    shelf = Shelf(found)
    cases = {case.id: case for case in found.suite.cases}
    for outcome in run.outcomes:
        document = shelf.example(cases[outcome.case]).document if outcome.entries else None
        if outcome.repeat > 1 or not isinstance(document, Document):
            continue
        table = Pseudonyms.of(document)
        hidden = table.hidden(document)
        for entry in outcome.entries:
            lines = tuple(harmless(hidden.line(number).content) for number in entry.lines)
            yield _Drafted(lines, harmless(table.hide(entry.text)), outcome.case, entry.text)


def _question(entries: Sequence[_Drafted]) -> Question[JudgeAnswer]:
    prompt = load_prompt("judge", answers={"judge"}, needed={"entries"})
    told = [
        "\n".join(
            (f"<lines {number}>", *one.lines, f"</lines {number}>", f"E{number}: {one.entry}")
        )
        for number, one in enumerate(entries, 1)
    ]
    system, user = prompt.render(entries="\n\n".join(told), answer=field_guide(JudgeAnswer))
    return Question(
        prompt=prompt.name,
        version=prompt.version,
        system=system,
        user=user,
        answer=JudgeAnswer,
        check=lambda answer: _faults(answer, len(entries)),
    )


def _faults(answer: JudgeAnswer, count: int) -> list[str]:
    """Every entry has one verdict."""
    numbers = sorted(verdict.entry for verdict in answer.verdicts)
    whole = numbers == [*range(1, count + 1)]
    return [] if whole else [f"verdicts: give one for each entry, E1 to E{count}, and no other"]


def _said(reply: Any, count: int) -> list[bool | None]:
    if not isinstance(reply, Reply):
        return [None] * count
    known = {verdict.entry: verdict.says_more for verdict in reply.value.verdicts}
    return [known[number] for number in range(1, count + 1)]
