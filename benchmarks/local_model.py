"""The embedded model beside a language model on a server, labelling the same short notes.

Both label the lines of a few test documents: which steps each line serves, and whether it is
punitive. The language model gets one plain prompt with a structured answer that refers to lines by
number, which is what one would try first. Time and agreement with the authors' labels are printed.

Six notes are far too few to rank two models by their scores: the figures say how much time the
scores cost. docs/models.md has the embedded model's figures on the whole test part.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, SecretStr

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "training"))

from corpus import DATA, Labelled, load_document  # noqa: E402
from figures import Count, f1, total  # noqa: E402

from coach.document import Document  # noqa: E402
from coach.engines.embedded import EmbeddedEngine  # noqa: E402
from coach.engines.embedded.features import seen_lines  # noqa: E402
from coach.engines.llm.client import Client, Question  # noqa: E402
from coach.engines.llm.endpoint import Endpoint  # noqa: E402
from coach.engines.llm.failures import EndpointError  # noqa: E402
from coach.guide import Guide, load_guide  # noqa: E402
from coach.workflow import review  # noqa: E402

EXPLAINED = """\
benchmarks/local_model.py needs a server that speaks OpenAI's protocol: give it --base-url and
--model (and OPENAI_API_KEY in the environment where the server wants a key). Any server will do;
the one in the tests serves a GGUF file with llama.cpp, where xllamacpp is installed:

  python tests/live/llama_server.py MODEL.gguf --port 8091 --alias MODEL &
  python benchmarks/local_model.py --base-url http://127.0.0.1:8091/v1 --model MODEL
"""
HEAD = ("model", "s/note", "slowest", "step F1", "punitive F1", "tokens")


class Labels(NamedTuple):
    """What one side says about one document, by line number."""

    steps: dict[int, set[str]]
    punitive: set[int]


class Said(BaseModel):
    """The model's word on one line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int
    punitive: bool
    steps: list[Literal["purpose", "tasks", "success", "autonomy", "development", "support"]]


class Answer(BaseModel):
    """The model's word on one document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: list[Said]


@dataclass
class Side:
    """One of the two models, with what it took and what it got right."""

    name: str
    seconds: list[float] = field(default_factory=list)
    steps: list[Count] = field(default_factory=list)
    punitive: list[Count] = field(default_factory=list)
    tokens: int = 0
    failed: list[str] = field(default_factory=list)

    def measure(self, one: Labelled, label: Callable[[Document], Labels]) -> None:
        """Label a document and count; where no answer comes, every label counts as missed."""
        begin = time.perf_counter()
        try:
            labels = label(one.document)
        except EndpointError as error:
            labels = Labels({}, set())
            self.failed.append(f"{one.id} ({error.kind})")
        self.seconds.append(time.perf_counter() - begin)
        lines = [line.number for line in seen_lines(one.document)]
        for at, gold in zip(lines, one.gold, strict=True):
            said, wanted = labels.steps.get(at, set()), set(gold.steps)
            self.steps.append(Count(len(said & wanted), len(said), len(wanted)))
            harsh, meant = at in labels.punitive, gold.tone == "punitive"
            self.punitive.append(Count(harsh and meant, harsh, meant))

    def row(self) -> str:
        """Seconds a document, and F1 of steps and punitive lines."""
        each = sum(self.seconds) / len(self.seconds)
        return (
            f"{self.name:34} {each:9.2f} {max(self.seconds):9.2f} "
            f"{f1(total(self.steps)):8.2f} {f1(total(self.punitive)):12.2f} {self.tokens:8,}"
        )


def main() -> None:
    """Print a row for each model, and the ratio of their times."""
    options = _options()
    if not (options.base_url and options.model):
        print(EXPLAINED, end="")
        return
    import openai  # noqa: F401  so that the first note does not pay for it

    documents = short_notes(options.documents, most_lines=options.lines)
    guide = load_guide("isp")
    embedded, remote = Side("embedded (in process, loaded)"), Side(options.model)
    engine = EmbeddedEngine()
    key = os.environ.get("OPENAI_API_KEY")
    client = Client(
        Endpoint(
            base_url=options.base_url,
            model=options.model,
            api_key=SecretStr(key) if key else None,
            deadline=options.deadline,
            answer_tokens=1536,
        )
    )
    by_embedded(documents[0].document, guide, engine)  # loads the model's files
    for one in documents:
        embedded.measure(one, lambda document: by_embedded(document, guide, engine))
        remote.measure(one, lambda document: by_server(document, guide, client, remote))
        print(f"{one.id}: {embedded.seconds[-1]:.2f} s, {remote.seconds[-1]:.1f} s", flush=True)
    lines = sum(len(one.gold) for one in documents)
    print(f"\n{len(documents)} notes, {lines} lines, {os.cpu_count()} CPUs")
    print("{:34} {:>9} {:>9} {:>8} {:>12} {:>8}".format(*HEAD))
    print(embedded.row(), remote.row(), sep="\n")
    print(f"ratio of the times: {sum(remote.seconds) / sum(embedded.seconds):,.0f} to 1")
    if remote.failed:
        print("no answer that could be used:", ", ".join(remote.failed))


def short_notes(wanted: int, *, most_lines: int) -> list[Labelled]:
    """Notes of the test part with fewer lines than this, spread over all that there are."""
    names = json.loads((DATA / "split.json").read_text("utf-8"))["test"]
    facts = {
        name: json.loads((DATA / "docs" / f"{name}.json").read_text("utf-8")) for name in names
    }
    short = [
        one
        for name in sorted(names)
        if facts[name]["kind"] == "notes"
        and len((one := load_document(name)).document.lines) < most_lines
    ]
    return short[:: max(1, len(short) // wanted)][:wanted]


def by_embedded(document: Document, guide: Guide, engine: EmbeddedEngine) -> Labels:
    """The labels that ``coach map`` gives: the embedded model's, and the tone rules'."""
    lines = review(document, guide, engine).lines
    return Labels(
        {label.line: set(label.steps) for label in lines},
        {label.line for label in lines if label.tone == "punitive"},
    )


def by_server(document: Document, guide: Guide, client: Client, side: Side) -> Labels:
    """The labels that a language model gives to a plain prompt."""
    numbers = {line.number for line in seen_lines(document)}

    def faults(answer: Answer) -> Sequence[str]:
        return [f"line: there is no line {said.line}" for said in answer.lines
                if said.line not in numbers]  # fmt: skip

    reply = client.ask(
        Question(
            prompt="plain",
            version="1",
            system=system_text(guide),
            user="\n".join(f"{line.number}: {line.text}" for line in seen_lines(document)),
            answer=Answer,
            check=faults,
        )
    )
    side.tokens += reply.usage.prompt + reply.usage.completion
    return Labels(
        {said.line: set(said.steps) for said in reply.value.lines},
        {said.line for said in reply.value.lines if said.punitive},
    )


def system_text(guide: Guide) -> str:
    """The plain prompt: the steps as the guide words them, and what to answer."""
    steps = "\n".join(
        f"- {step.id}: {step.title}. "
        + "; ".join(item.text.rstrip(".") for item in step.items)
        + "."
        for step in guide.steps
    )
    return (
        "You read a manager's notes of a conversation with an employee. Each line has a number. "
        "Say which of these steps of the framework a line serves; most lines serve none:\n"
        f"{steps}\n"
        "A line is punitive if the manager's wording threatens, blames, commands, labels the "
        "person, shames by comparison, speaks of discipline or surveillance, or is dismissive.\n"
        'Answer in JSON: {"lines": [{"line": number, "punitive": true or false, "steps": '
        "[step ids]}]}. List only lines that serve a step or are punitive."
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The embedded model beside one on a server.")
    parser.add_argument("--base-url", help="such as http://127.0.0.1:8091/v1")
    parser.add_argument("--model", help="its name there")
    parser.add_argument("--documents", type=int, default=6)
    parser.add_argument("--lines", type=int, default=45, help="only notes with fewer lines")
    parser.add_argument("--deadline", type=float, default=600.0, help="seconds for one note")
    return parser.parse_args()


if __name__ == "__main__":
    main()
