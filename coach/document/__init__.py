"""Reading what managers really have, into one shape."""

from coach.document.model import Document, Line, LineKind, Role, Speaker
from coach.document.prose import prose
from coach.document.reading import LIMIT, read, read_bytes

__all__ = [
    "LIMIT",
    "Document",
    "Line",
    "LineKind",
    "Role",
    "Speaker",
    "prose",
    "read",
    "read_bytes",
]
