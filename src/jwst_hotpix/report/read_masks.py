"""The MASKs that lists are compared with, each from its date on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jwst_hotpix.exceptions import ListFormatError, naming
from jwst_hotpix.exposure.when import epoch_of_useafter
from jwst_hotpix.masks.reference_mask import Mask, read_mask
from jwst_hotpix.report.mode import Delivery

__all__ = ["delivery_of", "read_deliveries"]


def read_deliveries(paths: Sequence[Path]) -> dict[tuple[str, str], list[Delivery]]:
    """
    Read MASKs.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        MASK references, in any order.

    Returns
    -------
    dict of (str, str) to list of Delivery
        By detector and readout mode, each in order of time, without scores.

    Raises
    ------
    ListFormatError, FrameMismatchError
        As `read_mask`; for a MASK without USEAFTER, or of a subarray.
    """
    found: dict[tuple[str, str], list[Delivery]] = {}
    for path in paths:
        mask = read_mask(path)
        detector = mask.window.detector
        if not mask.window.is_whole:
            raise ListFormatError(
                "MASK", expected="one of the full frame", found=mask.window.shape, source=path,
                sentence="this is the MASK of a subarray; the page needs that of the full frame",
            )  # fmt: skip
        found.setdefault((detector.name, mask.readout), []).append(delivery_of(mask))
    return {place: sorted(some, key=lambda one: one.since) for place, some in found.items()}


def delivery_of(mask: Mask) -> Delivery:
    """Date a MASK; raise `ListFormatError` for one without USEAFTER."""
    with naming(mask.source):
        return Delivery(mask=mask, since=epoch_of_useafter(mask.useafter, ListFormatError))
