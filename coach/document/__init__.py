"""Reading what managers really have, into one shape."""

from coach.document.model import Document, Line, LineKind, Role, Speaker

__all__ = ["Document", "Line", "LineKind", "Role", "Speaker"]
