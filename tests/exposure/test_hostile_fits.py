"""FITS files that are damaged, endless or replaced: refused by name, and never waited for."""

import gzip
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exposure.fits_file import open_whole, units_of


@pytest.fixture
def path(tmp_path):
    image = np.arange(64 * 64, dtype=np.float32).reshape(64, 64)
    hdus = fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(image, name="SCI")])
    hdus.writeto(tmp_path / "x.fits", checksum=True)
    return tmp_path / "x.fits"


def read(path):
    with open_whole(path, HotPixError) as hdus:
        return np.array(hdus["SCI"].data)


def test_no_flipped_bit_passes_where_a_file_has_checksums(path):
    # FIELD D4.
    content, known = bytearray(path.read_bytes()), read(path)
    random = np.random.default_rng(1)
    refused = 0
    for place, bit in zip(
        random.permutation(len(content))[:200], 1 << random.integers(8, size=200), strict=True
    ):
        content[place] ^= bit
        path.write_bytes(content)
        found = None
        with suppress(HotPixError):
            found = read(path)
        assert found is None or np.array_equal(found, known)
        refused += found is None
        content[place] ^= bit
    assert refused > 150


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9, 0.9999])
def test_no_flipped_bit_passes_in_a_gzipped_file(path, place):
    known = read(path)
    content = bytearray(gzip.compress(path.read_bytes(), mtime=0))
    packed = path.with_name("x.fits.gz")
    packed.write_bytes(content)
    assert np.array_equal(read(packed), known)
    content[int(place * len(content))] ^= 4
    packed.write_bytes(content)
    with pytest.raises(HotPixError, match="damaged FITS file"):
        read(packed)


def test_a_truncated_gzipped_file_is_reported_as_damaged(path):
    packed = path.with_name("x.fits.gz")
    packed.write_bytes(gzip.compress(path.read_bytes())[:-30])
    with pytest.raises(HotPixError, match="damaged FITS file: Compressed file ended"):
        read(packed)


def test_a_file_replaced_while_being_read_is_refused(path):
    # FIELD D12.
    other = path.with_name("other.fits")
    other.write_bytes(path.read_bytes())
    with (
        pytest.raises(HotPixError, match="was replaced or changed while being read"),
        open_whole(path, HotPixError),
    ):
        other.replace(path)


@pytest.mark.parametrize(
    ("name", "value"), [("BSCALE", 0.0), ("BSCALE", -1.0), ("BSCALE", "NAN"), ("BZERO", "INF")]
)
def test_scales_that_no_product_has_are_refused(path, name, value):
    with fits.open(path, mode="update", do_not_scale_image_data=True) as hdus:
        del hdus["SCI"].header["CHECKSUM"], hdus["SCI"].header["DATASUM"]
        hdus["SCI"].header[name] = value
    with pytest.raises(HotPixError, match=f"damaged FITS file: ValueError: .*{value}"):
        read(path)


@pytest.mark.parametrize(
    ("cards", "found"),
    [
        ({"ZNAXIS1": 99_999, "ZNAXIS2": 99_999}, "an image of .99999, 99999. pixels in"),
        ({"ZNAXIS1": -1}, "an image of .-1, 2000. pixels"),
        ({"ZNAXIS": 99_999}, "ZNAXIS 99999"),
        # About 250 pixels per byte.
        ({"ZNAXIS1": 4_000, "ZNAXIS2": 4_000}, "an image of .4000, 4000. pixels in"),
    ],
)
def test_compressed_images_cannot_unpack_to_any_size(path, cards, found):
    ones = np.ones((2_000, 64), np.int16)
    image = fits.CompImageHDU(ones, name="SCI", compression_type="GZIP_1")
    fits.HDUList([fits.PrimaryHDU(), image]).writeto(path, overwrite=True)
    assert read(path).all()
    content = path.read_bytes()
    for name, value in cards.items():
        at = content.index(f"{name:<8}= ".encode())
        content = content[: at + 10] + f"{value:>20}".encode() + content[at + 30 :]
    path.write_bytes(content)
    with pytest.raises(HotPixError, match=f"damaged FITS file: {found}"):
        read(path)


@pytest.mark.parametrize("look", [read, lambda path: units_of(path, HotPixError)])
def test_pipes_and_devices_are_refused_without_waiting(tmp_path, look):
    # FIELD D8.
    os.mkfifo(tmp_path / "pipe.fits")
    for name in (tmp_path / "pipe.fits", Path("/dev/zero")):
        with pytest.raises(HotPixError, match="is a device or a pipe; only regular files"):
            look(name)
