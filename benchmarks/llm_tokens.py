"""Tokens of the llm engine's labels beside one prompt that asks for quotes, per 1,000 words.

Both are counted over the recorded answers of evals/core/cassettes: ours as they were sent and
answered, the other as the bare text with a short instruction, answered by the same labels with each
line's text as its quote.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coach.cassette import read_exchanges
from coach.engines.llm.tokens import estimate

ROOT = Path(__file__).resolve().parents[1]
INSTRUCTION = (
    "Here are notes or a transcript of a talk between a manager and an employee. For each of the "
    "six steps of the Individual Success Plan (purpose, tasks, success, autonomy, development, "
    "support) list as JSON what was said, each with step, item and the exact quote, and list every "
    "line of the manager that sounds punitive, with its category and the exact quote.\n\n"
)


def main() -> None:
    """Print the sums over all recorded documents."""
    words = ours_in = ours_out = theirs_in = theirs_out = 0
    for path in sorted((ROOT / "evals" / "core" / "cassettes").glob("*.yaml")):
        text = (ROOT / "training" / "data" / "docs" / f"{path.stem}.txt").read_text("utf-8")
        asked, told = next(
            (asked, json.loads(one.reply().read()))
            for one in read_exchanges(path)
            if _labels(asked := json.loads(one.request.body or "{}"))
        )
        answer = told["choices"][0]["message"]["content"]
        words += len(text.split())
        ours_in += sum(estimate(message["content"]) for message in asked["messages"])
        ours_out += estimate(answer)
        theirs_in += estimate(INSTRUCTION + text)
        theirs_out += estimate(_quoted(json.loads(answer), text.split("\n")))
    print("tokens per 1,000 words     in    out")
    for name, came, went in (("ours", ours_in, ours_out), ("quotes", theirs_in, theirs_out)):
        print(f"{name:22} {1000 * came / words:6.0f} {1000 * went / words:6.0f}")


def _labels(body: dict[str, Any]) -> bool:
    return str(body["messages"][0]["content"]).startswith("You label")


def _quoted(answer: dict[str, Any], lines: list[str]) -> str:
    """The same labels as an answer that repeats the lines, one entry for each item."""
    found = [
        {"step": item.partition(".")[0], "item": item, "quote": lines[one["line"] - 1]}
        for one in answer["does"]
        for item in one["items"]
    ]
    sharp = [
        {"category": one["category"], "quote": lines[one["line"] - 1]} for one in answer["sharp"]
    ]
    return json.dumps({"steps": found, "punitive": sharp}, ensure_ascii=False)


if __name__ == "__main__":
    main()
