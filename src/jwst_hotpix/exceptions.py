"""What goes wrong on purpose: every error says what was expected, what was found, and where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = [
    "CallError",
    "ClusterError",
    "DarkError",
    "ExposureError",
    "FrameMismatchError",
    "HotPixError",
    "LedgerError",
    "ListFormatError",
    "MissingListError",
    "MissingMaskError",
    "PathError",
    "TargetAcqError",
    "TrendError",
    "naming",
]


class HotPixError(Exception):
    """
    Base of all errors raised on purpose.

    Parameters
    ----------
    what : str
        The quantity that is wrong, e.g. ``"detector"``.
    expected, found : object
        What would have been right, and what is there.
    source : object, optional
        The file as the user named it, or the file name of a model in memory.
    sentence : str, optional
        What to print in place of "what: expected ..., found ...", where that is not how one
        would put it.
    """

    def __init__(
        self,
        what: str,
        *,
        expected: object,
        found: object,
        source: object = None,
        sentence: str | None = None,
    ) -> None:
        prefix = "" if source is None else f"{source}: "
        super().__init__(prefix + (sentence or f"{what}: expected {expected}, found {found}"))
        self.what, self.expected, self.found = what, expected, found
        self.source, self.sentence = source, sentence

    def within(self, source: object) -> HotPixError:
        """Return the same error, naming the file or model it was found in."""
        return type(self)(
            self.what,
            expected=self.expected,
            found=self.found,
            source=source,
            sentence=self.sentence,
        )


@contextmanager
def naming(source: object) -> Iterator[None]:
    """
    Name a file in the errors raised inside the block, unless they name one already.

    Parameters
    ----------
    source : object
        The file as the user named it, or the file name of a model in memory.
    """
    try:
        yield
    except HotPixError as error:
        if error.source is not None:
            raise
        raise error.within(source) from error.__cause__


class FrameMismatchError(HotPixError, ValueError):
    """Pixels and an exposure that do not belong to the same detector, frame or shape."""


class ListFormatError(HotPixError, ValueError):
    """A hot pixel list, or a file in place of one, that breaks the format."""


class ExposureError(HotPixError, ValueError):
    """An exposure that the step cannot use: no date, no dq_init, an unsupported product."""


class MissingListError(HotPixError, LookupError):
    """No hot pixel list fits the exposure."""


class MissingMaskError(HotPixError, LookupError):
    """The MASK of an exposure cannot be had."""


class DarkError(HotPixError, ValueError):
    """A file that cannot be used as a dark: damaged, of another kind, or without a date."""


class LedgerError(HotPixError, ValueError):
    """A ledger record that is damaged or of a newer format, or a ledger without any."""


class TrendError(HotPixError, ValueError):
    """Counts that no growth can be told from: too few epochs, or methods that do not compare."""


class TargetAcqError(HotPixError, ValueError):
    """A question about target acquisition that has no answer: a negative rate, no stars."""


class CallError(HotPixError, ValueError):
    """A pipeline, or a parameter of one, that stpipe does not know."""


class ClusterError(HotPixError, RuntimeError):
    """Workers or a scheduler that cannot be had, or went away."""


class PathError(HotPixError, ValueError):
    """A path that cannot be read from, or must not be written to."""
