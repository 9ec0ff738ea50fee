"""Whatever a few bytes of a header turn into, a reader reads the file or names what is wrong."""

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.masks.any_mask import read_mask_file
from jwst_hotpix.masks.reference_mask import read_mask
from jwst_hotpix.simulate import World
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.target_acq import read_acquisition


def _write_dark(path):
    world = World.draw(detector="NRS1", readout="TRAD", seed=1)
    return write_dark_rate(path, world, start="2024-01-01", subarray="SUB32")


def _write_mask(path):
    """A MASK of SUB32."""
    primary = fits.PrimaryHDU()
    primary.header.update(
        REFTYPE="MASK", DETECTOR="NRS1", READPATT="ANY", USEAFTER="2022-07-01T00:00:00",
        SUBSTRT1=1399, SUBSTRT2=975, SUBSIZE1=32, SUBSIZE2=32,
    )  # fmt: skip
    rows = [(0, 1, "DO_NOT_USE", "bad"), (3, 8, "HOT", "hot")]
    names = np.array(rows, [("BIT", "i4"), ("VALUE", "u4"), ("NAME", "S40"), ("DESC", "S80")])
    dq = np.zeros((32, 32), np.uint32)
    dq[3, 4] = 9
    hdus = [primary, fits.ImageHDU(dq, name="DQ"), fits.BinTableHDU(names, name="DQ_DEF")]
    fits.HDUList(hdus).writeto(path)
    return path


def _write_acquisition(path):
    primary = fits.PrimaryHDU()
    primary.header.update(
        {"EXPMID": 60000.0, "DATE-OBS": "2023-02-25", "TGROUP": 10.7, "NFRAMES": 1}
    )
    stars = np.array(
        [("101", 1, b"NRS1", 1531, 1650, 1546.5, 1665.5)],
        [
            ("reference_star_name", "S15"), ("exposure_id", "i2"), ("ref_star_detector", "S4"),
            ("extract_col_start", "i2"), ("extract_row_start", "i2"),
            ("sci_x_centroid", "f8"), ("sci_y_centroid", "f8"),
        ],
    )  # fmt: skip
    fits.HDUList([primary, fits.BinTableHDU(stars, name="MSA_TARG_ACQ")]).writeto(path)
    return path


def _ingest(path):
    ingest_file(Ledger(path.with_name("ledger")), path)


def _import(path):
    read_mask_file(path, get_detector("NRS1"))


READERS = {
    "a dark": (_write_dark, _ingest),
    "an exposure": (_write_dark, read_exposure),
    "a MASK": (_write_mask, read_mask),
    "a mask to import": (_write_mask, _import),
    "an acquisition": (_write_acquisition, read_acquisition),
}


# What makes other keywords, numbers and texts, and what no header may hold.
BYTES = b" 0123456789ATEN'=-./\x00\xff"


def _headers(path):
    """Bytes of a file that are in headers."""
    with fits.open(path) as hdus:
        places = [hdu.fileinfo() for hdu in hdus]
    return np.concatenate([np.arange(at["hdrLoc"], at["datLoc"]) for at in places])


@pytest.fixture(params=READERS.values(), ids=READERS.keys())
def reader(request, tmp_path):
    write, read = request.param
    path = write(tmp_path / "whole.fits")
    read(path)
    return path, read


@settings(
    deadline=None, derandomize=True, max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@example(damage=[(9228, b"1"[0])])  # BITPIX = -12 of DQ
@given(
    damage=st.lists(
        st.tuples(st.integers(0, 99_999), st.sampled_from(BYTES)), min_size=1, max_size=5
    )
)
def test_a_damaged_header_is_read_or_refused_by_name(reader, damage):
    whole, read = reader
    places = _headers(whole)
    content = bytearray(whole.read_bytes())
    for place, byte in damage:
        content[places[place % places.size]] = byte
    path = whole.with_name("damaged.fits")
    path.write_bytes(content)
    try:
        read(path)
    except HotPixError as error:
        assert "damaged.fits" in str(error)
