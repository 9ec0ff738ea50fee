"""The errors of the package. Each says what was expected, what was found, and in which file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = [
    "CallError",
    "ClusterError",
    "DarkError",
    "ExposureError",
    "FetchError",
    "FrameMismatchError",
    "HotPixError",
    "LedgerError",
    "ListFormatError",
    "MissingListError",
    "MissingMaskError",
    "PathError",
    "TargetAcqError",
    "TrendError",
    "first_line",
    "naming",
    "reason_of",
]


# Longest value shown in a message, in characters.
_LONGEST = 200


class HotPixError(Exception):
    """
    Base class of the errors that the package raises deliberately.

    Parameters
    ----------
    what : str
        The quantity that is wrong, e.g. ``"detector"``.
    expected, found : object
        What it should be, and what it is.
    source : object, optional
        The file as the user named it, or the file name of a model in memory.
    sentence : str, optional
        The message, where "what: expected ..., found ..." would read badly.

    Attributes
    ----------
    what, expected, found, source, sentence
        The arguments, so that a caller need not parse the message.
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
        message = sentence or f"{what}: expected {expected}, found {_shortened(found)}"
        super().__init__(_printable(prefix + message))
        self.what, self.expected, self.found = what, expected, found
        self.source, self.sentence = source, sentence

    def within(self, source: object) -> HotPixError:
        """
        Return the same error with the name of a file.

        Parameters
        ----------
        source : object
            The file as the user named it, or the file name of a model in memory.

        Returns
        -------
        HotPixError
            Of the same class, with the same fields.
        """
        return type(self)(
            self.what,
            expected=self.expected,
            found=self.found,
            source=source,
            sentence=self.sentence,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # What a worker raises is pickled, and the fields are keywords.
        return _restore, (type(self), self.what, self.__dict__)


def _shortened(found: object) -> str:
    text = str(found)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def _printable(text: str) -> str:
    """Escape characters that could fake lines or control a terminal, as values come from files."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _restore(kind: type[HotPixError], what: str, fields: dict[str, Any]) -> HotPixError:
    names = ("expected", "found", "source", "sentence")
    return kind(what, **{name: fields[name] for name in names})


@contextmanager
def naming(source: object) -> Iterator[None]:
    """
    Add the name of a file to the errors raised inside the block, unless they name one already.

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


def reason_of(error: Exception) -> str:
    """
    Return the message of an error in one line, with the file first.

    Parameters
    ----------
    error : Exception
        Any error.

    Returns
    -------
    str
        For errors of the operating system without their number, e.g. ``"x.fits: file not found"``.
    """
    if isinstance(error, OSError) and error.strerror:
        is_gone = isinstance(error, FileNotFoundError)
        reason = "file not found" if is_gone else error.strerror[0].lower() + error.strerror[1:]
        return reason if error.filename is None else _printable(f"{error.filename}: {reason}")
    return " ".join(str(error).split()) or type(error).__name__


def first_line(error: BaseException) -> str:
    """Return the class of an error of a library, and the first line of its message."""
    return f"{type(error).__name__}: {error}".splitlines()[0].removesuffix(": ")


class FrameMismatchError(HotPixError, ValueError):
    """Pixels and an exposure that differ in detector, frame or shape."""


class ListFormatError(HotPixError, ValueError):
    """A hot pixel list, or a file to be read as one, that violates the format."""


class ExposureError(HotPixError, ValueError):
    """An exposure that cannot be used: no date, no dq_init, an unsupported product."""


class MissingListError(HotPixError, LookupError):
    """No hot pixel list fits the exposure."""


class MissingMaskError(HotPixError, LookupError):
    """The MASK of an exposure is not available."""


class DarkError(HotPixError, ValueError):
    """A file that cannot be used as a dark: damaged, of another kind, or without a date."""


class LedgerError(HotPixError, ValueError):
    """A ledger record that is damaged or of a newer format, or a ledger without records."""


class TrendError(HotPixError, ValueError):
    """Counts that give no growth rate: too few epochs, or methods that do not compare."""


class TargetAcqError(HotPixError, ValueError):
    """A question about target acquisition without an answer: a negative rate, no stars."""


class CallError(HotPixError, ValueError):
    """A pipeline, or a parameter of one, that is unknown to stpipe."""


class ClusterError(HotPixError, RuntimeError):
    """Workers or a scheduler that cannot be reached, or that died."""


class FetchError(HotPixError, RuntimeError):
    """A remote file that cannot be downloaded, or does not match its size or checksum."""


class PathError(HotPixError, ValueError):
    """A path that cannot be read, or must not be written to."""
