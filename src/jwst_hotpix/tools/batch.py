"""Outcomes of the files in a batch, individually and in total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jwst_hotpix.exceptions import ClusterError, HotPixError, reason_of

__all__ = ["DONE", "FAILED", "REPEATED", "SKIPPED", "Batch", "Outcome", "collect", "reason_for"]

DONE, SKIPPED, FAILED = "done", "skipped", "failed"

#: The reason to give for a file that is named more than once.
REPEATED = "given twice"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """
    What became of one file.

    Attributes
    ----------
    file : str
        As it was given.
    status : str
        ``"done"``, ``"skipped"`` or ``"failed"``.
    reason : str
        Why it was skipped, failed or had to be redone; empty if there is nothing to explain.
    may_pass : bool
        Whether a second attempt could succeed where this one failed.
    retried : bool
        Whether this is the outcome of a second attempt.
    """

    file: str
    status: str
    reason: str = ""
    may_pass: bool = False
    retried: bool = False

    def __str__(self) -> str:
        """Return the reason, naming the file once."""
        return self.reason if self.file in self.reason else f"{self.file}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """
    What became of all files.

    Attributes
    ----------
    outcomes : tuple of Outcome
        Sorted by file.
    lost : ClusterError, optional
        What ended the batch early. The files not reached have failed for this reason.
    """

    outcomes: tuple[Outcome, ...]
    lost: ClusterError | None = None

    def of(self, status: str) -> list[Outcome]:
        """Return the outcomes of a status, sorted by file."""
        return [outcome for outcome in self.outcomes if outcome.status == status]

    @property
    def not_reached(self) -> list[Outcome]:
        """The outcomes of the files that an early end left undone."""
        return [] if self.lost is None else [o for o in self.outcomes if o.reason == str(self.lost)]

    @property
    def problems(self) -> list[str]:
        """One line per file that failed; those not reached share one."""
        not_reached = self.not_reached
        lines = [str(outcome) for outcome in self.of(FAILED) if outcome not in not_reached]
        if self.lost is not None:
            lines.append(f"{self.lost}; {len(not_reached)} files are not done")
        return lines


def collect(outcomes: Iterable[Outcome], files: Iterable[str]) -> Batch:
    """
    Gather outcomes until all are there or the workers are lost.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Of these files, in any order; may end with a `ClusterError`.
    files : iterable of str
        All files of the batch.

    Returns
    -------
    Batch
    """
    done: list[Outcome] = []
    try:
        for outcome in outcomes:
            done.append(outcome)  # noqa: PERF402 (what came before an error counts)
    except ClusterError as error:
        # A file that is given twice is settled by its other mention only.
        settled = {outcome.file for outcome in done if outcome.reason != REPEATED}
        left = [file for file in dict.fromkeys(files) if file not in settled]
        done += [Outcome(file=file, status=FAILED, reason=str(error)) for file in left]
        return Batch(outcomes=_sorted(done), lost=error)
    return Batch(outcomes=_sorted(done))


def _sorted(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    return tuple(sorted(outcomes, key=lambda outcome: outcome.file))


def reason_for(error: Exception, file: str, path: str) -> str:
    """
    Write an error about a file as one line.

    Parameters
    ----------
    error : Exception
        What went wrong.
    file : str
        The file as it was given.
    path : str
        The same file as the error may name it.

    Returns
    -------
    str
        The file is called as it was given; errors of others begin with their class.
    """
    reason = reason_of(error).replace(path, file)
    name = type(error).__name__
    # numpy gives its errors of a full disk no number, and they mean little without their class.
    is_plain = isinstance(error, HotPixError) or getattr(error, "strerror", None)
    return reason if is_plain or reason == name else f"{name}: {reason}"
