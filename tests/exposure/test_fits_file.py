"""Which FITS files count as whole."""

import numpy as np
import pytest
from astropy.io import fits

from helpers import EPOCH
from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.masks.any_mask import read_mask_file
from jwst_hotpix.simulate.crds_references import mask
from jwst_hotpix.simulate.world import World

PLACE = (100, 50)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """The bytes of a MASK reference."""
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels(*PLACE, 20.0)
    path = tmp_path_factory.mktemp("mask") / "mask.fits"
    mask(world, EPOCH, useafter="2022-07-01T00:00:00").writeto(path)
    return path.read_bytes()


def hot_in(path):
    dq = read_mask_file(path, get_detector("NRS1")).dq
    return np.argwhere(dq & 2048).tolist()


@pytest.mark.parametrize(
    "change",
    [lambda c: c, lambda c: c + bytes(2880), lambda c: c + bytes(3 * 2880), lambda c: c + bytes(7)],
    ids=["whole", "a zero block", "three zero blocks", "seven zeros"],
)
def test_a_mask_with_zeros_at_the_end_is_read(content, tmp_path, change):
    """B15."""
    path = tmp_path / "mask.fits"
    path.write_bytes(change(content))
    assert hot_in(path) == [list(PLACE)]


@pytest.mark.parametrize("kept", [0, 1, 100])
def test_a_mask_without_padding_is_read(content, tmp_path, kept):
    """B15."""
    path = tmp_path / "mask.fits"
    with fits.open(_written(path, content)) as hdus:
        end = hdus[-1].fileinfo()["datLoc"] + hdus[-1].size
    path.write_bytes(content[: end + kept])
    assert hot_in(path) == [list(PLACE)]


def test_an_image_without_padding_is_read(tmp_path):
    path = tmp_path / "image.fits"
    image = np.zeros((2048, 2048), np.uint8)
    image[PLACE] = 1
    fits.PrimaryHDU(image).writeto(path)
    path.write_bytes(path.read_bytes()[: 2880 + image.size])
    assert hot_in(path) == [list(PLACE)]


@pytest.mark.parametrize("kind", ["one byte short", "half", "junk", "junk after zeros"])
def test_a_short_file_or_one_with_junk_at_the_end_is_refused(content, tmp_path, kind):
    """B15."""
    path = tmp_path / "mask.fits"
    with fits.open(_written(path, content)) as hdus:
        end = hdus[-1].fileinfo()["datLoc"] + hdus[-1].size
    changed = {
        "one byte short": content[: end - 1],
        "half": content[: len(content) // 2],
        "junk": content + b"junk",
        "junk after zeros": content + bytes(2880) + b"junk",
    }
    path.write_bytes(changed[kind])
    with pytest.raises(ListFormatError, match="headers describe|damaged FITS"):
        hot_in(path)


def test_a_compressed_image_must_be_whole(tmp_path):
    path = tmp_path / "image.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(np.ones((64, 64), np.int16))]).writeto(path)
    with open_whole(path, ListFormatError):
        pass
    path.write_bytes(path.read_bytes()[:-2880])
    with pytest.raises(ListFormatError), open_whole(path, ListFormatError):
        pass


def _written(path, content):
    path.write_bytes(content)
    return path
