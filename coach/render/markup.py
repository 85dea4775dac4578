"""HTML and SVG as a tree: every text and attribute is made safe here, none where it is used."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from coach.render.visible import visible

Content = Element | str | None
"""What an element holds; None is left out."""


def element(
    tag: str, *content: Content | Iterable[Content], **attributes: str | bool | None
) -> Element:
    """The element with its content in order; ``class_`` is ``class``, ``aria_label`` has a dash.

    An attribute that is None or False is left out, and True is one without a value.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None and value is not False:
            shown = "" if value is True else visible(value)
            made.set(name.rstrip("_").replace("_", "-"), shown)
    for piece in content:
        _hold(made, piece)
    return made


def written_html(tree: Element) -> str:
    """The tree as HTML."""
    return tostring(tree, encoding="unicode", method="html")


def _hold(made: Element, piece: Content | Iterable[Content]) -> None:
    if piece is None:
        return
    if isinstance(piece, Element):
        made.append(piece)
    elif isinstance(piece, str):
        text = visible(piece)
        if len(made):
            made[-1].tail = (made[-1].tail or "") + text
        else:
            made.text = (made.text or "") + text
    else:
        for one in piece:
            _hold(made, one)
