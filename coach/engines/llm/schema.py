"""Schema: what an answer has to look like, in the narrow JSON schema that every server takes.

Servers differ in what they understand of JSON schema, and the strict ones refuse what they do not.
What is left here is understood by all: objects with every key required and no others, lists,
choices of strings, and null as the alternative. Limits beyond that are checked on the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

_UNPORTABLE = {"oneOf", "allOf", "not", "if", "prefixItems", "discriminator", "patternProperties"}
_MOST_LEVELS = 4
_MOST_CHOICES = 1_000
"""In the whole schema: the least limit among the strict servers."""
_MOST_FAULTS = 20

Node = Mapping[str, Any]


@lru_cache(maxsize=32)
def portable(model: type[BaseModel]) -> dict[str, Any]:
    """The model's JSON schema as every server takes it.

    Raises:
        TypeError: something in the model does not travel: a mapping, a tuple of fixed length, a
            union of objects, a type within itself, more than four levels, choices that are not
            strings, fields beyond those named.
    """
    source = model.model_json_schema()
    clean = _narrow(source, source.get("$defs", {}), at=model.__name__)
    if clean.get("type") != "object":
        raise TypeError(f"schema does not travel: {model.__name__} is not an object with fields")
    if (count := sum(1 for _choice in _choices(clean))) > _MOST_CHOICES:
        raise TypeError(f"schema does not travel: {model.__name__} has {count} choices")
    return clean


def named_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The ``json_schema`` part of a request's response format."""
    name = re.sub(r"[^A-Za-z0-9_-]", "_", model.__name__)[:64]
    return {"name": name, "schema": portable(model)}


@lru_cache(maxsize=32)
def field_guide(model: type[BaseModel]) -> str:
    """The same in words, for the system message: many servers do not show a model its schema.

    Descriptions of fields and classes stand behind the fields as remarks.
    """
    source = model.model_json_schema()
    portable(model)
    body = "\n".join(_shown(source, source.get("$defs", {}), indent=0))
    return f"Answer with one JSON object of this form and nothing else:\n{body}"


def faults_of(error: ValidationError) -> list[str]:
    """What is wrong with an answer, a line a fault: the place, and what was expected there."""
    lines = [
        f"{'.'.join(map(str, fault['loc'])) or 'answer'}: {fault['msg']}"
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    if len(lines) <= _MOST_FAULTS:
        return lines
    return [*lines[:_MOST_FAULTS], f"and {len(lines) - _MOST_FAULTS} more of this kind"]


# -- narrowing -------------------------------------------------------------------------------------


def _narrow(
    node: Node, known: Node, *, at: str, level: int = 0, within: tuple[str, ...] = ()
) -> dict[str, Any]:
    reference = str(node.get("$ref", ""))
    if reference in within:
        raise TypeError(f"schema does not travel: {at} holds itself")
    within = (*within, reference) if reference else within
    node = _resolved(node, known)
    _check(node, at=at, level=level)
    clean: dict[str, Any] = {}
    if "type" in node:
        clean["type"] = node["type"]
    if choices := _choices_here(node):
        clean |= {"type": "string", "enum": choices}
    if "properties" in node:
        clean["properties"] = {
            name: _narrow(field, known, at=f"{at}.{name}", level=level + 1, within=within)
            for name, field in node["properties"].items()
        }
        clean |= {"required": list(node["properties"]), "additionalProperties": False}
    if "items" in node:
        clean["items"] = _narrow(node["items"], known, at=f"{at}[]", level=level, within=within)
    if "anyOf" in node:
        clean["anyOf"] = [
            _narrow(one, known, at=at, level=level, within=within) for one in node["anyOf"]
        ]
    return clean


def _resolved(node: Node, known: Node) -> Node:
    while "$ref" in node:
        node = known[str(node["$ref"]).rsplit("/", 1)[1]]
    return node


def _check(node: Node, *, at: str, level: int) -> None:
    kind = node.get("type")
    trouble = ""
    if unknown := sorted(_UNPORTABLE & node.keys()):
        trouble = f"uses {', '.join(unknown)}"
    elif kind == "object" and not node.get("properties"):
        trouble = "is a mapping or has no fields"
    elif kind == "object" and node.get("additionalProperties", False) is not False:
        trouble = "takes fields beyond those named"
    elif kind == "array" and "items" not in node:
        trouble = "is a list of anything"
    elif level > _MOST_LEVELS:
        trouble = f"lies deeper than {_MOST_LEVELS} levels"
    elif not (node.keys() & {"type", "enum", "const", "anyOf"}):
        trouble = "can be anything"
    elif any(not isinstance(choice, str) for choice in _choices_here(node)):
        trouble = "has a choice that is not a string"
    elif sum("$ref" in one or one.get("type") == "object" for one in node.get("anyOf", ())) > 1:
        trouble = "is one of several objects"
    if trouble:
        raise TypeError(f"schema does not travel: {at} {trouble}")


def _choices_here(node: Node) -> list[Any]:
    return [node["const"]] if "const" in node else list(node.get("enum", ()))


def _choices(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield from node.get("enum", ())
        for below in node.values():
            yield from _choices(below)
    elif isinstance(node, list):
        for below in node:
            yield from _choices(below)


# -- showing ---------------------------------------------------------------------------------------


def _shown(node: Node, known: Node, *, indent: int) -> list[str]:
    """An object, a line a field, with what it means behind it."""
    pad = "  " * indent
    lines = [f"{pad}{{"]
    fields = list(_resolved(node, known)["properties"].items())
    for place, (name, field) in enumerate(fields, start=1):
        comma = "," if place < len(fields) else ""
        meaning = _meaning(field, known)
        before, inner, after = _form(field, known)
        head = f'{pad}  "{name}": {before}'
        remark = f"  // {meaning}" if meaning else ""
        if inner is None:
            lines.append(f"{head}{after}{comma}{remark}")
            continue
        below = _shown(inner, known, indent=indent + 1)
        lines.append(f"{head}{below[0].strip()}{remark}")
        lines += below[1:-1]
        lines.append(f"{below[-1]}{after}{comma}")
    return [*lines, f"{pad}}}"]


def _form(node: Node, known: Node) -> tuple[str, Node | None, str]:
    """What stands before an object, the object if there is one, and what stands after it."""
    node = _resolved(node, known)
    if choices := _choices_here(node):
        return " | ".join(f'"{choice}"' for choice in choices), None, ""
    if "anyOf" in node:
        forms = [_form(one, known) for one in node["anyOf"]]
        at = next((at for at, form in enumerate(forms) if form[1] is not None), None)
        if at is None:
            return " | ".join(form[0] + form[2] for form in forms), None, ""
        rest = [form[0] + form[2] for place, form in enumerate(forms) if place != at]
        before, inner, after = forms[at]
        return before, inner, " | ".join([after, *rest])
    if node["type"] == "array":
        before, inner, after = _form(node["items"], known)
        open_, close = ("(", ")") if inner is None and " | " in before else ("", "")
        return f"[{open_}{before}", inner, f"{after}{close}, ...]"
    if "properties" in node:
        return "", node, ""
    return str(node["type"]), None, ""


def _meaning(node: Node, known: Node) -> str:
    """The field's own description, else that of the class that it holds, on one line."""
    said = node.get("description")
    while said is None:
        if "$ref" in node:
            node = _resolved(node, known)
        elif "items" in node:
            node = node["items"]
        elif "anyOf" in node:
            node = next((one for one in node["anyOf"] if one.get("type") != "null"), {})
        else:
            break
        said = node.get("description")
    return " ".join(str(said or "").split("\n\n")[0].split())
