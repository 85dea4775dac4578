"""How far a model carries a rehearsal: scripted talks with three personas a step, counted.

Plays tests/fixtures/rehearsals/STEP-PERSONA.txt and counts, by step, how many answers were in the
model's own words, a written line of the scenes word for word or in part, or a written line that
stood in because the model fell out of its role. Whether an answer is to the point only a reader can
tell: ``--show`` prints the talks.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from coach.engines.llm.client import Client
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.engine import LlmEngine
from coach.guide import load_guide
from coach.rehearsal import Session, Setting, load_persona

SCRIPTS = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "rehearsals"
EXPLAINED = """\
benchmarks/rehearsal.py needs a server that speaks OpenAI's protocol: give it --base-url and --model
(and OPENAI_API_KEY in the environment where the server wants a key). The one in the tests serves a
GGUF file with llama.cpp, where xllamacpp is installed:

  python tests/live/llama_server.py MODEL.gguf --port 8091 --alias MODEL &
  python benchmarks/rehearsal.py --base-url http://127.0.0.1:8091/v1 --model MODEL
"""
KINDS = ("own words", "written", "in part", "stood in")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_A_SENTENCE = 4
"""Words of a sentence that nobody finds twice by chance."""


def main() -> None:
    """Play the talks and print the table."""
    options = _options()
    if not (options.base_url and options.model):
        print(EXPLAINED, end="")
        return
    key = os.environ.get("OPENAI_API_KEY")
    endpoint = Endpoint(
        base_url=options.base_url,
        model=options.model,
        api_key=SecretStr(key) if key else None,
        deadline=options.deadline,
    )
    guide = load_guide("isp")
    found: dict[str, Counter[str]] = {}
    begin = time.perf_counter()
    for step in guide.step_ids:
        for script in sorted(SCRIPTS.glob(f"{step}-*.txt")):
            if not options.only or script.stem in options.only:
                counts = play(script, endpoint, show=options.show)
                found[step] = found.get(step, Counter()) + counts + Counter(talks=1)
    print(_table(found))
    answers = sum(counts[kind] for counts in found.values() for kind in KINDS)
    print(f"{(time.perf_counter() - begin) / max(1, answers):.1f} s an answer")


def play(script: Path, endpoint: Endpoint, *, show: bool) -> Counter[str]:
    """What became of the answers in one talk; its first line is always a written one."""
    step, _, persona = script.stem.partition("-")
    stood_in: list[str] = []
    engine = LlmEngine(Client(endpoint), tell=stood_in.append)
    setting = Setting(persona=load_persona(persona), guide=load_guide("isp"), steps=(step,), seed=3)
    session = Session.start(setting)
    session = session.hear(engine.reply(session))
    written = written_sentences(session)
    counts: Counter[str] = Counter()
    told = [f"\n{script.stem}", f"  {setting.persona.name}: {session.last_line}"]
    for line in script.read_text(encoding="utf-8").splitlines():
        stood_in.clear()
        session = session.say(line)
        text = engine.reply(session)
        kind = "stood in" if stood_in else kind_of(text, session, written)
        session = session.hear(text)
        counts[kind] += 1
        told += [f"  Manager: {line}", f"  {setting.persona.name}: {text}  [{kind}]"]
    if show:
        print("\n".join(told), flush=True)
    return counts


def written_sentences(session: Session) -> frozenset[str]:
    """Whatever the persona and the scenes of the step have written, sentence by sentence."""
    lines = [line for source in (session.setting.persona, *session.scenes) for line in source.lines]
    return frozenset(
        sentence for line in lines for sentence in _sentences(session.setting.filled(line.text))
    )


def kind_of(text: str, session: Session, written: frozenset[str]) -> str:
    """Whose words an answer of the model's is in."""
    if session.written_about(text, session.step) is not None:
        return "written"
    return "own words" if written.isdisjoint(_sentences(text)) else "in part"


def _sentences(text: str) -> list[str]:
    return [one for one in _SENTENCE.split(text) if len(one.split()) >= _A_SENTENCE]


def _table(found: dict[str, Counter[str]]) -> str:
    rows = [*found.items(), ("all", sum(found.values(), Counter()))]
    head = f"{'step':12}" + "".join(f"{name:>11}" for name in ("talks", "answers", *KINDS))
    return "\n".join((head, *(_row(name, counts) for name, counts in rows)))


def _row(name: str, counts: Counter[str]) -> str:
    figures: Sequence[int] = (
        counts["talks"],
        sum(counts[kind] for kind in KINDS),
        *(counts[kind] for kind in KINDS),
    )
    return f"{name:12}" + "".join(f"{figure:11}" for figure in figures)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Scripted rehearsals against a server.")
    parser.add_argument("--base-url", help="such as http://127.0.0.1:8091/v1")
    parser.add_argument("--model", help="its name there")
    parser.add_argument("--only", nargs="*", help="talks, such as purpose-guarded")
    parser.add_argument("--show", action="store_true", help="print the talks as well")
    parser.add_argument("--deadline", type=float, default=600.0, help="seconds for one answer")
    return parser.parse_args()


if __name__ == "__main__":
    main()
