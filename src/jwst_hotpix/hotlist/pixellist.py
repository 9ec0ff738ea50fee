"""The one object that crosses the rooms: hot pixels of a detector, each with its interval."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError
from jwst_hotpix.hotlist.checks import as_column, check_columns, check_lengths
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import Intervals, Status, columns_of
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.tools.dates import Date, iso, mjd
from jwst_hotpix.tools.notebook import html_of, table_of

if TYPE_CHECKING:
    from astropy.table import QTable
    from matplotlib.figure import Figure

__all__ = ["COLUMNS", "UNITS", "Onset", "PixelList"]

#: Of the columns of a list in tables.
UNITS = {
    "rate": "DN / s",
    "rate_error": "DN / s",
    **dict.fromkeys(("onset_earliest", "onset_latest"), "d"),
    **dict.fromkeys(("recovery_earliest", "recovery_latest"), "d"),
}


class Onset(StrEnum):
    """Which end of the interval between last cold and first hot counts as the onset."""

    EARLIEST = "earliest"
    MIDPOINT = "midpoint"
    LATEST = "latest"


@dataclass(frozen=True, eq=False, kw_only=True)
class PixelList(Intervals):
    """
    Hot pixels of one detector in one readout mode, each with the time in which it is hot.

    A pixel that turned hot twice has two entries. Epochs are MJD (UTC); intervals are half-open.
    Arrays are copied, cast to the types of the schema and made read-only. The columns from
    ``status`` to ``confidence`` are those of `Intervals`.

    Attributes
    ----------
    detector : str
        JWST detector name, e.g. ``"NRS1"``.
    readout : str
        ``"IRS2"``, ``"TRAD"`` or ``"POOLED"``.
    threshold : float
        Dark rate in DN/s above which a pixel counts as hot.
    x, y : ndarray of uint16, shape (n,)
        Zero-based column and row, full frame, science frame; sorted by (y, x, onset_earliest).
    role : ndarray of uint8, shape (n,)
        `Role`: whether the pixel itself is hot or a hot one lights it.
    provenance : Provenance
        Which darks the list was made from, and how far it reaches.

    Raises
    ------
    ListFormatError
        For any value that the format does not allow, naming it.
    FrameMismatchError
        For a detector or readout mode that JWST does not have.
    """

    detector: str
    readout: str
    threshold: float
    x: NDArray[np.uint16]
    y: NDArray[np.uint16]
    role: NDArray[np.uint8] = field(metadata={"unknown": Role.CENTER})
    provenance: Provenance = field(default_factory=Provenance)

    def __post_init__(self) -> None:
        detector = get_detector(self.detector)
        if self.readout not in (*detector.readouts, POOLED):
            expected = f"one of {', '.join((*detector.readouts, POOLED))} for {detector.name}"
            raise FrameMismatchError("readout", expected=expected, found=self.readout)
        if not (np.isfinite(self.threshold) and self.threshold > 0):
            raise ListFormatError("threshold", expected="DN/s above 0", found=self.threshold)
        for name, (dtype, _) in COLUMNS.items():
            # A frozen dataclass offers no other way to normalise its own fields.
            object.__setattr__(self, name, as_column(name, getattr(self, name), dtype))
        check_columns(self.columns(), detector.shape)
        self._check_coverage()

    def _check_coverage(self) -> None:
        """Refuse a list that knows more than its darks can have shown."""
        coverage = self.provenance.coverage
        if coverage is None:
            return
        if not coverage[0] <= coverage[1]:
            raise ListFormatError("coverage", expected="first dark before last", found=coverage)
        if len(self) and self.onset_latest.max() > coverage[1]:
            expected = f"at most {coverage[1]}, the last dark of the ledger"
            raise ListFormatError("onset_latest", expected=expected, found=self.onset_latest.max())

    def __len__(self) -> int:
        return self.x.size

    @classmethod
    def build(
        cls,
        *,
        detector: str,
        readout: str,
        threshold: float = 1.0,
        provenance: Provenance | None = None,
        **columns: ArrayLike,
    ) -> Self:
        """
        Make a list from the columns that are known, in any order of pixels.

        Parameters
        ----------
        detector, readout, threshold, provenance
            As the attributes.
        **columns : array_like, shape (n,) or scalar
            ``x``, ``y`` and ``onset_latest`` must be given. Others default to a stable center
            without a rate, hot from the start and still hot, with confidence 1.

        Returns
        -------
        PixelList

        Raises
        ------
        ListFormatError
            As the class, and for an unknown or missing column.
        """
        names = {name for name, (_, default) in COLUMNS.items() if default is None}
        if not names <= columns.keys() <= COLUMNS.keys():
            expected = f"{', '.join(sorted(names))} and any of {', '.join(COLUMNS)}"
            raise ListFormatError("columns", expected=expected, found=", ".join(columns))
        full = {name: columns.get(name, default) for name, (_, default) in COLUMNS.items()}
        n = max(np.size(values) for values in columns.values()) if np.size(columns["x"]) else 0
        arrays = {
            name: np.full(n, values) if np.ndim(values) == 0 else np.asarray(values)
            for name, values in full.items()
        }
        check_lengths(arrays)
        order = np.lexsort((arrays["onset_earliest"], arrays["x"], arrays["y"]))
        return cls(
            detector=detector,
            readout=readout,
            threshold=threshold,
            provenance=provenance or Provenance(),
            **{name: array[order] for name, array in arrays.items()},
        )

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{number} {role.name.lower().replace('_', ' ')}{'s' * (number != 1)}"
            for role in Role
            if (number := int(np.sum(self.role == role)))
        )
        return f"<PixelList {self._name()}: {counts or 'no pixels'}>"

    def _name(self) -> str:
        coverage = self.provenance.coverage
        days = dict.fromkeys(iso(epoch)[:10] for epoch in coverage or ())
        seen = f", seen {' to '.join(days)}" if days else ""
        return f"{self.detector} {self.readout} above {self.threshold:g} DN/s{seen}"

    def _repr_html_(self) -> str:
        return html_of(repr(self), self.to_table())

    def to_table(self) -> QTable:
        """
        Return the entries as a table with units.

        Returns
        -------
        astropy.table.QTable
            The columns of the list, roles and statuses by name; epochs are MJD (UTC) in days,
            infinite where open.
        """
        names = {
            name: np.array([one.name.lower() for one in kinds])[getattr(self, name)]
            for name, kinds in (("role", Role), ("status", Status))
        }
        facts = {"detector": self.detector, "readout": self.readout, "threshold": self.threshold}
        return table_of(self.columns() | names, UNITS, **facts)

    def plot(self) -> Figure:
        """
        Draw where the pixels are on the detector.

        Returns
        -------
        matplotlib.figure.Figure
            Displayed in notebooks; ``savefig`` writes it to a file.
        """
        # matplotlib takes most of a second to import.
        from jwst_hotpix.hotlist.pixel_map import map_figure

        return map_figure(self.columns(), get_detector(self.detector).shape, self._name())

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name, in the order of the schema: places first."""
        return {name: getattr(self, name) for name in COLUMNS}

    def onset(self, which: Onset | str = Onset.EARLIEST) -> NDArray[np.float64]:
        """
        Return the epoch from which each entry counts as hot.

        Parameters
        ----------
        which : Onset or str
            ``"earliest"``, ``"midpoint"`` or ``"latest"``.
        """
        match Onset(which):
            case Onset.EARLIEST:
                return self.onset_earliest
            case Onset.LATEST:
                return self.onset_latest
            case Onset.MIDPOINT:
                return (self.onset_earliest + self.onset_latest) / 2

    def active(self, epoch: Date, onset: Onset | str = Onset.EARLIEST) -> NDArray[np.bool_]:
        """
        Return which entries are hot at an epoch.

        From onset to the latest possible recovery; a telegraph pixel until it was last seen hot.

        Parameters
        ----------
        epoch : str, astropy.time.Time or float
            Date: ISO 8601 (UTC), a time, or MJD (UTC).
        onset : Onset or str
            Which end of the onset interval counts.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for the entries that are hot.

        Raises
        ------
        CallError
            When ``epoch`` is no date.
        """
        epoch = mjd(epoch)
        telegraph = self.status == Status.TELEGRAPH
        before_end = np.where(
            telegraph, epoch <= self.recovery_earliest, epoch < self.recovery_latest
        )
        active: NDArray[np.bool_] = (self.onset(onset) <= epoch) & before_end
        return active

    def require(self, detector: str) -> None:
        """
        Raise unless this is a list of ``detector``.

        Parameters
        ----------
        detector : str
            Name of the detector, in any case.

        Raises
        ------
        FrameMismatchError
        """
        if detector.upper() != self.detector.upper():
            raise FrameMismatchError("detector of the list", expected=detector, found=self.detector)

    def digest(self) -> str:
        """Return the sha256 of the content: equal for equal pixels, whatever the file."""
        sha = hashlib.sha256(f"{self.detector} {self.readout} {self.threshold!r}".encode())
        for values in self.columns().values():
            sha.update(values.tobytes())
        return sha.hexdigest()


_FOUND = columns_of(PixelList)
# Of each column of schema hotpix-1.0.0, in its order: the type of its elements, and the value of
# an entry that does not know it (None where every entry must).
COLUMNS: Mapping[str, tuple[type[np.generic], Any]] = MappingProxyType(
    {name: _FOUND[name] for name in ("x", "y", "role", *_FOUND)}
)
