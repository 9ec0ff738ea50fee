"""Read what the page is made of: each record of the ledger and each MASK once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from jwst_hotpix.exceptions import HotPixError, LedgerError
from jwst_hotpix.history.chances import Chances
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.instrument.detectors import DETECTORS, Detector
from jwst_hotpix.ledger.holdings import Holdings
from jwst_hotpix.ledger.sightings import Sightings
from jwst_hotpix.masks.compare_delivery import reconcile
from jwst_hotpix.masks.in_use import mask_in_use
from jwst_hotpix.report.material import Asked, Material
from jwst_hotpix.report.mode import Delivery, Mode
from jwst_hotpix.report.read_masks import delivery_of, read_deliveries
from jwst_hotpix.report.read_once import ReadOnce
from jwst_hotpix.trending.from_ledger import gather
from jwst_hotpix.trending.gathered import Gathered
from jwst_hotpix.trending.wanted import Wanted

__all__ = ["read_material"]

_Place = tuple[Detector, str]


def read_material(
    folder: Path, asked: Asked, *, damaged: list[LedgerError] | None = None
) -> Material:
    """
    Read what the page is made of.

    Parameters
    ----------
    folder : pathlib.Path
        The ledger.
    asked : Asked
        What the page is asked to show.
    damaged : list, optional
        As in `Ledger.records`: gets an error for every damaged record, which the page names too.

    Returns
    -------
    Material
        Without modes where the ledger holds nothing of what is asked for.

    Raises
    ------
    LedgerError
        When there is no such folder; as `Ledger.records`.
    HotPixError
        As `read_deliveries`.
    """
    ledger = ReadOnce(folder)
    ledger.require_folder()
    given = read_deliveries(asked.masks)
    chosen = [one for one in DETECTORS.values() if asked.detector in (None, one.name)]
    places = [(one, readout) for one in chosen for readout in one.readouts]
    # Reading and sorting, half of the work, release the interpreter to other threads.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        seen = [*pool.map(partial(_sightings, ledger, asked.as_of, damaged), places)]
        ends = [float(one.end.max()) for one in seen if isinstance(one, Sightings)]
        at = max(ends, default=None) if asked.as_of is None else asked.as_of
        read = partial(_mode, ledger, asked, given, at or 0.0)
        modes = [*pool.map(read, *zip(*zip(places, seen, strict=True), strict=True))]
    return Material(
        folder=str(folder),
        asked=asked,
        at=at,
        modes=tuple(one for one in modes if isinstance(one, Mode)),
        growth=_growth(ledger, asked, damaged),
        holdings=_holdings(ledger, asked, damaged),
        problems=tuple(_sentences([*sorted(damaged or (), key=str), *modes])),
    )


def _sentences(found: Sequence[object]) -> Iterator[str]:
    """Yield what went wrong, except that there is nothing of a detector."""
    for one in found:
        if isinstance(one, HotPixError) and one.what != "darks":
            yield str(one)


def _sightings(
    ledger: ReadOnce, as_of: float | None, damaged: list[LedgerError] | None, place: _Place
) -> Sightings | HotPixError:
    detector, readout = place
    try:
        return ledger.sightings(detector.name, readout, as_of=as_of, damaged=damaged)
    except LedgerError as error:
        if damaged is None and error.what != "darks":
            raise
        return error


def _mode(
    ledger: ReadOnce,
    asked: Asked,
    given: dict[tuple[str, str], list[Delivery]],
    at: float,
    place: _Place,
    seen: Sightings | HotPixError,
) -> Mode | HotPixError:
    if isinstance(seen, HotPixError):
        return seen
    detector, readout = place
    parts: list[Chances] = []
    make = partial(build_list, threshold=asked.threshold, readout=readout, chances=parts)
    try:
        pixels = make(seen, as_of=asked.as_of)
    except HotPixError as error:
        return error if error.source else error.within(f"{detector.name} {readout}")
    mode = Mode(sightings=seen, pixels=pixels, chances=Chances.joined(parts), at=at)
    if asked.masks:
        masks = given.get((detector.name, readout), [])
        why = "" if masks else "none of the MASKs given is of this detector and readout mode"
        scored = _scored(ledger, asked, masks, pixels)
        return replace(mode, deliveries=tuple(scored), no_mask=why)
    try:
        return replace(mode, deliveries=(delivery_of(mask_in_use(detector, readout, at)),))
    except HotPixError as error:
        return replace(mode, no_mask=str(error))


def _scored(
    ledger: ReadOnce, asked: Asked, masks: Sequence[Delivery], pixels: PixelList
) -> Iterator[Delivery]:
    """Yield each MASK with the score of the list of its date against it."""
    yield from masks[:1]
    for old, new in pairwise(masks):
        until = new.since if asked.as_of is None else min(new.since, asked.as_of)
        try:
            seen = ledger.sightings(pixels.detector, pixels.readout, as_of=until, damaged=[])
            of_then = build_list(
                seen, threshold=asked.threshold, readout=pixels.readout, as_of=until
            )
        except LedgerError:
            # The ledger begins later.
            yield new
            continue
        yield replace(new, score=reconcile(of_then, old.mask.dq, new.mask.dq, new.since))


def _growth(ledger: ReadOnce, asked: Asked, damaged: list[LedgerError] | None) -> Gathered:
    wanted = Wanted(detector=asked.detector, since=asked.since, as_of=asked.as_of)
    try:
        return gather(ledger, wanted, damaged=damaged)
    except HotPixError as error:
        return Gathered(problems=(error,))


def _holdings(ledger: ReadOnce, asked: Asked, damaged: list[LedgerError] | None) -> Holdings | None:
    try:
        held = Holdings.of(ledger, damaged=damaged)
    except LedgerError:
        return None
    parts = tuple(one for one in held.parts if asked.detector in (None, one.detector))
    return replace(held, parts=parts) if parts else None
