"""Dates there and back, within the calendar."""

import click
import pytest

from jwst_hotpix.cli.parameter_types import DATE
from jwst_hotpix.tools.dates import iso, mjd


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00.000", "9999-12-31T23:59:59.999"])
def test_the_ends_of_the_calendar_come_back(date):
    assert iso(mjd(date)) == date


@pytest.mark.parametrize(
    "date",
    ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59:59.999999"],
)
def test_a_date_that_is_in_no_year_of_utc_is_a_value_error_and_no_option(date):
    with pytest.raises(ValueError, match="expected an MJD in the years 1 to 9999, found"):
        mjd(date)
    with pytest.raises(click.BadParameter, match="expected an ISO 8601 date such as 2024-03-01"):
        DATE.convert(date, None, None)


@pytest.mark.parametrize("epoch", [1e12, -1e12, -700_000, float("inf"), float("nan")])
def test_an_epoch_outside_the_calendar_is_named(epoch):
    with pytest.raises(ValueError, match=f"years 1 to 9999, found {epoch}"):
        iso(epoch)


def test_not_a_number_is_no_date():
    with pytest.raises(ValueError, match="expected ISO 8601 .* or an MJD, found nan"):
        mjd(float("nan"))
