"""Trends where there are no darks, from dated masks; and masks against the darks of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jwst_hotpix.exceptions import HotPixError, TrendError, naming
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.tools.dates import Date
from jwst_hotpix.trending.dark_against_mask import compare, matching
from jwst_hotpix.trending.dated_masks import read_dated_mask, series_of_masks
from jwst_hotpix.trending.fit_trend import trend
from jwst_hotpix.trending.gathered import Gathered
from jwst_hotpix.trending.wanted import Wanted

__all__ = ["check_masks", "gather_masks"]


def gather_masks(
    masks: Sequence[tuple[Path, Date | None]],
    wanted: Wanted,
    *,
    bit: int | None = None,
    edge: int | None = None,
) -> Gathered:
    """
    Determine how the hot pixels of dated masks grow.

    Parameters
    ----------
    masks : sequence of (pathlib.Path, date)
        Mask files, each with its date: ISO 8601 (UTC), an astropy time, or MJD (UTC); None for its
        USEAFTER.
    wanted : Wanted
        Detector, readout mode and time; kind and thresholds are those of darks.
    bit, edge : int, optional
        As `read_dated_mask`.

    Returns
    -------
    Gathered
        One trend.

    Raises
    ------
    TrendError
        When no mask is of that readout mode and time; as `trend` and `read_dated_mask`.
    HotPixError
        As `read_dated_mask`.
    OSError
        When a file cannot be read.
    """
    chip = None if wanted.detector is None else get_detector(wanted.detector)
    dated = [read_dated_mask(path, chip, epoch=epoch, bit=bit, edge=edge) for path, epoch in masks]
    taken = [mask for mask in dated if wanted.takes_mask(mask.readout, mask.epoch)]
    if not taken:
        raise TrendError(
            "masks",
            expected="some of that readout mode and time",
            found="none",
            sentence="no mask is of that readout mode and time",
        )
    return Gathered(trends=(trend(series_of_masks(taken)),))


def check_masks(
    found: Gathered,
    paths: Sequence[Path],
    wanted: Wanted,
    *,
    bit: int | None = None,
    edge: int | None = None,
) -> Gathered:
    """
    Compare MASKs with the darks of a ledger, each with the nearest in time.

    Parameters
    ----------
    found : Gathered
        From `gather`.
    paths : sequence of pathlib.Path
        MASK files.
    wanted : Wanted
        What darks to choose from; pixels above the lowest threshold are compared.
    bit, edge : int, optional
        As `read_dated_mask`.

    Returns
    -------
    Gathered
        With ``checks``; a mask that cannot be compared is among the ``problems``.
    """
    chip = None if wanted.detector is None else get_detector(wanted.detector)
    records = [record for record in found.records if wanted.takes(record)]
    checks, problems = [], [*found.problems]
    for path in paths:
        try:
            with naming(path):
                mask = read_dated_mask(path, chip, bit=bit, edge=edge)
                checks.append(compare(mask, matching(mask, records), wanted.thresholds[0]))
        except HotPixError as error:
            problems.append(error)
        except OSError as error:
            problems.append(
                TrendError(
                    "mask",
                    expected="a file that can be read",
                    found=error,
                    source=path,
                    sentence=f"the mask cannot be read: {error.strerror or error}",
                )
            )
    return replace(found, checks=tuple(checks), problems=tuple(problems))
