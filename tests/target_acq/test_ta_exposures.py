"""The stamps of exposures, and the hot pixels in them."""

import pytest
from astropy.io import fits

from acquisitions import REAL_STARS, write_msata, write_wata
from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import ExposureError, HotPixError, TargetAcqError
from jwst_hotpix.target_acq import pixels_in, read_acquisition, stamp_window


def test_the_stamps_of_an_msata_are_those_of_its_table(tmp_path):
    found = read_acquisition(write_msata(tmp_path / "msata_uncal.fits"))
    assert (found.kind, found.epoch, found.nframes) == ("MSATA", EPOCH, 1)
    assert found.group_time == pytest.approx(10.73677)
    places = [
        (s.star, s.image, s.window.detector.name, s.window.xstart, s.window.ystart)
        for s in found.stamps
    ]
    assert places == [("131", 1, "NRS1", 1798, 1970), ("101", 1, "NRS1", 1531, 1650)]
    assert found.stamps[0].centroid == (1987.05635, 1817.90107)


def test_the_corner_of_a_stamp_is_a_one_based_science_pixel(tmp_path):
    stamp = read_acquisition(write_msata(tmp_path / "msata_uncal.fits")).stamps[0]
    # x and y of the corners, zero-based, and the pixels just outside.
    y = [1969, 2000, 1968, 2001, 1969, 1969]
    x = [1797, 1828, 1797, 1828, 1796, 1829]
    pixels = pixels_in(stamp, [make_list(y, x), make_list(y, x, detector="NRS2")])
    assert sorted(zip(pixels.y.tolist(), pixels.x.tolist(), strict=True)) == [
        (1969, 1797), (2000, 1828),
    ]  # fmt: skip


def test_a_wata_has_one_stamp(tmp_path):
    found = read_acquisition(write_wata(tmp_path / "wata_uncal.fits"))
    assert found.kind == "WATA"
    (stamp,) = found.stamps
    assert (stamp.window.xstart, stamp.window.ystart, stamp.star) == (1399, 975, "target")


def test_a_star_without_a_stamp_or_a_centroid_is_no_error(tmp_path):
    stars = [
        ("lost", 1, "NRS1", -999, -999, -999.0, -999.0),
        ("missed", 1, "NRS2", 300, 400, -999.0, -999.0),
    ]
    (stamp,) = read_acquisition(write_msata(tmp_path / "msata_uncal.fits", stars)).stamps
    assert (stamp.star, stamp.centroid) == ("missed", None)


def test_a_star_found_outside_its_stamp_reveals_another_frame():
    # The corner of NRS2 in detector order: transposed and flipped.
    with pytest.raises(
        ExposureError, match="science y of a star in its NRS2 stamp: expected 79 to"
    ):
        stamp_window("NRS2", 252, 79, (1987.1, 1817.9))
    with pytest.raises(ExposureError, match="science x .*expected 252 to 283, found 284.6"):
        stamp_window("NRS2", 252, 79, (90.0, 284.6))


@pytest.mark.parametrize(
    ("star", "message"),
    [
        (("a", 1, "NRS3", 10, 10, -999.0, -999.0), "uncal.fits: detector: .*found NRS3"),
        (
            ("a", 1, "NRS1", 2040, 10, -999.0, -999.0),
            "uncal.fits: NRS1 x range .*found 2040 to 2071",
        ),
        (("a", 1, "NRS1", 0, 10, -999.0, -999.0), "uncal.fits: NRS1 x range .*found 0 to 31"),
    ],
)
def test_a_stamp_that_cannot_be_is_refused(tmp_path, star, message):
    with pytest.raises(HotPixError, match=message):
        read_acquisition(write_msata(tmp_path / "uncal.fits", [star]))


def test_a_stamp_without_a_list_of_its_detector_asks_for_one(tmp_path):
    stamp = read_acquisition(write_msata(tmp_path / "uncal.fits")).stamps[0]
    with pytest.raises(TargetAcqError, match="a list of NRS1, on which star 131.*lists of NRS2"):
        pixels_in(stamp, [make_list([1], [1], detector="NRS2")])


def test_exposures_other_than_target_acquisitions_are_refused(tmp_path):
    other, text, cut = (tmp_path / name for name in ("other.fits", "text.fits", "cut.fits"))
    fits.PrimaryHDU(header=fits.Header({"EXP_TYPE": "NRS_MSASPEC"})).writeto(other)
    text.write_text("no FITS")
    cut.write_bytes(write_msata(tmp_path / "uncal.fits").read_bytes()[:5000])
    for path, message in (
        (other, "other.fits: exposure: expected a target acquisition, .*found NRS_MSASPEC"),
        (text, "text.fits: not a FITS file"),
        (cut, "cut.fits: truncated or damaged: .* bytes, but its headers describe"),
        (
            write_wata(tmp_path / "wata.fits", EXTCOLST=None),
            "wata.fits: the header lacks EXTCOLST",
        ),
    ):
        with pytest.raises(HotPixError, match=message):
            read_acquisition(path)
    with pytest.raises(FileNotFoundError):
        read_acquisition(tmp_path / "gone.fits")


def test_a_table_without_a_column_is_refused(tmp_path):
    path = write_msata(tmp_path / "uncal.fits", REAL_STARS)
    with fits.open(path, mode="update") as hdus:
        hdus["MSA_TARG_ACQ"].columns.del_col("extract_row_start")
    with pytest.raises(ExposureError, match="expected a table with column extract_row_start"):
        read_acquisition(path)


def _rewrite(path, change):
    """Write the table of an exposure anew, its columns changed."""
    with fits.open(path) as hdus:
        columns = [change(column) for column in hdus["MSA_TARG_ACQ"].columns]
        table = fits.BinTableHDU.from_columns(columns, name="MSA_TARG_ACQ")
        fits.HDUList([hdus[0].copy(), table]).writeto(path.with_name("changed_uncal.fits"))
    return path.with_name("changed_uncal.fits")


def test_names_of_columns_may_be_upper_case(tmp_path):
    path = write_msata(tmp_path / "uncal.fits")
    changed = _rewrite(path, lambda c: fits.Column(c.name.upper(), c.format, array=c.array))
    assert read_acquisition(changed).stamps == read_acquisition(path).stamps


def test_a_corner_at_infinity_is_refused_by_name(tmp_path):
    def change(column):
        if column.name != "extract_col_start":
            return fits.Column(column.name, column.format, array=column.array)
        return fits.Column(column.name, "E", array=[float("inf")] * 2)

    changed = _rewrite(write_msata(tmp_path / "uncal.fits"), change)
    with pytest.raises(ExposureError, match="changed_uncal.fits: file: .*OverflowError"):
        read_acquisition(changed)


def test_an_image_in_place_of_the_table_is_refused(tmp_path):
    path = tmp_path / "uncal.fits"
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(name="MSA_TARG_ACQ")]).writeto(path)
    with pytest.raises(ExposureError, match="uncal.fits: MSA_TARG_ACQ: .*found an image"):
        read_acquisition(path)
