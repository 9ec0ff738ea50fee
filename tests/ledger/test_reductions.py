"""Of several reductions of one exposure the newest counts (B3, jwql issue 1100)."""

import json
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from darks import EPOCH, rate_hdus, write
from jwst_hotpix.cli.ingest import command
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.looks import group_visits
from jwst_hotpix.ledger.reductions import REPLACES, one_per_exposure, what_counts
from jwst_hotpix.ledger.science_record import science_record_of
from jwst_hotpix.measure.dark_info import DarkInfo
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.measure.rate import measure
from visits import make_world, write_visit

OLD = {"CAL_VER": "1.9.6", "DATE": "2024-06-01T00:00:00"}
# As text it would come before 1.9.6.
NEW = {"CAL_VER": "1.14.0", "DATE": "2023-06-01T00:00:00"}
LATER = {"CAL_VER": "1.14.0", "DATE": "2023-06-01T00:00:01"}


@pytest.fixture
def reductions(tmp_path):
    """One exposure, reduced without a trace, by an old version, and twice by a new one."""
    cards = {"plain": {}, "old": OLD, "new": NEW, "later": LATER}
    return {
        name: write(tmp_path / f"{name}_rate.fits", rate_hdus(hot={(5, 5 + number): 3.0}, **of_it))
        for number, (name, of_it) in enumerate(cards.items())
    }


def column_of(ledger):
    (pixel,) = ledger.sightings("NRS1").pixel
    return int(pixel) % 2048 - 1024


@pytest.mark.parametrize("order", [*permutations(["plain", "old", "new", "later"])])
def test_the_newest_reduction_is_used_whatever_the_order_of_arrival(tmp_path, reductions, order):
    ledger = Ledger(tmp_path / "ledger")
    columns = []
    for name in order:
        ingest_file(ledger, reductions[name])
        columns.append(column_of(ledger))
    ranks = [["plain", "old", "new", "later"].index(name) for name in order]
    assert columns == [5 + int(rank) for rank in np.maximum.accumulate(ranks)]
    assert len(ledger.records("NRS1")) == len(order)


def run(*arguments):
    done = CliRunner().invoke(command, [*map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done


def test_ingest_reports_replaced_and_superseded_products(tmp_path, reductions):
    ledger = tmp_path / "ledger"
    old, new, later = (reductions[name] for name in ("old", "new", "later"))
    run(ledger, old)
    result = json.loads(run(ledger, new, "--json").stdout)
    assert result["ingested"] == [str(new)]
    assert result["superseded"] == []
    (entry,) = result["replaced"]
    assert entry == {
        "file": str(new),
        "reason": "replaces old_rate.fits (rate, jwst 1.9.6, 2024-06-01T00:00:00) of the same "
        "exposure",
    }
    run(ledger, later)
    result = json.loads(run(ledger, reductions["plain"], "--json").stdout)
    assert result["replaced"] == []
    assert result["superseded"][0]["reason"] == (
        "is not used: the ledger holds later_rate.fits (rate, jwst 1.14.0, "
        "2023-06-01T00:00:01) of the same exposure"
    )
    # What is there already replaces nothing.
    again = json.loads(run(ledger, new, "--json").stdout)
    assert (again["already_present"], again["replaced"]) == ([str(new)], [])


def test_a_replacement_is_one_line(tmp_path, reductions):
    ledger = tmp_path / "ledger"
    run(ledger, reductions["old"])
    lines = run(ledger, reductions["new"]).stderr.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"hotpix: {reductions['new']}: {REPLACES} old_rate.fits (rate, ")


def test_other_exposures_replace_nothing(tmp_path):
    ledger = Ledger(tmp_path / "ledger")
    segments = [
        measure(write(tmp_path / f"{n}_rate.fits", rate_hdus(seed=n, EXSEGNUM=n))) for n in (1, 2)
    ]
    elsewhere = measure(write(tmp_path / "3_rate.fits", rate_hdus(seed=3, SUBSTRT1=513)))
    next_one = measure(write(tmp_path / "4_rate.fits", rate_hdus(EPOCH + 1e-4, seed=4)))
    for dark in (*segments, elsewhere, next_one):
        ledger.add(dark)
        assert what_counts(dark, ledger.others(dark)) == ""
    assert ledger.sightings("NRS1").epoch.size == 4


WINDOW = Window(detector=get_detector("NRS1"), ystart=1, xstart=1, shape=(4, 4))
VERSIONS = st.sampled_from([None, "1.9.6", "1.14.0", "1.14.0.dev3+g1a2b", "not a version", 7])
DATES = st.sampled_from([None, "2023-06-01T00:00:00", "2024-06-01", "01/06/24", ""])
PRODUCTS = st.sampled_from(["uncal", "dark", "rate", "rateints", None])


@given(st.data())
def test_the_choice_depends_on_the_products_alone(data):
    infos = []
    for number in range(data.draw(st.integers(2, 6))):
        facts = {"cal_ver": data.draw(VERSIONS), "date": data.draw(DATES), "number": number}
        facts = {key: value for key, value in facts.items() if value is not None}
        facts["product"] = data.draw(PRODUCTS)
        infos.append(
            DarkInfo(
                readout="TRAD", kind="dark", epoch=EPOCH, known=EPOCH, window=WINDOW, facts=facts
            )
        )
    (best,) = one_per_exposure(infos)

    # In another order another of equal ones may be the first, but none that is worse.
    (again,) = one_per_exposure(data.draw(st.permutations(infos)))
    assert one_per_exposure([best, again]) == [best]
    assert one_per_exposure([again, best]) == [again]
    if "uncal" in [info.product for info in infos]:
        assert best.product == "uncal"


@pytest.fixture(scope="module")
def science(tmp_path_factory):
    path = write_visit(make_world(), tmp_path_factory.mktemp("visit"))["nod 1"]
    return science_record_of(read_science(path))


def test_the_newest_reduction_of_science_exposures_is_used_too(science, tmp_path):
    cards = [{"cal_ver": "1.9.6"}, {"cal_ver": "1.14.0"}]
    old, new = (
        replace(science, facts=science.facts | of_it, digest=f"{number}" * 64)
        for number, of_it in enumerate(cards)
    )
    assert group_visits([old, new]) == group_visits([new, old]) == [[new]]
    ledger = Ledger(tmp_path / "ledger")
    assert ledger.add_science(new)
    assert ledger.add_science(old)
    assert what_counts(old, ledger.others(old)).startswith("is not used: the ledger holds ")


def test_all_segments_of_a_time_series_are_used(science):
    """They share the times of their exposure."""
    parts = [
        replace(science, facts=science.facts | {"exsegnum": n}, digest=f"{n}" * 64) for n in (1, 2)
    ]
    assert group_visits(parts) == [parts]
