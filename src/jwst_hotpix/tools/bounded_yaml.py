"""Check that a YAML document is safe to load: of bounded size and depth, and unambiguous."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

__all__ = ["UnboundedError", "require_bounded_yaml"]

_MOST_DEPTH = 50


class UnboundedError(ValueError):
    """A document that is not YAML, is too large or too deep, or is ambiguous."""


def require_bounded_yaml(
    document: str | bytes,
    most_nodes: int,
    check: Callable[[str, str, str], None] = lambda _tag, _name, _value: None,
) -> None:
    """
    Check a document through the events of the parser, which builds nothing from them.

    Parameters
    ----------
    document : str or bytes
        The YAML document.
    most_nodes : int
        Largest number of names, values, lists and mappings, counting aliases in full.
    check : callable, optional
        Called for each plain value of a mapping, with the tag of the mapping, the name and the
        text.

    Raises
    ------
    UnboundedError
        When it is not YAML, has more nodes, is nested more than 50 levels deep, contains itself, or
        repeats a name in a mapping.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_events(yaml.parse(document, Loader=loader), most_nodes, check)
    except yaml.YAMLError as error:
        problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
        found = f"{problem} in line {mark.line + 1}" if problem and mark else str(error)
        raise UnboundedError(" ".join(found.split())[:200]) from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise UnboundedError(str(error)[:200]) from None


@dataclass
class _Node:
    """
    A mapping or sequence that is being parsed.

    Attributes
    ----------
    event : yaml.CollectionStartEvent
        Where it starts; has its tag and its anchor.
    names : set of str
        The names in a mapping so far.
    name : str, optional
        The name whose value comes next.
    size : int
        Nodes in it so far, counting aliases in full.
    """

    event: yaml.CollectionStartEvent
    names: set[str] = field(default_factory=set)
    name: str | None = None
    size: int = 1

    def take(self, text: str | None) -> str | None:
        """Add a scalar (None for any other node); return the name whose value it is."""
        if not isinstance(self.event, yaml.MappingStartEvent):
            return None
        name, self.name = self.name, None
        if name is None:
            self.name = text or ""
            _require(self.name not in self.names, f"{self.name!r} twice")
            self.names.add(self.name)
        return name


def _check_events(
    events: Iterator[yaml.Event], most_nodes: int, check: Callable[[str, str, str], None]
) -> None:
    sizes: dict[str | None, int] = {}
    open_nodes: list[_Node] = []
    for event in events:
        size, text = 1, None
        if isinstance(event, yaml.CollectionStartEvent):
            _require(len(open_nodes) < _MOST_DEPTH, "a tree that is nested too deeply")
            open_nodes.append(_Node(event))
            continue
        if isinstance(event, yaml.AliasEvent):
            _require(event.anchor in sizes, "a tree that contains itself")
            size = sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            text = event.value
            sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionEndEvent):
            node = open_nodes.pop()
            size = sizes[node.event.anchor] = node.size
        else:
            continue
        if open_nodes:
            parent = open_nodes[-1]
            parent.size += size
            _require(parent.size <= most_nodes, "a tree of too many nodes")
            name = parent.take(text)
            if name is not None and text is not None:
                check(str(parent.event.tag), name, text)


def _require(good: bool, found: str) -> None:
    if not good:
        raise UnboundedError(found)
