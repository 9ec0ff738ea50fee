"""Births and net growth of one ledger: two numbers, each the same wherever it is printed."""

import json
import logging
import re

import numpy as np
import pytest
from click.testing import CliRunner

from helpers import make_rate
from jwst_hotpix.cli.build import command as build
from jwst_hotpix.cli.show import command as show
from jwst_hotpix.cli.ta import command as ta
from jwst_hotpix.cli.trend import command as trend
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.births import BIRTHS, BIRTHS_AND_NET_GROWTH
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate import World
from jwst_hotpix.step import HotPixStep
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from jwst_hotpix.tools.dates import DAYS_PER_MONTH
from worlds import START, steady_world

DARKS = START + np.arange(0, 24.1, 0.8) * DAYS_PER_MONTH
RATES = (60.0, 45.0, 20.0, 4.0)


def run(command, *args):
    result = CliRunner().invoke(command, [str(arg) for arg in args], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def fill(folder, world):
    """Make a ledger of a world, and of that a list of pixels above 3 DN/s, as ta counts them."""
    for record in records_of(simulate_sightings(world, DARKS)):
        Ledger(folder / "ledger").keep(record)
    options = ("--detector", "NRS1", "--readout", "trad", "--threshold", 3)
    run(build, folder / "ledger", *options, "-o", folder / "list.asdf")
    return folder


@pytest.fixture(scope="module")
def steady(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("steady"), steady_world("NRS1", "TRAD", RATES, 7))


@pytest.fixture(scope="module")
def recovering(tmp_path_factory):
    """A fifth of the hot pixels recovers every year."""
    world = World.draw(
        detector="NRS1", readout="TRAD", growth=RATES, seed=7, months=25,
        telegraph_share=0.0, cluster_share=0.0, recovery_per_year=0.2,
    )  # fmt: skip
    return fill(tmp_path_factory.mktemp("recovering"), world)


def births_of(folder):
    shown = json.loads(run(show, folder / "list.asdf", "--json"))
    return shown["growth_per_month"], shown["growth_error"]


def net_growth_of(folder):
    (row,) = json.loads(run(trend, folder / "ledger", "--threshold", 3, "--json"))["rows"]
    return row["per_month"], row["error"]


def test_ta_counts_the_births_that_show_reads_in_the_list(steady):
    asked = ("--list", steady / "list.asdf", "--since", "2022-07-01", "--json")
    (row,) = json.loads(run(ta, *asked))["lists"]
    assert (row["growth_per_month"], row["growth_error"]) == births_of(steady)


def test_the_log_of_the_step_expects_births_times_age(steady, caplog):
    births, _ = births_of(steady)
    last = asdf_file.read(steady / "list.asdf").provenance.coverage[1]
    exposure = make_rate()
    exposure.meta.exposure.mid_time = last + 60
    with caplog.at_level(logging.INFO):
        HotPixStep.call(exposure, override_hotpix=str(steady / "list.asdf"))
    (expected,) = re.findall(r"expect about (\d+) new hot pixels .*\((.*)\)", caplog.text)
    assert expected == (f"{births * 60 / DAYS_PER_MONTH:.0f}", BIRTHS)


def test_births_are_the_net_growth_where_nothing_recovers(steady):
    births, births_error = births_of(steady)
    net, net_error = net_growth_of(steady)
    assert abs(births - net) < 3 * np.hypot(births_error, net_error)


def test_births_exceed_the_net_growth_by_the_recoveries(recovering):
    births, births_error = births_of(recovering)
    net, net_error = net_growth_of(recovering)
    pixels = asdf_file.read(recovering / "list.asdf")
    first, last = pixels.provenance.coverage
    recoveries = np.isfinite(pixels.recovery_latest).sum() / ((last - first) / DAYS_PER_MONTH)
    assert births - net == pytest.approx(recoveries, abs=3 * np.hypot(births_error, net_error))
    assert recoveries > 5 * np.hypot(births_error, net_error)


@pytest.mark.parametrize(
    ("command", "args", "name"),
    [
        (show, ["list.asdf"], "births per month"),
        (ta, ["--list", "list.asdf", "--since", "2023-07-01"], "births per month"),
        (trend, ["ledger"], "net growth"),
    ],
)
def test_every_table_says_which_of_the_two_it_holds(steady, monkeypatch, command, args, name):
    # FIELD C8.
    monkeypatch.chdir(steady)
    shown = run(command, *args)
    assert name in shown
    assert BIRTHS_AND_NET_GROWTH in shown
