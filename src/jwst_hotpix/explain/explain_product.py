"""Which spectra of a product on disk contain hot pixels of a list."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from warnings import catch_warnings

from astropy.utils.exceptions import AstropyWarning
from stdatamodels.jwst import datamodels

from jwst_hotpix.exceptions import ExposureError, HotPixError, first_line
from jwst_hotpix.explain.hot_in_spectra import HotPixel, find_hot
from jwst_hotpix.explain.strips import Strip
from jwst_hotpix.exposure import in_memory
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.flag.targets import Neighbors, Policy, is_target
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.pixellist import Onset, PixelList

__all__ = ["Explanation", "explain"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, kw_only=True)
class Explanation:
    """
    The hot pixels in the spectra of a product.

    Attributes
    ----------
    path : pathlib.Path
        The product.
    list_name : str
        File name of the list.
    epoch : float
        Mid-time of the exposure, MJD (UTC).
    spectra : sequence of (Strip, list of HotPixel)
        The spectra with hot pixels; spectra and pixels that stand out most come first.
    """

    path: Path
    list_name: str
    epoch: float
    spectra: Sequence[tuple[Strip, list[HotPixel]]]

    @property
    def pixels(self) -> list[HotPixel]:
        """All pixels, those that stand out most first."""
        return [pixel for _, pixel in self.found]

    @property
    def found(self) -> list[tuple[Strip, HotPixel]]:
        """All pixels with their spectra, those that stand out most first."""
        found = [(strip, pixel) for strip, pixels in self.spectra for pixel in pixels]
        return sorted(found, key=lambda pair: _prominence(pair[1]), reverse=True)

    def pixels_of(self, strip: Strip) -> list[HotPixel]:
        """Return the pixels of one of the spectra."""
        return next(pixels for other, pixels in self.spectra if other is strip)


def explain(
    path: str | os.PathLike[str],
    lists: Lists,
    *,
    threshold: float | None = None,
    onset: Onset = Onset.EARLIEST,
    min_confidence: float = 0.0,
    with_masked: bool = False,
) -> Explanation:
    """
    Find the hot pixels in the spectra of a product.

    Parameters
    ----------
    path : path
        A calibrated exposure (the input of resample), a slit, or a rate, which has no wavelengths.
    lists : Lists
        The list, or the lists to choose from.
    threshold, onset, min_confidence
        As in `jwst_hotpix.flag.targets.Policy`; by default the threshold of the list.
    with_masked : bool
        Include pixels that the product already masks.

    Returns
    -------
    Explanation
        The spectra with hot pixels.

    Raises
    ------
    ExposureError
        For a file that is not an exposure in detector pixels, or a ramp.
    MissingListError
        When there is no list for its detector.
    """
    exposure = read_exposure(path)
    if exposure.product in {"uncal", "ramp"}:
        expected = "a calibrated product or a rate"
        raise ExposureError(
            "product", expected=expected, found=exposure.product, source=path,
            sentence=f"this is a product of type {exposure.product}; give {expected}",
        )  # fmt: skip
    choice = lists.choose(exposure)
    doubt = choice.doubt_about(exposure)
    if doubt:
        log.warning("%s: %s", choice.name, doubt)
    policy = Policy(
        threshold=threshold,
        neighbors=Neighbors.THRESHOLD,
        onset=onset,
        min_confidence=min_confidence,
    )
    hot = choice.pixels.select(is_target(choice.pixels, exposure.epoch, policy))
    found = _found_in(path, hot, with_masked=with_masked)
    return Explanation(
        path=exposure.path,
        list_name=choice.name,
        epoch=exposure.epoch,
        spectra=sorted(found, key=lambda pair: _prominence(pair[1][0]), reverse=True),
    )


def _found_in(
    path: str | os.PathLike[str], hot: PixelList, *, with_masked: bool
) -> list[tuple[Strip, list[HotPixel]]]:
    """Find the spectra of a product that contain hot pixels."""
    try:
        # What astropy only warns of has been checked by read_exposure, or does not matter.
        with (
            catch_warnings(action="ignore", category=AstropyWarning),
            datamodels.open(os.fspath(path)) as model,
        ):
            in_memory.check_product(model)
            return [pair for pair in find_hot(model, hot, with_masked=with_masked) if pair[1]]
    except HotPixError as error:
        raise error.within(path) from None
    except Exception as error:  # noqa: BLE001
        # For a damaged file the datamodels raise whatever yaml, asdf, gwcs and astropy raise.
        cause = first_line(error)
        raise ExposureError(
            "file", expected="a whole product", found=cause, source=path,
            sentence=f"damaged product: {cause}",
        ) from None  # fmt: skip


def _prominence(pixel: HotPixel) -> float:
    return abs(pixel.sigma or 0.0)
