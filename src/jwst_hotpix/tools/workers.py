"""One task per file, by processes of this machine or by the workers of a cluster."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from itertools import islice
from queue import SimpleQueue

from jwst_hotpix.tools.batch import FAILED, Outcome

__all__ = ["KILLED", "Workers"]

#: The reason to give for a file over which workers died.
KILLED = "its worker died twice (killed, or out of memory)"


class Workers(ABC):
    """
    Workers that are ready for tasks.

    Attributes
    ----------
    name : str
        What to call them, e.g. the address of the scheduler.
    slots : int
        How many tasks to hand out at once.
    number : int, optional
        How many processes of this machine; None for a cluster, which may grow and shrink.
    memory : int, optional
        Bytes that each may take before it is killed; None if nothing here limits it.
    """

    name: str
    slots: int
    number: int | None = None
    memory: int | None = None

    def run(self, function: Callable[[str], Outcome], files: Iterable[str]) -> Iterator[Outcome]:
        """
        Call a function with every file, each on some worker.

        Parameters
        ----------
        function : callable
            Its module must be importable by the workers. It returns what goes wrong rather than
            raise it.
        files : iterable of str
            Taken as workers become free, so that any number may follow.

        Yields
        ------
        Outcome
            One per file, as they are done. A file whose worker dies, or whose failure may pass,
            gets a second attempt.

        Raises
        ------
        ClusterError
            When the workers cannot be reached any more.
        """
        waiting = iter(files)
        running: dict[Future[Outcome], tuple[str, bool]] = {}
        ended: SimpleQueue[Future[Outcome]] = SimpleQueue()

        def start(files: Iterable[str], *, again: bool = False) -> None:
            for file in files:
                future = self.submit(function, file)
                running[future] = file, again
                future.add_done_callback(ended.put)

        try:
            start(islice(waiting, self.slots))
            while running:
                future = ended.get()
                file, is_second = running.pop(future)
                outcome = self.outcome_of(future)
                if not is_second and (outcome is None or outcome.may_pass):
                    start([file], again=True)
                    continue
                start(islice(waiting, self.slots - len(running)))
                killed = Outcome(file=file, status=FAILED, reason=KILLED)
                yield replace(outcome or killed, retried=is_second)
        finally:
            if running:
                self.abandon()

    @abstractmethod
    def submit(self, function: Callable[[str], Outcome], file: str) -> Future[Outcome]:
        """Hand out one task."""

    @abstractmethod
    def outcome_of(self, future: Future[Outcome]) -> Outcome | None:
        """Return the outcome of a task that has ended; None if its worker died."""

    @abstractmethod
    def abandon(self) -> None:
        """Give up the tasks under way."""
