"""Which references to fetch: those around an exposure, or within a range of dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Self

from jwst_hotpix.exposure.on_disk import ExposureFile
from jwst_hotpix.fetch.crds import Reference
from jwst_hotpix.tools.dates import epoch_of

__all__ = ["Wanted"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """
    Which references are wanted.

    Attributes
    ----------
    detector, readout : str or None
        ``"NRS1"`` or ``"NRS2"``, ``"IRS2"`` or ``"TRAD"``; None for both.
    since, until : float
        MJD (UTC), given as any `Date`; limits of USEAFTER, inclusive.
    epoch : float or None
        MJD (UTC), given likewise, of an exposure: of each kind only the last that applies to it,
        and the first after it.
    subarray : str or None
        That of the exposure; full-frame references are always included.
    """

    detector: str | None = None
    readout: str | None = None
    since: float = -inf
    until: float = inf
    epoch: float | None = None
    subarray: str | None = None

    def __post_init__(self) -> None:
        for name in ("since", "until", "epoch"):
            # A frozen dataclass offers no other way to normalize its own fields.
            object.__setattr__(self, name, epoch_of(getattr(self, name)))

    @classmethod
    def around(cls, exposure: ExposureFile, since: float = -inf, until: float = inf) -> Self:
        """
        Select references that show the hot pixels of an exposure.

        Parameters
        ----------
        exposure : ExposureFile
            The exposure, of which only headers are used.
        since, until : float
            MJD (UTC). With either of them all references in this range are wanted, not only the
            nearest ones.

        Returns
        -------
        Wanted
        """
        is_span = since > -inf or until < inf
        return cls(
            detector=exposure.detector.name,
            readout=exposure.readout,
            since=since,
            until=until,
            epoch=None if is_span else exposure.epoch,
            subarray=str(exposure.header.get("SUBARRAY", "FULL")).upper(),
        )

    def choose(self, references: Iterable[Reference]) -> list[Reference]:
        """
        Choose from references.

        Parameters
        ----------
        references : iterable of Reference
            From `~jwst_hotpix.fetch.crds.list_references`.

        Returns
        -------
        list of Reference
            In the order given.
        """
        fitting = [one for one in references if self._fits(one)]
        if self.epoch is None:
            return fitting
        near: set[str] = set()
        for kind in {_kind(one) for one in fitting}:
            series = [one for one in fitting if _kind(one) == kind]
            before = [one for one in series if one.useafter <= self.epoch]
            after = [one for one in series if one.useafter > self.epoch]
            near |= {one.name for one in sorted(before, key=_date)[-1:]}
            near |= {one.name for one in sorted(after, key=_date)[:1]}
        return [one for one in fitting if one.name in near]

    def _fits(self, one: Reference) -> bool:
        return (
            self.detector in {None, one.detector}
            and (self.readout is None or one.readout in {"", self.readout})
            and self.since <= one.useafter <= self.until
            and (
                self.subarray is None
                or not one.subarrays
                or not {"FULL", self.subarray}.isdisjoint(one.subarrays)
            )
        )


def _kind(one: Reference) -> tuple[str, str, tuple[str, ...]]:
    return one.reftype, one.readout, one.subarrays


def _date(one: Reference) -> tuple[float, str]:
    return one.useafter, one.name
