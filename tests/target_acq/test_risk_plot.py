"""The plot of the risk shows the numbers of the result, and every pixel that matters."""

import numpy as np
import pytest

from acquisitions import write_msata
from helpers import EPOCH, make_list
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.target_acq import (
    Stars,
    TaFlat,
    find_hits_in_files,
    read_lists,
    risk_of_lists,
    risk_of_rates,
    stamp_probability,
)
from jwst_hotpix.target_acq.risk_plot import risk_figure

FLAT = TaFlat(since=EPOCH - 150)


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """Two pixels in the aperture, one beside it in SUB32, one in the stamp of star 101; NRS2."""
    folder = tmp_path_factory.mktemp("lists")
    places = {
        "NRS1": ([979, 989, 990, 1669], [1399, 1415, 1422, 1532]),
        "NRS2": ([300, 700], [300, 800]),
    }
    for detector, (y, x) in places.items():
        pixels = make_list(y, x, detector=detector, rate=8.0)
        header = asdf_file.Header(useafter="2022-07-01T00:00:00")
        asdf_file.write(pixels, folder / f"{detector}.asdf", header)
    return read_lists([folder / f"{detector}.asdf" for detector in places], FLAT)


def of_lists(seen, **given):
    return risk_of_lists(seen, FLAT, Stars.on(2, (4, 4), 2), **given)


def test_the_chosen_interval_lies_on_the_curve_of_all_stars():
    found = risk_of_rates((48.0, 64.0), Stars.on(2, (4, 4), 2), 12, risk=0.5)
    (axes,) = risk_figure(found.in_time()).axes
    curve = next(line for line in axes.lines if line.get_label() == "at least 2 of 8 stars hit")
    (star,) = (line for line in axes.lines if line.get_marker() == "*")
    (x, y) = (float(value[0]) for value in star.get_data())
    assert (x, y) == (found.interval.months, 50)
    assert np.interp(x, *curve.get_data()) == pytest.approx(50, abs=0.1)


@pytest.mark.parametrize("cluster_share", [0.0, 0.1])
def test_each_detector_has_a_curve_of_its_own_color_and_marker(cluster_share):
    rates = (48.0, 64.0)
    found = risk_of_rates(rates, Stars.on(2), 12, cluster_share=cluster_share)
    risk = found.in_time()
    for rate, probability in zip(rates, risk.stamp.values(), strict=True):
        expected = [stamp_probability(rate, age, cluster_share=cluster_share)
                    for age in risk.months.tolist()]  # fmt: skip
        np.testing.assert_array_equal(probability, expected)
    (axes,) = risk_figure(risk).axes
    curves = [line for line in axes.lines if line.get_label().startswith("stamp of a star hit")]
    assert len({(line.get_color()) for line in curves}) == 2
    assert len({(line.get_marker()) for line in curves}) == 2


def test_the_odds_of_today_and_of_later_are_points_with_their_numbers(seen):
    found = of_lists(seen, months=3)
    (axes,) = risk_figure(found.in_time()).axes
    points = {line.get_label(): line for line in axes.lines if line.get_marker() in "DP"}
    for odds, label in ((found.odds, "the lists on 2023-02-25"), (found.ahead, "3 months later")):
        probability = odds.at_least_probability
        point = points[f"at least 2 of 8 stars hit, {label}: {probability:.1%}"]
        assert float(point.get_ydata()[0]) == 100 * probability


def test_sub32_shows_the_aperture_and_the_pixels_in_it_and_beside_it(seen):
    # FIELD C12.
    _, axes = risk_figure(of_lists(seen).in_time(), [one.new for one in seen]).axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == [
        "S1600A1", "new hot pixels in the aperture: 2", "new hot pixels outside it: 1",
    ]  # fmt: skip
    drawn = {line.get_marker(): sorted(zip(*line.get_data(), strict=True)) for line in axes.lines}
    assert drawn == {"s": [(1416, 990), (1423, 991)], "o": [(1400, 980)]}


def test_without_a_list_of_nrs1_there_is_no_sub32(seen):
    nrs2 = seen[1:]
    risk = risk_of_lists(nrs2, FLAT, Stars.on(1)).in_time()
    assert len(risk_figure(risk, [one.new for one in nrs2]).axes) == 1


def test_stamps_that_were_hit_are_drawn_with_the_star_and_others_are_not(seen, tmp_path):
    exposure = write_msata(tmp_path / "msata_uncal.fits")
    hits = find_hits_in_files([exposure], [one.pixels for one in seen], FLAT).hits
    *_, stamp = figure = risk_figure(of_lists(seen).in_time(), [one.new for one in seen], hits).axes
    assert len(figure) == 3
    assert stamp.get_title(loc="left") == "MSATA, star 101 (1), NRS1"
    pixel, star = stamp.lines
    assert [float(value[0]) for value in pixel.get_data()] == [1533, 1670]
    assert [float(value[0]) for value in star.get_data()] == [1534.0, 1671.0]
