"""What target_acq returns to Python: frozen objects, ready for JSON and for a terminal."""

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from acquisitions import write_msata, write_wata
from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import TargetAcqError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.target_acq import (
    Stars,
    TaFlat,
    at_least,
    find_hits,
    find_hits_in_files,
    longest_interval,
    read_acquisition,
    read_lists,
    risk_of_lists,
    risk_of_rates,
    stamp_probability,
)

FLAT = TaFlat(since=EPOCH - 200)


@pytest.fixture
def lists(tmp_path):
    """NRS1 with a pixel in the stamp of star 101 and one of unknown rate in WATA's aperture."""
    provenance = Provenance(coverage=(EPOCH - 500, EPOCH))
    columns = {"onset_earliest": EPOCH - 150, "provenance": provenance}
    for name, made in (
        ("nrs1", make_list([1669, 990], [1532, 1416], rate=[6000.0, np.nan], **columns)),
        ("nrs2", make_list([50], [60], detector="NRS2", **columns)),
    ):
        header = asdf_file.Header(useafter="2022-07-01T00:00:00")
        asdf_file.write(made, tmp_path / f"{name}.asdf", header)
    return [tmp_path / "nrs1.asdf", tmp_path / "nrs2.asdf"]


def test_stars_are_shared_out_as_evenly_as_possible():
    assert Stars.on(2).numbers == (4, 4)
    assert Stars.on(3).numbers == (3, 3, 2)
    assert Stars.on(2, [0, 5], k=2) == Stars(numbers=(0, 5), k=2)
    with pytest.raises(TargetAcqError, match="numbers of stars: expected 2, one for each detector"):
        Stars.on(2, [1, 2, 3])


def test_the_risk_of_rates_is_that_of_its_stars():
    found = risk_of_rates((48, 64), Stars(numbers=(2, 3), k=2), 12, risk=0.5)
    p = [stamp_probability(rate, 12) for rate in (48, 64)]
    each = [p[0]] * 2 + [p[1]] * 3
    assert found.stamp_probability == tuple(p)
    assert found.odds.at_least_probability == at_least(each, 2)
    assert found.odds.stamp_probability == pytest.approx(np.mean(each))
    assert found.interval.months == longest_interval([48] * 2 + [64] * 3, 0.5, k=2)
    with pytest.raises(FrozenInstanceError):
        found.months = 6


def test_the_risk_of_lists_looks_ahead_with_their_births(lists):
    detectors = read_lists(lists, FLAT)
    found = risk_of_lists(detectors, FLAT, Stars.on(2), months=6)
    assert [one.file for one in found.detectors] == [str(path) for path in lists]
    now = [one.stamp_probability for one in detectors]
    later = [stamp_probability(one.births.per_month, 6) for one in detectors]
    both = [p + (1 - p) * q for p, q in zip(now, later, strict=True)]
    assert found.ahead.any_probability == pytest.approx(at_least(np.repeat(both, 4)))
    assert found.seen_in() == {"NRSRAPID": 2, "NRSRAPIDD6": 2, "SUB32": 1, "unknown": 1}
    assert risk_of_lists(detectors, FLAT, Stars.on(2)).ahead is None


def test_the_pixels_of_a_stamp_come_with_their_signal_and_distance(lists, tmp_path):
    acquisition = read_acquisition(write_msata(tmp_path / "msata_uncal.fits"))
    pixels = asdf_file.read(lists[0])
    hits = find_hits(acquisition, [FLAT.unknown(pixels)])
    assert hits.stars_hit == {"101"}
    (stamp,) = [one for one in hits.stamps if len(one.pixels)]
    assert stamp.signal == pytest.approx([6000 * acquisition.group_time])
    assert stamp.signal_to_noise == pytest.approx(stamp.signal / (2**0.5 * 11))
    assert stamp.from_centroid == pytest.approx([2**0.5])


def test_results_go_into_json_and_into_tables(lists, tmp_path):
    exposures = [write_msata(tmp_path / "a_uncal.fits"), write_wata(tmp_path / "b_uncal.fits")]
    detectors = read_lists(lists, FLAT)
    risk = risk_of_lists(detectors, FLAT, Stars.on(2), months=1, risk=0.1)
    hits = find_hits_in_files(
        [*exposures, tmp_path / "gone.fits"], [one.pixels for one in detectors], FLAT
    )
    for result in (risk_of_rates((70,), Stars.on(1), 12), risk, hits):
        assert json.dumps(result.to_dict(), allow_nan=False)
    assert [title for title, _ in risk.tables()] == [
        "Target acquisition", "Lists", BIRTHS_AND_NET_GROWTH, "In SUB32 (WATA)",
    ]  # fmt: skip
    (_, msata), (title, wata) = hits.tables()
    assert (msata[0]["pixel"], msata[0]["star (image)"]) == ("NRS1 1533, 1670", "101 (1)")
    assert (title, wata[0]["DN/s"]) == ("b_uncal.fits: WATA, 1 of 1 stars hit", None)
    assert list(hits.rejected) == [str(tmp_path / "gone.fits")]
