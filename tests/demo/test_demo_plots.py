"""Every statement in a plot of the demo agrees with its numbers."""

import numpy as np
import pytest

from helpers import EPOCH, make_list
from jwst_hotpix.demo.demo_plots import (
    extract,
    find_spikes,
    spectrum_figure,
    visit_figure,
    write_plots,
    year_figure,
)
from jwst_hotpix.demo.run_demo import Demo, Score
from jwst_hotpix.demo.visit import Visit, VisitScore
from jwst_hotpix.demo.year import Unmasked
from jwst_hotpix.simulate.trace import trace_rate, trace_row
from jwst_hotpix.simulate.world import World
from jwst_hotpix.tools.dates import calendar, iso

ROW = round(trace_row("NRS1"))
# (row, column, rate): on the trace, beside it, and one that the list lacks.
LISTED, BESIDE, UNLISTED = (ROW, 300, 24.0), (ROW + 1, 900, 8.0), (ROW - 1, 1800, 12.0)


@pytest.fixture(scope="module")
def demo():
    quiet = World.quiet(detector="NRS1", readout="TRAD")
    y, x, rate = zip(LISTED, BESIDE, UNLISTED, strict=True)
    world = quiet.with_pixels(y, x, rate)
    noise = np.random.default_rng(1).normal(0, 0.1, (2048, 2048))
    before = (trace_rate("NRS1") + world.dark_rate(EPOCH) + noise).astype(np.float32)
    after = before.copy()
    after[y[:2], x[:2]] = np.nan
    epochs = EPOCH + 14.0 * np.arange(3)
    year = Unmasked(
        epoch=epochs, official=np.array([90, 80, 70]), causal=np.array([9, 8, 7]),
        full=np.array([1, 0, 1]),
    )  # fmt: skip
    return Demo(
        score=Score(
            hot=15, unmasked_before=3, unmasked_after=1, wrongly_masked=0, expected_unlisted=1.0
        ),
        year={"TRAD": year, "IRS2": year},
        before=before,
        after=after,
        world=world,
        pixels=make_list(y[:2], x[:2], rate=rate[:2]),
        epoch=EPOCH,
        files=(),
        visit=visit_of(world, before, after),
        lines=(),
    )


def visit_of(world, before, after):
    rate = world.dark_rate(EPOCH)
    left = [(rate > 1) & np.isfinite(image) for image in (before, after)]
    return Visit(
        score=VisitScore(
            hot=15, listed=2, unmasked_before=left[0].sum(), unmasked_after=left[1].sum(),
            wrongly_masked=0,
        ),
        before=before, after=after, pixels=make_list([ROW], [300], rate=24.0), rate=rate,
        unmasked_before=left[0], unmasked_after=left[1],
    )  # fmt: skip


def test_the_plot_of_the_visit_counts_what_is_left_of_its_hot_pixels(demo):
    figure = visit_figure(demo)
    score = demo.visit.score
    assert score.unmasked_before > score.unmasked_after
    title = f"{score.unmasked_before} hot pixels unmasked before, {score.unmasked_after} after"
    assert figure.get_suptitle().endswith(title)
    before, after, counts = figure.axes
    for axes, left in ((before, demo.visit.unmasked_before), (after, demo.visit.unmasked_after)):
        (x0, x1), (y0, y1) = axes.get_xlim(), axes.get_ylim()
        y, x = np.nonzero(left)
        inside = (x > x0) & (x < x1) & (y > y0) & (y < y1)
        (marks,) = axes.lines
        assert sorted(zip(*marks.get_data(), strict=True)) == sorted(
            zip(x[inside], y[inside], strict=True)
        )
    # One count per threshold, down to the hottest pixel.
    tops = [line.get_ydata()[0] for line in counts.lines]
    assert tops == [score.unmasked_before, score.unmasked_after]


def test_every_spike_has_a_label_with_its_height_and_its_pixel(demo):
    spikes = find_spikes(demo.before, demo)
    spectrum = extract(demo.before, demo)
    assert [spike.column for spike in spikes] == [300, 900, 1800]
    assert [spike.peak for spike in spikes] == [spectrum[x] for x in (300, 900, 1800)]
    hot_by = f"hot by {iso(EPOCH - 100)[:10]}"
    assert [spike.text for spike in spikes] == [
        f"pixel of 24 DN/s\n{hot_by}",
        f"pixel of 8 DN/s\n{hot_by}",
        "hot pixel,\nnot in the list",
    ]


def test_labels_in_both_panels_stand_at_the_height_they_name(demo):
    # FIELD C16.
    top, bottom = spectrum_figure(demo).axes
    for axes, image, n in ((top, demo.before, 3), (bottom, demo.after, 1)):
        spectrum = extract(image, demo)
        assert len(axes.texts) == n
        for label in axes.texts:
            column, height = label.xy
            assert height == spectrum[column]
            assert label.get_text().startswith(f"peak {height:.0f} DN/s\n")


def test_a_spike_without_a_hot_pixel_says_so(demo):
    image = demo.after.copy()
    image[ROW, 500] += 30
    assert [s.text for s in find_spikes(image, demo) if s.column == 500] == ["no hot pixel"]


def test_the_title_names_the_counts_of_the_table(demo):
    title = spectrum_figure(demo).get_suptitle()
    assert f"{demo.score.unmasked_before} hot pixels unmasked before, " in title
    assert title.endswith(f"{demo.score.unmasked_after} after")


def test_the_year_has_the_words_and_totals_of_the_table(demo):
    for axes in year_figure(demo).axes:
        labels = [text.get_text() for text in axes.get_legend().get_texts()]
        for name, total in demo.year["TRAD"].totals().items():
            (label,) = (text for text in labels if text.startswith(f"{name}:"))
            assert label.endswith(f" {total} in total")
            (line,) = (line for line in axes.lines if line.get_label() == label)
            assert line.get_ydata().sum() == total
            np.testing.assert_array_equal(line.get_ydata(), getattr(demo.year["TRAD"], name))
            np.testing.assert_array_equal(line.get_xdata(), calendar(demo.year["TRAD"].epoch))
        assert len({line.get_marker() for line in axes.lines}) == len(axes.lines)


def test_masked_pixels_leave_neither_line_nor_hole(demo):
    after, truth = extract(demo.after, demo), extract(trace_rate("NRS1"), demo)
    assert np.nanmax(np.abs(after - truth)[[300, 900]]) < 1


def test_both_plots_are_written(demo, tmp_path):
    for path in write_plots(demo, tmp_path):
        assert path.read_bytes().startswith(b"\x89PNG")
