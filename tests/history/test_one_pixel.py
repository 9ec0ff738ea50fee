"""The history of one pixel: each look says what it saw, and the intervals are those of the list."""

from dataclasses import fields, replace

import numpy as np
import pytest

from jwst_hotpix.exceptions import FrameMismatchError, LedgerError
from jwst_hotpix.history.looks_at_pixels import look_at_pixels
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.history.one_pixel import PixelHistories, histories_in, history_of
from jwst_hotpix.history.pixel_looks import State, looks_at
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of

EPOCHS = 60000.0 + 20.0 * np.arange(16)
PLACE = Y, X = 900, 700
ONSET, BLIND, SATURATED = 8, (2, 12), 10


@pytest.fixture(scope="module")
def sightings():
    """A pixel that turns hot before dark 8; two darks cannot see it, in one it saturates."""
    world = World.draw(detector="NRS1", readout="IRS2", seed=1, months=12, stock=300)
    world = world.with_pixels([Y], [X], [6.0], onset=float(EPOCHS[ONSET]) - 1)
    seen = simulate_sightings(world, EPOCHS, unseen_share=0, seed=2)
    pixel = np.int32(Y * 2048 + X)
    kept = ~((seen.pixel == pixel) & np.isin(seen.dark, BLIND))
    columns = {name: getattr(seen, name)[kept] for name in ("pixel", "dark", "rate", "error")}
    columns["rate"][(columns["pixel"] == pixel) & (columns["dark"] == SATURATED)] = np.inf
    hidden = {"unseen_pixel": np.full(2, pixel), "unseen_dark": np.array(BLIND, np.int32)}
    return replace(seen, **columns, **hidden)


def test_each_look_says_hot_cold_or_cannot_tell(sightings):
    looks = looks_at(sightings, X, Y, 1.0)
    expected = [State.COLD] * ONSET + [State.HOT] * (len(EPOCHS) - ONSET)
    for blind in BLIND:
        expected[blind] = State.UNKNOWN
    assert [look.state for look in looks] == expected
    assert [look.epoch for look in looks] == EPOCHS.tolist()
    assert (looks[0].rate, looks[0].bound) == (None, pytest.approx(0.1))
    assert (looks[ONSET].rate, looks[ONSET].bound) == (pytest.approx(6.0, rel=0.1), None)
    assert (looks[BLIND[0]].rate, looks[BLIND[0]].bound) == (None, None)
    saturated = looks[SATURATED].to_dict()
    assert (saturated["state"], saturated["rate"], saturated["saturated"]) == ("hot", None, True)


def test_a_measured_rate_below_the_threshold_is_cold_and_below_the_limit(sightings):
    look = looks_at(sightings, X, Y, 20.0)[ONSET]
    assert (look.state, look.bound) == (State.COLD, 20.0)
    assert look.rate == pytest.approx(6.0, rel=0.1)


def test_a_floor_above_the_threshold_proves_nothing(sightings):
    noisy = replace(sightings, floor=np.full(EPOCHS.size, 3.0, np.float32))
    look = looks_at(noisy, 5, 1500, 1.0)[0]
    assert (look.state, look.bound) == (State.UNKNOWN, 3.0)


def test_the_intervals_are_those_of_the_list(sightings):
    pixels = build_list(sightings, readout="IRS2")
    for entry in np.flatnonzero(pixels.role == Role.CENTER)[::40]:
        x, y = int(pixels.x[entry]), int(pixels.y[entry])
        listed = [
            (one.onset_earliest, one.onset_latest, one.recovery_latest, one.confidence)
            for one in history_of(sightings, x, y, readout="IRS2").intervals
            if one.listed
        ]
        here = (pixels.x == x) & (pixels.y == y)
        columns = ("onset_earliest", "onset_latest", "recovery_latest", "confidence")
        assert listed == list(zip(*(getattr(pixels, one)[here] for one in columns), strict=True))


def test_a_pixel_seen_hot_once_has_an_interval_that_no_list_has(sightings):
    pixels = build_list(sightings, readout="IRS2")
    known = set((pixels.y.astype(int) * 2048 + pixels.x).tolist())
    early = sightings.pixel[(sightings.rate > 2) & (sightings.dark == 12)]
    once = next(pixel for pixel in early.tolist() if pixel not in known)
    found = history_of(sightings, once % 2048, once // 2048, readout="IRS2")
    assert found.count(State.HOT) >= 1
    assert not any(one.listed for one in found.intervals)


def test_a_pixel_that_was_never_seen_is_one_line(sightings):
    reference_pixel = history_of(sightings, 2, 3, readout="IRS2")
    assert reference_pixel.count(State.UNKNOWN) == len(EPOCHS)
    ((line, rows),) = reference_pixel.tables()
    assert line == "NRS1 IRS2, x 2, y 3: none of 16 looks could see this pixel"
    assert not rows


@pytest.mark.parametrize(("x", "y", "wrong"), [(2048, 5, "x 2048"), (5, -1, "y -1")])
def test_a_pixel_off_the_detector_is_refused(sightings, x, y, wrong):
    with pytest.raises(FrameMismatchError, match=f"^{wrong} is off NRS1, whose "):
        history_of(sightings, x, y, readout="IRS2")


def test_each_readout_mode_of_a_ledger_is_a_history_of_its_own(sightings, tmp_path):
    ledger = Ledger(tmp_path / "ledger")
    for record in records_of(sightings):
        ledger.keep(record)
    trad = World.quiet(detector="NRS1", readout="TRAD")
    for record in records_of(simulate_sightings(trad, EPOCHS[:4])):
        ledger.keep(record)
    both = histories_in(ledger.folder, "NRS1", X, Y)
    assert [(part.readout, len(part.looks)) for part in both.parts] == [("IRS2", 16), ("TRAD", 4)]
    (one,) = histories_in(ledger.folder, "NRS1", X, Y, readout="TRAD").parts
    assert one.count(State.COLD) == 4
    with pytest.raises(LedgerError, match="the ledger holds nothing of NRS2"):
        histories_in(ledger.folder, "NRS2", X, Y)


def test_the_plot_shows_every_look_once_and_the_threshold(sightings):
    found = history_of(sightings, X, Y, readout="IRS2")
    (axes,) = PixelHistories(parts=(found,)).plot().axes
    drawn = {line.get_label(): len(line.get_xdata()) for line in axes.lines}
    drawn |= {bars.get_label(): len(bars.lines[0].get_xdata()) for bars in axes.containers}
    assert {name: n for name, n in drawn.items() if not name.startswith("_")} == {
        "threshold, 1 DN/s": 2,
        "cold, upper bound": ONSET - 1,
        "hot, measured": len(EPOCHS) - ONSET - 2,
        "hot, saturated": 1,
        "cannot tell": 2,
    }
    assert "dark rate (DN/s)" in axes.get_ylabel()


def test_pixels_together_look_like_each_alone(sightings):
    blind = replace(sightings, unseen_above=np.array([0.5, 9.0], np.float32))
    pixel = np.unique(np.r_[Y * 2048 + X, 5, blind.pixel[::97]]).astype(np.int32)
    together = look_at_pixels(blind, pixel, 1.0)
    for place, one in enumerate(pixel):
        alone = look_at_pixels(blind, np.array([one]), 1.0)
        for column in fields(together):
            values = getattr(together, column.name)[place]
            np.testing.assert_array_equal(values, getattr(alone, column.name)[0])
    assert together.hot.any()
    assert together.cold.any()


def test_a_pixel_never_above_the_threshold_is_never_hot(sightings):
    """Slightly below it counts as hot only beside a look that saw it above."""
    faint = (sightings.rate > 0.7) & (sightings.rate < 0.95)
    low = np.setdiff1d(sightings.pixel[faint], sightings.pixel[sightings.rate > 1.0])[0]
    looks = looks_at(sightings, int(low % 2048), int(low // 2048), 1.0)
    assert State.HOT not in {look.state for look in looks}
    assert any(look.rate is not None and look.rate > 0.7 for look in looks)
