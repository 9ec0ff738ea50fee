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
