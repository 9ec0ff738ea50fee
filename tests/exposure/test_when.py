"""Which date of a header counts, and which cannot be one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import EPOCH
from jwst_hotpix.exceptions import DarkError, ExposureError, ListFormatError
from jwst_hotpix.exposure.when import dates_of_exposure, dates_of_reference, epoch_of_useafter
from jwst_hotpix.tools.dates import mjd

LAUNCH, END = mjd("2021-12-25"), mjd("2051-12-25")
TIMES = {"EXPSTART": EPOCH, "EXPMID": EPOCH + 1.25, "EXPEND": EPOCH + 2}
DATE = {"DATE-OBS": "2023-02-26", "TIME-OBS": "12:00:00"}


@pytest.mark.parametrize(
    ("header", "epoch", "known", "source"),
    [
        (TIMES | DATE, EPOCH + 1.25, EPOCH + 2, "EXPMID"),
        ({"EXPMID": EPOCH}, EPOCH, EPOCH, "EXPMID"),
        ({"EXPSTART": EPOCH, "EXPEND": EPOCH + 2} | DATE, EPOCH + 1, EPOCH + 2, "EXPSTART, EXPEND"),
        (DATE | {"EXPSTART": EPOCH}, 60001.5, 60001.5, "DATE-OBS"),
        ({"DATE-OBS": "2023-02-26"}, 60001.0, 60001.0, "DATE-OBS"),
        ({"DATE-OBS": "2023-02-26T18:00:00"}, 60001.0, 60001.0, "DATE-OBS"),
        ({"EXPSTART": EPOCH}, EPOCH, EPOCH, "EXPSTART"),
    ],
)
def test_the_middle_counts_before_start_and_end_before_the_date(header, epoch, known, source):
    dates = dates_of_exposure(header)
    assert (dates.epoch, dates.known, dates.source) == (epoch, known, source)


@given(epoch=st.floats(LAUNCH, END))
def test_every_date_of_the_mission_is_taken_as_it_is(epoch):
    assert dates_of_exposure({"EXPMID": epoch}).epoch == epoch


@given(
    epoch=st.floats(max_value=LAUNCH, exclude_max=True)
    | st.floats(min_value=END, exclude_min=True)
    | st.sampled_from([0, 0.0, math.nan, 2_460_000.5, 59_934.3 * 86_400])
)
def test_no_other_number_is_a_date_in_flight(epoch):
    headers = (
        {"EXPMID": epoch},
        {"EXPSTART": epoch, "EXPEND": epoch},
        {"EXPMID": EPOCH, "EXPEND": epoch},
        {"EXPSTART": epoch},
    )
    for header in headers:
        with pytest.raises(ExposureError, match="expected an MJD from 2021-12-25, the launch of"):
            dates_of_exposure(header)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({}, "no date: none of EXPMID, EXPSTART, DATE-OBS is set"),
        ({"EXPEND": EPOCH}, "no date"),
        (TIMES | {"EXPEND": EPOCH - 1}, r"ends \(EXPEND, 59999.0\) before it starts \(EXPSTART"),
        ({"EXPMID": "60000.0"}, "EXPMID: expected a number, found '60000.0'"),
        ({"EXPMID": True}, "EXPMID: expected a number, found True"),
        ({"DATE-OBS": "2021-12-24"}, r"date \(DATE-OBS\): expected an MJD from 2021-12-25"),
        ({"DATE-OBS": "soon"}, r"date \(DATE-OBS, TIME-OBS\): expected an ISO 8601 date"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_its_keyword(header, message):
    """B17."""
    with pytest.raises(ExposureError, match=message):
        dates_of_exposure(header)
    with pytest.raises(DarkError, match=message):
        dates_of_exposure(header, DarkError)


@pytest.mark.parametrize(
    ("header", "epoch", "known"),
    [
        ({"USEAFTER": "2015-01-01T00:00:00", "PEDIGREE": "GROUND"}, 57023.0, 57023.0),
        ({"USEAFTER": "2022-05-01", "PEDIGREE": "INFLIGHT 2022-07-01 2022-07-11"}, 59766, 59771),
    ],
)
def test_a_reference_may_be_older_than_the_launch(header, epoch, known):
    dates = dates_of_reference(header, DarkError)
    assert (dates.epoch, dates.known) == (epoch, known)


def test_a_useafter_is_a_date_not_of_the_future():
    assert epoch_of_useafter(" 2015-01-01T00:00:00 ", ListFormatError) == 57023.0
    for useafter, message in (("soon", "expected an ISO 8601 date"), ("2460-01-01", "2051-12-25")):
        with pytest.raises(ListFormatError, match=rf"date \(USEAFTER\): .*{message}"):
            epoch_of_useafter(useafter, ListFormatError)


@pytest.mark.parametrize(
    "header",
    [{"USEAFTER": "2460-01-01"}, {"PEDIGREE": "INFLIGHT 2022-07-01 2222-07-11"}],
)
def test_a_reference_of_the_far_future_is_refused(header):
    with pytest.raises(DarkError, match="expected one before 2051-12-25, found 2"):
        dates_of_reference(header, DarkError)
