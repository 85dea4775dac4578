"""Word files: what is read from them, and what is refused before any XML is parsed."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.oxml.ns import nsdecls

from coach.document import Document, read_bytes
from coach.errors import InputError

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
BODY = f"<w:document {nsdecls('w')}><w:body>%s</w:body></w:document>"


def word(build: Callable[[docx.document.Document], object]) -> bytes:
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(main: str) -> bytes:
    """A Word file with this main part, written by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", main)
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def from_xml(*paragraphs: str) -> Document:
    return read_bytes(packed(BODY % "".join(f"<w:p>{p}</w:p>" for p in paragraphs)), "n.docx")


def test_notes_come_as_paragraphs_headings_lists_and_cells() -> None:
    def build(document: docx.document.Document) -> None:
        document.add_heading("1:1 Priya", 1)
        document.add_paragraph("mailbox first, \tMarek can wait")
        document.add_paragraph("close anything under 2k", style="List Bullet")
        table = document.add_table(1, 2)
        table.cell(0, 0).text = "Support"
        table.cell(0, 1).text = "read access to the CRM"
        document.add_paragraph("one line\nand one below")

    document = read_bytes(word(build), "n.docx")
    assert [(line.kind, line.text) for line in document.lines] == [
        ("heading", "1:1 Priya"),
        ("note", "mailbox first, Marek can wait"),
        ("note", "- close anything under 2k"),
        ("note", "Support"),
        ("note", "read access to the CRM"),
        ("note", "one line"),
        ("note", "and one below"),
    ]
    assert (document.kind, document.format, document.encoding) == ("notes", "Word", None)
    assert document.employee == "Priya"


def test_a_teams_transcript_gives_its_turns() -> None:
    def build(document: docx.document.Document) -> None:
        document.add_paragraph("Priya monthly")
        document.add_paragraph("2 March 2026, 09:00am")
        document.add_paragraph("45m 12s")
        document.add_paragraph("Dana Whitlock started transcription")
        for name, at, words in [
            ("Dana Whitlock", "0:03", "Morning Priya. We start at 9:30 tomorrow."),
            ("Dana Whitlock", "0:09", "What do you need from me?"),
            ("Shah, Priya", "1:02", "Can I close claims under 2k myself?"),
            ("Dana Whitlock", "1:01:07", "Yes, no need to ask me."),
        ]:
            paragraph = document.add_paragraph()
            paragraph.add_run(name).bold = True
            paragraph.add_run(f"   {at}")
            paragraph.add_run().add_break()
            paragraph.add_run(words)
        document.add_paragraph("Dana Whitlock stopped transcription")

    document = read_bytes(word(build), "talk.docx")
    assert document.format == "Word (Teams)"
    assert document.text == (
        "Dana Whitlock: Morning Priya. We start at 9:30 tomorrow. What do you need from me?\n"
        "Shah, Priya: Can I close claims under 2k myself?\n"
        "Dana Whitlock: Yes, no need to ask me."
    )


@pytest.mark.parametrize(
    "layout",
    [
        "0:0:0.0 --> 0:0:4.120\n{}\n{}",
        "0:0:0.0 --> 0:0:4.120\n<v {}>{}</v>",
        "{}\t0:00:04\n{}",
        "{}: {}",
        "**{}:** {}",
    ],
)
def test_older_and_other_transcripts_in_word_give_their_turns(layout: str) -> None:
    said = [("Dana Whitlock", "What do you need?"), ("Priya", "Can I close claims?")] * 2

    def build(document: docx.document.Document) -> None:
        for name, words in said:
            for line in layout.format(name, words).split("\n"):
                document.add_paragraph(line)

    document = read_bytes(word(build), "talk.docx")
    assert document.kind == "transcript"
    assert [(line.speaker, line.content) for line in document.lines] == said


def test_deleted_words_are_out_and_inserted_ones_in() -> None:
    document = from_xml(
        run("she signs off ")
        + f"<w:del>{run('nothing')}</w:del><w:ins>{run('refunds')}</w:ins>"
        + "<w:sdt><w:sdtContent>" + run(" under 50") + "</w:sdtContent></w:sdt>"
    )  # fmt: skip
    assert document.text == "she signs off refunds under 50"


def test_hidden_words_are_left_out_and_told() -> None:
    document = from_xml(
        run("seen") + run(" not seen at all", "<w:vanish/>") + run(" too", '<w:vanish w:val="0"/>')
    )
    assert document.text == "seen too"
    assert document.warnings == ("hidden words were not read: 4",)


def test_comments_are_told() -> None:
    def build(document: docx.document.Document) -> None:
        paragraph = document.add_paragraph("she signs off refunds")
        document.add_comment(paragraph.runs, text="is that so?", author="x")

    document = read_bytes(word(build), "n.docx")
    assert document.text == "she signs off refunds"
    assert document.warnings == ("comments in the margin were not read: 1",)


def test_a_text_box_is_read_once() -> None:
    box = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice Requires='wps'><w:txbxContent><w:p>{0}</w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p>{0}</w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent>"
    ).format(run("in the box"))
    assert from_xml(run("before") + f"<w:r>{box}</w:r>").text == "before\nin the box"


def test_a_word_file_piped_in_is_known_by_its_content() -> None:
    data = word(lambda document: document.add_paragraph("she signs off refunds"))
    assert read_bytes(data, "-").format == "Word"


GOOD = packed(BODY % (f"<w:p>{run('words of a note')}</w:p>" * 20))
DTD = '<!DOCTYPE w [<!ENTITY a "b">]>' + BODY % "<w:p/>"
WIDE = "".join(f'<w:p w:rsidR="{n:x}"/>' for n in range(200_000))
BAD = [
    ("cut short", GOOD[: len(GOOD) // 2], "the archive is cut short"),
    ("garbled", GOOD[:300] + b"\0" * 200 + GOOD[500:], "cut short or damaged"),
    ("only the name", b"hello", "not a Word file, whatever"),
    ("old or locked", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old or password"),
    ("bomb", packed(BODY % ("<w:p/>" * 5_000_000)), "far too much"),
    ("many tags", packed(BODY % WIDE), "too many parts"),
    ("entities", packed(DTD), "a document type"),
    ("broken XML", packed("<w:document"), "broken XML"),
    ("deep", packed(BODY % ("<w:p>" * 50_000 + "</w:p>" * 50_000)), "do not fit"),
    ("no text", packed(BODY % "<w:p/>"), "it holds no text"),
]


@pytest.mark.parametrize(("data", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_word_file_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    begin = time.process_time()
    with pytest.raises(InputError, match=message) as refused:
        read_bytes(data, "notes.docx")
    assert time.process_time() - begin < 1
    assert refused.value.message.startswith("notes.docx: ")
    assert ".docx" in (refused.value.hint or "")


def test_another_zip_is_no_word_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("notes.txt", "hello")
    with pytest.raises(InputError, match="a zip archive, but not a Word file"):
        read_bytes(out.getvalue(), "notes.zip")
