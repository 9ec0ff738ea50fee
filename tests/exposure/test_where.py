"""Which part of the detector an array shows, and what cannot be told from its header."""

import shutil

import pytest
from astropy.io import fits

from jwst_hotpix.exceptions import DarkError, ExposureError, FrameMismatchError
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.exposure.where import frame_of, window_of, window_of_slit


def header(detector="NRS1", corner=(897, 1), size=(256, 2048), **cards):
    return {
        "DETECTOR": detector, "SUBSTRT2": corner[0], "SUBSTRT1": corner[1],
        "SUBSIZE2": size[0], "SUBSIZE1": size[1], **cards,
    }  # fmt: skip


FULL = header(corner=(1, 1), size=(2048, 2048))


def place(window):
    return (window.ystart, window.xstart), window.shape


def test_an_array_lies_where_its_header_says():
    window = window_of(header(), (4, 10, 256, 2048))
    assert (place(window), window.raw_irs2) == (((897, 1), (256, 2048)), False)


def test_3200_rows_are_a_raw_irs2_frame_of_2048_and_2048_rows_a_plain_one():
    assert window_of(FULL, (3200, 2048)).raw_irs2
    assert not window_of(FULL, (2048, 2048)).raw_irs2
    assert place(window_of(FULL, (3200, 2048))) == ((1, 1), (2048, 2048))
    with pytest.raises(ExposureError, match="the array has 3200 rows"):
        window_of(FULL, (3200, 2048), may_be_raw=False)


def test_dq_init_sees_raw_rows_of_full_frames_of_irs2_only():
    assert frame_of(FULL, "IRS2").raw_irs2
    assert not frame_of(FULL, "TRAD").raw_irs2
    assert not frame_of(header(), "IRS2").raw_irs2


@pytest.mark.parametrize("shape", [(255, 2048), (256, 2047), (2048, 2048), (3200, 2048)])
def test_an_array_of_another_shape_than_its_header_is_refused(shape):
    message = rf"the array has {shape[0]} rows and {shape[1]} columns, but the header says 256 and"
    with pytest.raises(ExposureError, match=message):
        window_of(header(), shape)


@pytest.mark.parametrize("keyword", ["SUBSTRT1", "SUBSTRT2", "SUBSIZE1", "SUBSIZE2"])
@pytest.mark.parametrize("value", [None, 1.5, "1", True])
def test_corner_and_size_are_whole_numbers(keyword, value):
    cards = header() | {keyword: value}
    for ask in (lambda: window_of(cards, (256, 2048)), lambda: frame_of(cards, "TRAD")):
        with pytest.raises(ExposureError, match=keyword):
            ask()


def test_only_the_full_frame_of_a_reference_may_lack_corner_and_size():
    silent = {"DETECTOR": "NRS1"}
    assert place(window_of(silent, (2048, 2048), may_be_silent=True)) == ((1, 1), (2048, 2048))
    with pytest.raises(DarkError, match="the header lacks SUBSIZE2 and SUBSIZE1"):
        window_of(silent, (32, 32), DarkError, may_be_silent=True)
    with pytest.raises(ExposureError, match="the header lacks SUBSIZE2 and SUBSIZE1"):
        window_of(silent, (2048, 2048))
    with pytest.raises(FrameMismatchError, match="x range .* within 1 to 2048, found 2 to 2049"):
        window_of(silent | {"SUBSTRT1": 2, "SUBSTRT2": 1}, (2048, 2048), may_be_silent=True)


@pytest.mark.parametrize(
    ("stripes", "are_stripes"),
    [
        ({"MSTR_RD1": 0}, True),
        ({"MSTR_RD1": 4}, True),
        ({"SSTR_NST": 10}, True),
        ({"SSTR_NST": 0}, False),
        ({"MSTR_RD1": fits.card.UNDEFINED}, False),
    ],
)
def test_stripes_are_refused_also_if_no_row_is_read_before_the_first(stripes, are_stripes):
    """B12."""
    cards = header(**stripes, SUBARRAY="SUB160STRIPE256_DHS")
    for ask in (lambda: window_of(cards, (256, 2048)), lambda: frame_of(cards, "TRAD")):
        if are_stripes:
            with pytest.raises(ExposureError, match="without stripes .* found SUB160STRIPE256_DHS"):
                ask()
        else:
            assert place(ask()) == ((897, 1), (256, 2048))


def slit(corner, size=None):
    names = ("SLTSTRT2", "SLTSTRT1", "SLTSIZE2", "SLTSIZE1")
    return dict(zip(names, (*corner, *(size or (None, None))), strict=True))


def test_a_slit_counts_from_the_corner_of_the_array_it_was_cut_from():
    frame = frame_of(header(), "TRAD")
    window = window_of_slit(slit((11, 21), (10, 20)), frame, (3, 10, 20))
    assert place(window) == ((907, 21), (10, 20))


def test_a_slit_of_an_irs2_exposure_has_no_raw_rows():
    assert not window_of_slit(slit((11, 21)), frame_of(FULL, "IRS2"), (10, 20)).raw_irs2


@pytest.mark.parametrize("corner", [(1, 1), (529, 1)])
def test_the_slit_that_is_the_whole_subarray_starts_there_however_it_counts(corner):
    slitless = header("MIRIMAGE", corner=(529, 1), size=(416, 72))
    window = window_of_slit(slit(corner, (416, 72)), frame_of(slitless, "TRAD"), (4, 416, 72))
    assert place(window) == ((529, 1), (416, 72))


@pytest.mark.parametrize("shape", [(10, 0), (0, 20), (0, 0), (0,)])
def test_a_slit_without_pixels_shows_nothing(shape):
    assert window_of_slit(slit((1, 2049)), frame_of(FULL, "TRAD"), shape) is None


@pytest.mark.parametrize(
    ("cards", "error", "message"),
    [
        (slit((None, None)), ExposureError, "the header lacks SLTSTRT2 and SLTSTRT1"),
        (slit((11, None)), ExposureError, "the header lacks SLTSTRT1"),
        (slit((11, 21), (10, 19)), ExposureError, "10 rows and 20 columns, but .* says 10 and 19"),
        (slit((250, 21)), FrameMismatchError, "NRS1 y range .* found 2042 to 2051"),
        (slit((11, 2040)), FrameMismatchError, "NRS1 x range .* found 2040 to 2059"),
        (slit((0, 21)), FrameMismatchError, "slit reaches beyond its subarray: rows 0 to 9 "),
    ],
)
def test_a_slit_that_cannot_be_placed_is_refused(cards, error, message):
    frame = frame_of(header(corner=(1793, 1)), "TRAD")
    with pytest.raises(error, match=message):
        window_of_slit(cards, frame, (10, 20))


def test_the_slitless_exposure_of_miri_lies_where_its_subarray_does(shared_data, tmp_path):
    # FIELD A6.
    """A simulation, of which only the year 2018 is not right."""
    for name in ("rateints", "calints"):
        path = tmp_path / f"{name}.fits"
        shutil.copy(shared_data / "other" / f"ERS_NGTS10_2022_{name}.fits", path)
        for keyword in ("EXPSTART", "EXPEND"):
            fits.setval(path, keyword, value=59809.55)
        exposure = read_exposure(path)
        assert exposure.product == name
        assert [place(window) for window in exposure.windows] == [((529, 1), (416, 72))]
