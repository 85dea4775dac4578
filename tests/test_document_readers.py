"""Every shape of file a manager has, with the turns that stand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.document import Document, read

SHAPES = Path(__file__).parent / "fixtures" / "readers"

SAID = (
    "Morning Sam. What do you need from me this month?",
    "Can I sign off refunds under 50 pounds myself?",
    "Yes. Note: tell me after, no need to ask.",
    "I'd like to learn the ordering system.",
    "I'll book you on the course in March.",
)
NAMES = ("Dana Whitlock", "Sam Okoro")
SHORT = ("Dana", "Sam")

TALKS = [
    ("zoom.transcript.vtt", "WebVTT (Zoom)", NAMES),
    ("zoom-saved-caption.txt", "Zoom captions", NAMES),
    ("teams-client.vtt", "WebVTT (Teams)", ("Whitlock, Dana [NA]", "Okoro, Sam (Guest)")),
    ("teams-graph.vtt", "WebVTT (Teams Graph)", NAMES),
    ("teams-graph-json.vtt", "WebVTT (Teams Graph)", NAMES),
    ("teams-paste.txt", "plain transcript", NAMES),
    ("meet.txt", "Google Meet text", NAMES),
    ("meet.md", "Markdown transcript", NAMES),
    ("meet.sbv", "SubViewer (SBV)", NAMES),
    ("gemini.txt", "Notes by Gemini with transcript", NAMES),
    ("fireflies.json", "Fireflies JSON", NAMES),
    ("fireflies.txt", "Fireflies text", NAMES),
    ("granola.md", "Granola text", ("Me", "Them")),
    ("arrows.srt", "SubRip (SRT)", ("DANA", "SAM")),
    ("brackets.srt", "SubRip (SRT)", NAMES),
    ("whisperx.json", "WhisperX JSON", ("SPEAKER_00", "SPEAKER_01")),
    ("openai-diarized.json", "OpenAI diarized JSON", ("Speaker A", "Speaker B")),
    ("assemblyai.json", "AssemblyAI JSON", ("Speaker A", "Speaker B")),
    ("deepgram.json", "Deepgram JSON", ("Speaker 0", "Speaker 1")),
    ("deepgram-paragraphs.json", "Deepgram JSON", ("Speaker 0", "Speaker 1")),
    ("rev.json", "Rev AI JSON", NAMES),
    ("podcast.json", "Podcasting 2.0 JSON", NAMES),
    ("slack.txt", "plain transcript", SHORT),
]


def turns(document: Document) -> list[tuple[str | None, str]]:
    """Who said what, neighbouring lines of one voice joined."""
    joined: list[tuple[str | None, str]] = []
    for line in document.lines:
        if line.kind != "speech":
            continue
        words = line.content.strip()
        if joined and joined[-1][0] == line.speaker:
            words = f"{joined.pop()[1]} {words}"
        joined.append((line.speaker, words))
    return joined


@pytest.mark.parametrize(("name", "format_", "voices"), TALKS, ids=[row[0] for row in TALKS])
def test_a_transcript_is_recognised_and_its_turns_are_whole(
    name: str, format_: str, voices: tuple[str, str]
) -> None:
    document = read(SHAPES / name)
    assert (document.kind, document.format) == ("transcript", format_)
    assert turns(document) == [(voices[n % 2], said) for n, said in enumerate(SAID)]
    assert {line.role for line in document.lines if line.speaker == voices[0]} == {"manager"}
    assert {line.role for line in document.lines if line.speaker == voices[1]} == {"employee"}


@pytest.mark.parametrize("path", sorted(SHAPES.iterdir()), ids=lambda path: path.name)
def test_offsets_of_every_shape_are_right(path: Path) -> None:
    document = read(path)
    assert "\n".join(line.text for line in document.lines) == document.text.removesuffix("\n")
    for number, line in enumerate(document.lines, 1):
        assert line.number == number
        assert document.text[line.start : line.end] == line.text
        assert document.text[line.content_start : line.end] == line.content


def test_otter_text_keeps_the_voice_that_came_by() -> None:
    document = read(SHAPES / "otter.txt")
    assert document.format == "Otter text"
    assert [(voice.name, voice.role, voice.turns) for voice in document.speakers] == [
        ("Dana Whitlock", "manager", 3),
        ("Sam Okoro", "employee", 2),
        ("Unknown Speaker", "other", 1),
    ]
    assert document.lines[-1].kind == "frame"


def test_rolling_captions_say_each_word_once() -> None:
    document = read(SHAPES / "youtube-auto.vtt")
    assert document.format == "WebVTT (YouTube)"
    assert document.text == "morning sam what do you need from me this month"
    assert "names no speakers" in document.warnings[0]


def test_a_recognisers_text_without_voices_stands_by_sentence() -> None:
    document = read(SHAPES / "whisper.json")
    assert [line.text for line in document.lines] == [
        "Morning Sam.",
        "What do you need from me this month?",
        "Can I sign off refunds under 50 pounds myself?",
    ]
    assert {(line.speaker, line.kind) for line in document.lines} == {(None, "speech")}
    assert "names no speakers" in document.warnings[0]


def test_what_gemini_wrote_beside_a_transcript_is_summary_not_speech() -> None:
    document = read(SHAPES / "gemini.txt")
    summary = [line.text for line in document.lines if line.kind == "summary"]
    assert summary[0].endswith("Notes")
    assert any("agreed (00:00:12)" in text for text in summary)
    assert not any(line.mappable for line in document.lines[:22])
    assert any("notes tool" in warning for warning in document.warnings)


def test_what_gemini_wrote_alone_is_notes_with_a_warning() -> None:
    document = read(SHAPES / "gemini-notes-only.txt")
    assert document.kind == "notes"
    assert document.content_lines
    assert any("no evidence of what was said" in warning for warning in document.warnings)


def test_a_chat_with_dates_is_a_transcript_with_a_frame_above() -> None:
    document = read(SHAPES / "chat.txt")
    assert document.kind == "transcript"
    assert document.lines[0].kind == "frame"
    assert document.lines[1].content == SAID[0]
    assert document.lines[1].text.startswith("[02/03, 10:12] Dana: ")


def test_lines_wrapped_by_hand_go_on_with_their_speaker() -> None:
    document = read(SHAPES / "wrapped.txt")
    assert turns(document)[1] == (
        "Okoro, Sam [EXT]",
        "Can I sign off refunds under 50 pounds myself? It takes me ten minutes to find anybody on "
        "a Saturday, and by then the customer is cross.",
    )


def test_notes_whose_lines_begin_with_a_word_and_a_colon_stay_notes() -> None:
    document = read(SHAPES / "label-like-notes.txt")
    assert (document.kind, document.employee) == ("notes", "Sam")
    assert {line.kind for line in document.lines} == {"note"}
    assert {line.speaker for line in document.lines} == {None}


def test_markdown_notes_keep_frame_and_headings_apart_from_what_is_said() -> None:
    document = read(SHAPES / "notes.md")
    assert [line.kind for line in document.lines] == [
        *["frame"] * 4,
        "heading",
        "blank",
        "note",
        "heading",
        "note",
        "heading",
        "note",
        "frame",
        "frame",
        "note",
        "frame",
    ]
    assert document.roles_from == "the front matter (line 2)"
