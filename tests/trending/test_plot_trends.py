"""The plot of trends: series that no reader confuses, breaks at the dates that its note gives."""

import numpy as np
import pytest
from matplotlib.dates import num2date

from jwst_hotpix.instrument.published_growth import GROWTH
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.trending import series_of, trend
from jwst_hotpix.trending.plot_trends import trends_figure
from jwst_hotpix.trending.trend_rows import tables_of
from worlds import EPOCHS, ESA, STSCI, steady_world, two_methods

THRESHOLDS = tuple(float(rate) for rate in range(1, 10))


@pytest.fixture(scope="module")
def found():
    world = steady_world("NRS1", "IRS2", GROWTH["NRS1", "IRS2"], 1)
    return trend(series_of(two_methods(world, 3, facts=(ESA, STSCI)), THRESHOLDS))


def test_nine_thresholds_have_nine_styles(found):
    # FIELD C16.
    (axes,) = trends_figure([found]).axes
    points = [line for line in axes.lines if line.get_marker() != "None"]
    filled = [line for line in points if line.get_fillstyle() == "full"]
    assert len(filled) == len(points) / 2 == 9
    assert len({(line.get_color(), line.get_marker()) for line in filled}) == 9
    assert [line.get_label().split(":")[0] for line in filled] == [
        f"> {rate:g} DN/s" for rate in THRESHOLDS
    ]


def test_points_and_lines_stand_at_the_counts_and_fits_that_the_legend_names(found):
    (axes,) = trends_figure([found]).axes
    # Of each threshold: all pixels, centers, and the fit before and after the break.
    for number, start in enumerate(range(0, len(axes.lines), 4)):
        hot, centers = found.hot[number], found.centers[number]
        filled, opened, before, after = axes.lines[start : start + 4]
        np.testing.assert_array_equal(filled.get_ydata(), hot.count)
        np.testing.assert_array_equal(opened.get_ydata(), centers.count)
        np.testing.assert_array_equal(np.r_[before.get_ydata(), after.get_ydata()], hot.fitted)
        assert before.get_ydata().size == found.breaks[0].index
        rate = f"{hot.per_month:.1f} ± {hot.error:.1f} per month"
        assert filled.get_label() == f"> {THRESHOLDS[number]:g} DN/s: {rate}"


def test_a_break_is_drawn_between_the_dates_that_the_note_and_the_table_give(found):
    # FIELD C16.
    figure = trends_figure([found])
    (axes,) = figure.axes
    (band,) = axes.patches
    edges = [num2date(day).date().isoformat() for day in band.get_x() + np.r_[0, band.get_width()]]
    assert edges == [iso(EPOCHS[2])[:10], iso(EPOCHS[3])[:10]]
    (letter,) = axes.texts
    between = f"{edges[0]} to {edges[1]}: "
    (caption,) = [line for line in figure.get_supxlabel().splitlines() if between in line]
    assert caption.startswith(f"{letter.get_text()}  ")
    assert [title for title, _ in tables_of(found) if title.startswith(f"Break, {between}")]


def test_a_trend_is_shown_in_one_line(found):
    first = found.hot[0]
    assert repr(found) == (
        f"<Trend {found.series.name}, {len(EPOCHS)} epochs: {first.per_month:.1f} ± "
        f"{first.error:.1f} per month above the first of {len(THRESHOLDS)} thresholds>"
    )
