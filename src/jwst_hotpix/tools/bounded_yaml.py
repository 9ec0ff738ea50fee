"""Check that a YAML document is safe to load: of bounded size and depth, and unambiguous."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

__all__ = ["Check", "UnboundedError", "require_bounded_yaml"]

_MOST_DEPTH = 50

# The time to read a number grows with the square of its length.
_LONG_NUMBER = re.compile(r"[-+]?[0-9][0-9A-Fa-fox_:.]{999,}")

_MERGE = "tag:yaml.org,2002:merge"

#: A mapping's tag, a name in it, and its value, or each element of a value that is a list.
Check = Callable[[str, str, yaml.NodeEvent], None]


class UnboundedError(ValueError):
    """A document that is not YAML, is too large or too deep, or is ambiguous."""


def require_bounded_yaml(
    document: str | bytes, most_nodes: int, check: Check = lambda _tag, _name, _value: None
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
        Called with the tag of each mapping, each name in it, and the event of its value; if the
        value is a list, also with the event of each of its elements.

    Raises
    ------
    UnboundedError
        When it is not YAML, has more nodes, is nested more than 50 levels deep, contains itself,
        repeats a name in a mapping or has an alias for it, merges mappings, or has a number of
        1000 digits or more.
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
    place : tuple of str, optional
        The tag of the mapping of which a list is a value, and the name of that value.
    names : set of str
        The names in a mapping so far.
    name : str, optional
        The name whose value comes next.
    size : int
        Nodes in it so far, counting aliases in full.
    """

    event: yaml.CollectionStartEvent
    place: tuple[str, str] | None = None
    names: set[str] = field(default_factory=set)
    name: str | None = None
    size: int = 1

    def take(self, event: yaml.NodeEvent) -> tuple[str, str] | None:
        """Begin a node in it; return the tag of the mapping and the name whose value it is."""
        if not isinstance(self.event, yaml.MappingStartEvent):
            return self.place
        name, self.name = self.name, None
        if name is not None:
            return str(self.event.tag), name
        # What it stands for would escape all checks of names.
        _require(not isinstance(event, yaml.AliasEvent), "an alias for a name")
        is_scalar = isinstance(event, yaml.ScalarEvent)
        self.name = event.value if is_scalar else ""
        _require(self.name not in self.names, f"{self.name!r} twice")
        is_merged = self.name == "<<" or event.tag == _MERGE
        _require(not is_merged, "a mapping merged into another")
        self.names.add(self.name)
        return None


def _check_events(events: Iterator[yaml.Event], most_nodes: int, check: Check) -> None:
    sizes: dict[str | None, int] = {}
    open_nodes: list[_Node] = []
    for event in events:
        place = None
        if isinstance(event, yaml.NodeEvent) and open_nodes:
            place = open_nodes[-1].take(event)
            if place is not None:
                check(*place, event)
        if isinstance(event, yaml.CollectionStartEvent):
            _require(len(open_nodes) < _MOST_DEPTH, "a tree that is nested too deeply")
            is_list = isinstance(event, yaml.SequenceStartEvent)
            open_nodes.append(_Node(event, place if is_list else None))
            continue
        if isinstance(event, yaml.AliasEvent):
            _require(event.anchor in sizes, "a tree that contains itself")
            size = sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            # Texts that only look like numbers are quoted.
            is_long = not event.implicit[1] and _LONG_NUMBER.fullmatch(event.value)
            _require(not is_long, "a number of too many digits")
            size = sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionEndEvent):
            node = open_nodes.pop()
            size = sizes[node.event.anchor] = node.size
        else:
            continue
        if open_nodes:
            parent = open_nodes[-1]
            parent.size += size
            _require(parent.size <= most_nodes, "a tree of too many nodes")


def _require(good: bool, found: str) -> None:
    if not good:
        raise UnboundedError(found)
