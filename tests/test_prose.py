"""What of a text is somebody's wording, and what is code, quote or markup."""

from __future__ import annotations

import time

import pytest

from coach.document import Document, prose, read_bytes

BAD = "you never listen"


def document(text: str, name: str = "plan.md") -> Document:
    return read_bytes(text.encode(), name)


def judged(text: str, name: str = "plan.md") -> str:
    return "\n".join(line.text for line in prose(document(text, name)).lines)


@pytest.mark.parametrize(
    "text",
    [
        f"Hi.\n\n```\n{BAD}\n```\n",
        f"Hi.\n\n~~~ sh\n{BAD}\n```\n~~~\n",
        f"Hi.\n\n```\n{BAD}\n\nnever closed: {BAD}\n",
        f"- one\n\n  ```\n  {BAD}\n  ```\n",
        f"Hi.\n\n    {BAD}\n\n    {BAD}\n",
        f"Hi `{BAD}` there",
        f"Hi ``a ` {BAD}`` there",
        f"Hi.\n\n> {BAD}\n",
        f"Hi.\n\n> She said\n{BAD}\n",
        f"- note\n  > {BAD}\n",
        f"See [the page](https://example.org/{BAD.replace(' ', '-')} '{BAD}').",
        f"See [the page][1].\n\n[1]: https://example.org '{BAD}'\n",
        f"See https://example.org/{BAD.replace(' ', '-')} or <https://example.org/a>.",
        f'A <span title="{BAD}">word</span>.',
        f"A <!-- {BAD} --> word.",
        f"Hi.\n\n<!-- {BAD}\n\nand {BAD} -->\n\nBye.",
        f"<blockquote>{BAD}\n{BAD}</blockquote>\n\nBye.",
        f"Type <kbd>{BAD}</kbd> or <code>{BAD}</code>.",
    ],
)
def test_code_quotes_and_markup_are_nobodys_wording(text: str) -> None:
    assert BAD in text or BAD.replace(" ", "-") in text
    left = judged(text)
    assert BAD not in left
    assert BAD.replace(" ", "-") not in left


@pytest.mark.parametrize(
    "text",
    [
        f"- one\n    - {BAD}\n",
        f"- one\n\n    {BAD}\n",
        f"> She said\n\n{BAD}\n",
        f"> She said\n- {BAD}\n",
        f"5 < 6, {BAD} and 7 > 6",
        f"it`s 5 o`clock\n{BAD}",
        f"a snake_case_name: {BAD}",
        f"[{BAD}](https://example.org)",
        f"![{BAD}](chart.png)",
        f"an open <!-- remark, {BAD}",
        f"<b>{BAD}</b>",
        f"```code``` and {BAD}",
    ],
)
def test_what_somebody_wrote_stays(text: str) -> None:
    assert BAD in judged(text)


def test_emphasis_inside_a_sentence_does_not_hide_its_words() -> None:
    assert judged("you _never_ listen").split() == BAD.split()


def test_indented_lines_are_code_in_markdown_only() -> None:
    text = f"Hi.\n\n    {BAD}\n"
    assert BAD not in judged(text, "plan.md")
    assert BAD in judged(text, "plan.txt")


def test_every_place_stays_where_it_was() -> None:
    text = f"# Plan\n\nA `{BAD}` [b](https://example.org) c\n\n> {BAD}\n\nthe end\n"
    before, after = document(text), prose(document(text))
    assert after.text == before.text
    assert [(one.number, one.start) for one in after.lines] == [
        (one.number, one.start) for one in before.lines
    ]
    assert after.line(3).text.index("c") == before.line(3).text.index(" c") + 1
    assert [line.kind for line in after.lines] == ["heading", "blank", "note"] + ["blank"] * 3 + [
        "note"
    ]


def test_a_text_without_markup_is_the_same_document() -> None:
    plain = document("Thanks for the list.\n- one\n- two\n", "notes.txt")
    assert prose(plain) is plain


@pytest.mark.parametrize(
    "unit",
    ["`", "`a ", "<!--", "<code>", "<a b=", "](", "](a(", "[a]:", "a://b ", "_a", "> "],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = document(f"hello `x` <b> [a](b)\n{unit * (size // len(unit))} end")
        best = min(_timed(text) for _ in range(3))
        return max(best, 0.02)

    assert seconds(400_000) < 8 * seconds(100_000)


def _timed(text: Document) -> float:
    start = time.process_time()
    prose(text)
    return time.process_time() - start
