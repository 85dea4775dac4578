"""PDF: lines joined back to what was written, and scans refused."""

from __future__ import annotations

import io

import pypdf
import pytest

from coach.document import read_bytes
from coach.errors import InputError


def pdf(*pages: list[str]) -> bytes:
    """A PDF written by hand, one text line after the other."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in pages:
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 50 780 Td\n{shown}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {len(objects)} 0 R /Resources << /Font << /F1 << /Type /Font "
            "/Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = "%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    start = len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


NOTES = pdf(
    [
        "1:1 Priya",
        "What success looks like:",
        "- nothing sits in triage for more than twenty-four hours and the bro-",
        "kers stop ringing me about claims that are already closed or nearly",
        "closed; look at it together in the middle of November.",
        "- mailbox first",
        "She can close anything under 2k herself.",
        "1 / 2",
    ],
    ["From me: read access to the CRM, ask IT for it this week.", "2 / 2"],
)


def test_wrapped_lines_become_the_paragraphs_they_were() -> None:
    document = read_bytes(NOTES, "notes.pdf")
    assert (document.kind, document.format) == ("notes", "PDF")
    assert [(line.kind, line.text) for line in document.lines] == [
        ("note", "1:1 Priya"),
        ("heading", "What success looks like:"),
        (
            "note",
            "- nothing sits in triage for more than twenty-four hours and the brokers stop ringing "
            "me about claims that are already closed or nearly closed; look at it together in the "
            "middle of November.",
        ),
        ("note", "- mailbox first"),
        ("note", "She can close anything under 2k herself."),
        ("note", "From me: read access to the CRM, ask IT for it this week."),
    ]


def test_a_transcript_in_a_pdf_gives_its_turns() -> None:
    document = read_bytes(
        pdf(
            [
                "Dana Whitlock: Morning Priya. What do you need from me this month, and what",
                "would you like me to stop doing?",
                "Priya Shah: Can I close claims under 2k myself?",
                "Dana Whitlock: Yes.",
            ],
            ["Dana Whitlock: No need to ask me.", "Priya Shah: Thanks."],
        ),
        "talk.pdf",
    )
    assert document.format == "PDF (transcript)"
    assert document.text == (
        "Dana Whitlock: Morning Priya. What do you need from me this month, and what would you "
        "like me to stop doing?\n"
        "Priya Shah: Can I close claims under 2k myself?\n"
        "Dana Whitlock: Yes. No need to ask me.\n"
        "Priya Shah: Thanks."
    )


def written(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def blank() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    return written(writer)


def locked() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(NOTES))
    writer.encrypt("secret", algorithm="RC4-128")
    return written(writer)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (blank(), "it looks scanned"),
        (locked(), "locked with a password"),
        (NOTES[:300], "cut short or damaged"),
        (b"%PDF-1.7\nnothing of the kind", "cut short or damaged"),
        (b"hello", "not a PDF, whatever its name says"),
    ],
    ids=["images only", "locked", "cut short", "garbled", "only the name"],
)
def test_a_bad_pdf_is_refused_in_one_sentence(
    data: bytes, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InputError, match=message) as refused:
        read_bytes(data, "notes.pdf")
    assert refused.value.message.startswith("notes.pdf: ")
    assert refused.value.hint
    assert capsys.readouterr() == ("", "")
