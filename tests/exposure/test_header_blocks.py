"""One pass over the header blocks finds what astropy finds, and refuses what cannot be."""

import io

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given, settings
from hypothesis import strategies as st

from jwst_hotpix.exceptions import ExposureError
from jwst_hotpix.exposure.header_blocks import read_units

NAMES = st.sampled_from(["SCI", "DQ", "ERR", "VAR_POISSON", "with blank", "it's", ""])
SHAPES = st.lists(st.integers(1, 7), min_size=1, max_size=4).map(tuple)
TYPES = st.sampled_from([np.uint8, np.int16, np.uint32, np.float32, np.float64])
IMAGES = st.tuples(NAMES, SHAPES, TYPES, st.integers(0, 120))


def image(name, shape, kind, ncards):
    hdu = fits.ImageHDU(np.zeros(shape, kind), name=name)
    for number in range(ncards):
        # Text that holds what starts other cards, to be found at no multiple of 80.
        hdu.header[f"K{number}"] = (number, "END NAXIS   = 9 EXTNAME = 'NO'")
    return hdu


def table():
    return fits.BinTableHDU.from_columns(
        [fits.Column("a", "J", array=[1, 2]), fits.Column("b", "PJ()", array=[[1], [1, 2]])],
        name="TABLE",
    )


def units_of(path):
    with path.open("rb") as file:
        return list(read_units(file.fileno(), ExposureError))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("blocks") / "file.fits"


@settings(max_examples=40)
@given(images=st.lists(IMAGES, max_size=5), has_table=st.booleans())
def test_units_are_those_that_astropy_finds(place, images, has_table):
    hdus = fits.HDUList([fits.PrimaryHDU(), *(image(*one) for one in images)])
    if has_table:
        hdus.append(table())
    hdus.writeto(place, overwrite=True)
    units = units_of(place)
    with fits.open(place) as expected:
        assert [unit.name for unit in units] == [hdu.name for hdu in expected]
        for unit, hdu in zip(units, expected, strict=True):
            info = hdu.fileinfo()
            assert unit.data_start == info["datLoc"]
            assert unit.data_end + -unit.data_end % 2880 == info["datLoc"] + info["datSpan"]
            assert unit.is_image == hdu.is_image
            assert unit.header.tostring() == hdu.header.tostring()
            if hdu.is_image:
                assert unit.shape == hdu.shape


@given(value=st.one_of(st.integers(-(10**9), 10**9), st.booleans(), st.text("ab' /=", max_size=9)))
def test_values_are_those_that_astropy_reads(place, value):
    primary = fits.PrimaryHDU()
    primary.header["VALUE"] = (value, "a comment / with a slash")
    primary.writeto(place, overwrite=True)
    (unit,) = units_of(place)
    assert unit.get("VALUE") == fits.getheader(place)["VALUE"]
    assert "MISSING" not in unit
    assert "VALUE" in list(unit)


def broken(place, **cards):
    """A file whose extension says something else of its data than is there."""
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), image("SCI", (4, 5), np.float32, 0)]).writeto(buffer)
    content = buffer.getvalue()
    for keyword, value in cards.items():
        at = content.rindex(f"{keyword:<8}= ".encode())
        content = content[:at] + f"{keyword:<8}= {value:>20}".encode() + content[at + 30 :]
    place.write_bytes(content)
    return place


@pytest.mark.parametrize(
    ("cards", "message"),
    [
        ({"NAXIS": 99_999_999}, "BITPIX .* and NAXIS"),
        ({"NAXIS1": -32}, "negative sizes"),
        ({"GCOUNT": -1}, "negative sizes"),
        ({"BITPIX": 7}, "BITPIX .* and NAXIS"),
        ({"NAXIS1": "abc"}, "in place of NAXIS1"),
        ({"NAXIS2": 10**9}, "headers describe"),
    ],
)
def test_sizes_that_cannot_be_are_refused_before_anything_is_read(place, cards, message):
    with pytest.raises(ExposureError, match=message):
        units_of(broken(place, **cards))


def test_a_header_without_end_is_refused(place):
    place.write_bytes(fits.PrimaryHDU().header.tostring().encode()[:80] * 500)
    with pytest.raises(ExposureError, match="END card"):
        units_of(place)


@pytest.mark.parametrize("content", [b"", b"no FITS at all", b"SIMPLE  ="])
def test_what_is_no_fits_is_refused(place, content):
    place.write_bytes(content)
    with pytest.raises(ExposureError, match="FITS"):
        units_of(place)


def test_zeros_after_the_last_extension_mean_nothing(place):
    path = broken(place)
    path.write_bytes(path.read_bytes() + bytes(2880))
    assert [unit.name for unit in units_of(path)] == ["PRIMARY", "SCI"]
