"""What a list holds, in a dozen numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH, Births
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.tools.dates import date_of
from jwst_hotpix.tools.terminal import Table

__all__ = ["Summary"]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """
    What a list holds and where it comes from.

    Attributes
    ----------
    detector, readout : str
        As in `PixelList`.
    threshold : float
        DN/s.
    n_pixels : int
        Entries: a pixel that turned hot twice has two.
    n_centers, n_neighbors, n_rings : int
        Entries by role; the center of a ring of neighbors is inferred, not measured.
    status : mapping of str to int
        Entries by status: ``"stable"``, ``"telegraph"``, ``"recovered"``.
    n_telegraph, n_recovered : int
        The last two of these.
    n_exposures : int
        Darks that the list was built from.
    first_dark, last_dark : str or None
        ISO 8601, UTC; None for a list that was not built from darks.
    as_of : str or None
        ISO 8601, UTC: darks that were known by then have been used; None for all.
    growth_per_month, growth_error : float or None
        Births per month on the detector and their standard error: see `Births`.
    supplements : str or None
        The MASK that the list supplements; None for a list that is complete in itself.
    pedigree : str
        As CRDS has it, e.g. ``"INFLIGHT 2022-07-01 2025-07-01"``.
    digest : str
        sha256 of the entries.
    """

    detector: str
    readout: str
    threshold: float
    n_pixels: int
    n_centers: int
    n_neighbors: int
    n_rings: int
    status: Mapping[str, int]
    n_telegraph: int
    n_recovered: int
    n_exposures: int
    first_dark: str | None
    last_dark: str | None
    as_of: str | None
    growth_per_month: float | None
    growth_error: float | None
    supplements: str | None
    pedigree: str
    digest: str

    @classmethod
    def of(cls, pixels: PixelList) -> Self:
        """
        Count the entries of a list.

        Parameters
        ----------
        pixels : PixelList
            A whole list, or what `PixelList.select` left of it.

        Returns
        -------
        Summary
        """
        origin = pixels.provenance
        first, last = origin.coverage or (None, None)
        roles = {role: int(np.sum(pixels.role == role)) for role in Role}
        statuses = {status: int(np.sum(pixels.status == status)) for status in Status}
        return cls(
            detector=pixels.detector,
            readout=pixels.readout,
            threshold=float(pixels.threshold),
            n_pixels=len(pixels),
            n_centers=roles[Role.CENTER],
            n_neighbors=roles[Role.NEIGHBOR],
            n_rings=roles[Role.INFERRED_CENTER],
            status={status.name.lower(): count for status, count in statuses.items()},
            n_telegraph=statuses[Status.TELEGRAPH],
            n_recovered=statuses[Status.RECOVERED],
            n_exposures=origin.n_exposures,
            first_dark=date_of(first),
            last_dark=date_of(last),
            as_of=date_of(origin.as_of),
            growth_per_month=origin.growth_per_month,
            growth_error=origin.growth_error,
            supplements=origin.mask,
            pedigree=origin.pedigree,
            digest=pixels.digest(),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes, ready for JSON."""
        return asdict(self)

    def tables(self, title: str) -> Iterator[Table]:
        """Yield one table, and a word on births where their number is known."""
        rows = self.to_dict()
        # The line of the statuses has these numbers.
        del rows["n_telegraph"], rows["n_recovered"]
        rows["supplements"] = self.supplements or "no MASK: the list is complete in itself"
        growth, error = rows.pop("growth_per_month"), rows.pop("growth_error")
        if growth is None:
            yield title, rows
            return
        births = f"{growth:.1f}" if error is None else str(Births(per_month=growth, error=error))
        yield title, {**rows, "births_per_month": births}
        yield BIRTHS_AND_NET_GROWTH, []
