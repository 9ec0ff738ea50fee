"""One detector, readout mode and kind of darks: its epochs, and what was hot in each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import TrendError
from jwst_hotpix.instrument.crosses import Coupling, Measured, estimate_coupling
from jwst_hotpix.instrument.frames import unflat
from jwst_hotpix.instrument.readouts import POOLED
from jwst_hotpix.ledger.combine_records import combine
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.ledger.reductions import one_per_exposure
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.tools.dates import DAYS_PER_MONTH, iso
from jwst_hotpix.trending.states import States, find_arms, states_of

__all__ = ["Series", "method_of", "series_of"]

# Days. Darks less than that apart are one epoch: flickering pixels stay in a state for up to a
# month (an assumption), so the darks of one campaign are not independent counts. The JWQL dark
# monitor splits its batches at gaps of ten days too.
_ONE_EPOCH = 10.0
# Fraction of the active pixels that a dark must have seen to be counted.
_SEEN = 0.5
# Number of darks in which the coupling is measured.
_SAMPLE = 3

_VERSION = re.compile(r"\bv?\d+(\.\d+)+\S*")


@dataclass(frozen=True, eq=False, kw_only=True)
class Series:
    """
    Counts of hot pixels that can be compared with each other.

    Attributes
    ----------
    detector, readout : str
        Name of the detector; ``"IRS2"``, ``"TRAD"`` or ``"POOLED"``.
    kind : str
        ``"reference"`` (CRDS DARKs), ``"dark"`` (single exposures) or ``"mask"``.
    epoch : ndarray of float, shape (m,)
        MJD (UTC), sorted; darks less than ten days apart are one epoch.
    thresholds : tuple of float
        DN/s; NaN for pixels that a mask flags as hot.
    hot, centers : tuple of States, one per threshold
        All pixels above it; those not lit by a neighbor.
    methods : tuple of dict, length m
        How the darks of each epoch were made: ``units``, ``author``, ``software``, ``product``,
        as far as their headers have them.
    left_out : tuple of str
        Darks that are not counted, each with the reason.
    """

    detector: str
    readout: str
    kind: str
    epoch: NDArray[np.float64]
    thresholds: tuple[float, ...]
    hot: tuple[States, ...]
    centers: tuple[States, ...]
    methods: tuple[Mapping[str, str], ...]
    left_out: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """Detector, readout mode and kind in words."""
        plural = {"reference": "reference darks", "dark": "single darks", "mask": "masks"}
        mode = "" if self.readout == POOLED else f" {self.readout}"
        return f"{self.detector}{mode}, {plural[self.kind]}"

    @property
    def months(self) -> NDArray[np.float64]:
        """Months since the first epoch, shape (m,)."""
        return np.asarray((self.epoch - self.epoch[0]) / DAYS_PER_MONTH)

    def arm_share(self) -> NDArray[np.float64]:
        """Return the fraction of pixels above the lowest threshold lit by a neighbor, by epoch."""
        hot = self.hot[0].count()
        return np.asarray(1 - self.centers[0].count() / np.maximum(hot, 1))


def series_of(records: Sequence[Record], thresholds: Sequence[float]) -> Series:
    """
    Count the hot pixels of the darks of one detector, readout mode and kind.

    Parameters
    ----------
    records : sequence of Record
        Records of one detector, readout mode and kind.
    thresholds : sequence of float
        DN/s.

    Returns
    -------
    Series
        Epochs, and the pixels that were hot in each.

    Raises
    ------
    TrendError
        When no dark can be counted.
    """
    counted, left_out = _usable(one_per_exposure(records), min(thresholds))
    if not counted:
        expected = "at least one that shows the full frame"
        found = "; ".join(left_out) or "none"
        raise TrendError("darks", expected=expected, found=found)
    darks = combine(counted)
    methods = [method_of(record.facts) for record in counted]
    epoch_of, methods = _epochs(darks.epoch, methods)
    arms = find_arms(darks, _coupling(darks))
    above = [darks.rate > np.float32(threshold) for threshold in thresholds]
    states = states_of(darks, [*above, *(rows & ~arms for rows in above)], epoch_of)
    number = np.bincount(epoch_of)
    return Series(
        detector=darks.detector.name,
        readout=counted[0].readout,
        kind=counted[0].kind,
        epoch=np.bincount(epoch_of, darks.epoch) / number,
        thresholds=tuple(float(threshold) for threshold in thresholds),
        hot=states[: len(above)],
        centers=states[len(above) :],
        methods=tuple(methods),
        left_out=tuple(left_out),
    )


def _usable(records: Sequence[Record], threshold: float) -> tuple[list[Record], list[str]]:
    good, left_out = [], []
    for record in records:
        area = record.detector.n_active
        reason = None
        if not record.window.is_whole:
            reason = "shows a subarray"
        elif record.unseen.size > (1 - _SEEN) * area:
            reason = f"saw {1 - record.unseen.size / area:.0%} of its pixels"
        elif record.floor > threshold:
            reason = f"sees nothing below {record.floor:.2g} DN/s"
        if reason is None:
            good.append(record)
        else:
            left_out.append(f"the dark of {iso(record.epoch)[:10]} {reason}")
    return good, left_out


def method_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """
    Describe how a dark or a mask was made, without versions: what they change shows in the data.

    Parameters
    ----------
    facts : mapping
        As `jwst_hotpix.exposure.headers.facts_of` and the measurement return them.

    Returns
    -------
    dict of str to str
        ``units``, ``author``, ``software`` and ``product``, as far as they are known.
    """
    # This package measures raw ramps in the same way before and after dq_init.
    product = {"uncal": "raw ramp", "dark": "raw ramp"}.get(
        str(facts.get("product")), facts.get("product")
    )
    texts = {
        "units": facts.get("units"),
        "author": facts.get("author"),
        "software": _VERSION.sub("", str(facts.get("software") or "")),
        "product": product,
    }
    return {name: " ".join(str(text).split()) for name, text in texts.items() if text}


def _epochs(
    epoch: NDArray[np.float64], methods: Sequence[Mapping[str, str]]
) -> tuple[NDArray[np.intp], list[dict[str, str]]]:
    """
    Assign each dark to an epoch: a new one starts after ten days, or when the method changes.

    A fact that only one of two darks has is not a change, as for breaks: epochs without a break
    between them are ten days apart.

    Returns
    -------
    epoch_of : ndarray of int, shape (n,)
        Index of the epoch of each dark.
    methods : list of dict
        One per epoch: the facts of all of its darks.
    """
    epoch_of, known = [], [dict(methods[0])]
    for days, method in zip(np.diff(epoch, prepend=epoch[0]), methods, strict=True):
        same = all(method[name] == known[-1][name] for name in method.keys() & known[-1].keys())
        if days >= _ONE_EPOCH or not same:
            known.append({})
        known[-1] |= method
        epoch_of.append(len(known) - 1)
    return np.array(epoch_of, dtype=np.intp), known


def _coupling(darks: Sightings) -> Coupling:
    """
    Measure the coupling in some darks, and return the largest.

    References made from centers alone show none at all.
    """
    sample = np.unique(np.linspace(0, darks.epoch.size - 1, _SAMPLE).astype(int))
    found = []
    for dark in sample:
        row = darks.dark == dark
        y, x = unflat(darks.pixel[row], darks.detector.shape)
        pixels = Measured(
            y=y,
            x=x,
            rate=darks.rate[row],
            error=darks.error[row],
            hot=np.ones(y.size, dtype=bool),
            onset_earliest=np.full(y.size, -np.inf),
            onset_latest=np.zeros(y.size),
        )
        floor = float(darks.floor[dark])
        found.append(estimate_coupling(pixels, darks.detector.shape, floor=floor))
    return max(found, key=lambda coupling: coupling.alpha)
