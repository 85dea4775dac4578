"""Reading what managers really have, into one shape."""

from coach.document.model import Document, Line, LineKind, Role, Speaker
from coach.document.orders import speaks_to_a_machine, told_of_orders, without_comments
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
    "speaks_to_a_machine",
    "told_of_orders",
    "without_comments",
]
