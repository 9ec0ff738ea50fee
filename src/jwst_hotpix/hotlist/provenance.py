"""Where a hot pixel list comes from, how far it reaches, and how stale it is."""

from __future__ import annotations

from dataclasses import dataclass

from jwst_hotpix.instrument.crosses import DEFAULT_ALPHA
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, Date, mjd

__all__ = ["SUPPLEMENTED", "Provenance"]

# CRDS pedigrees of data that are not measurements of a detector.
_NOT_MEASURED = ("DUMMY", "SIMULATION", "MODEL")

# Attributes that name the references that a list supplements.
SUPPLEMENTED = ("mask", "mask_useafter", "dark", "dark_useafter")


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """
    Where a list comes from and how far it reaches.

    Attributes
    ----------
    pedigree : str
        One of CRDS: ``"INFLIGHT 2022-07-01 2025-07-01"``, ``"SIMULATION"``, ``"DUMMY"``, ...
    ipc : float
        The IPC coupling used to distinguish centers from neighbors.
    coverage : tuple of float, optional
        MJD (UTC) of the first and the last dark.
    as_of : float, optional
        MJD (UTC); only darks known by then count.
    n_exposures : int
        Number of darks.
    ledger : str, optional
        sha256 of the ledger.
    assumptions : str, optional
        sha256 of what the build assumed, see `jwst_hotpix.history.assumptions`; None in a list
        that was not built from darks, or by an older version.
    growth_per_month, growth_error : float, optional
        Births: pixels of this detector first seen hot per month, recoveries not subtracted, and
        their standard error; see `jwst_hotpix.hotlist.births`.
    mask, mask_useafter, dark, dark_useafter : str, optional
        The references that this list supplements; None in a list that is no supplement.
    """

    pedigree: str = "DUMMY"
    ipc: float = DEFAULT_ALPHA
    coverage: tuple[float, float] | None = None
    as_of: float | None = None
    n_exposures: int = 0
    ledger: str | None = None
    assumptions: str | None = None
    growth_per_month: float | None = None
    growth_error: float | None = None
    mask: str | None = None
    mask_useafter: str | None = None
    dark: str | None = None
    dark_useafter: str | None = None

    @property
    def is_measured(self) -> bool:
        """Whether the pedigree is that of a real detector."""
        return not self.pedigree.strip().upper().startswith(_NOT_MEASURED)

    @property
    def known_until(self) -> float | None:
        """MJD of the last dark; of the build where the darks are unknown (an import)."""
        return self.coverage[1] if self.coverage else self.as_of

    def age(self, epoch: Date) -> float | None:
        """
        Days from the last dark to an exposure, never negative; None where unknown.

        Parameters
        ----------
        epoch : str, astropy.time.Time or float
            Date: ISO 8601 (UTC), a time, or MJD (UTC).
        """
        return None if self.known_until is None else max(0.0, mjd(epoch) - self.known_until)

    def expected_unlisted(self, epoch: Date) -> float | None:
        """
        Return how many pixels have probably turned hot since the last dark: births times age.

        Parameters
        ----------
        epoch : str, astropy.time.Time or float
            Date: ISO 8601 (UTC), a time, or MJD (UTC).
        """
        age = self.age(epoch)
        if age is None or self.growth_per_month is None:
            return None
        return self.growth_per_month * age / DAYS_PER_MONTH
