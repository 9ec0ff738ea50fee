"""The light curve in a browser: the numbers of ``hotpix pixel``, for any pixel of the list."""

import numpy as np
import pytest

from jwst_hotpix.history.one_pixel import histories_in
from jwst_hotpix.history.pixel_looks import State, looks_at
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.report.light_curve import _MARKS
from jwst_hotpix.report.looks_columns import looks_columns
from jwst_hotpix.tools.dates import iso

pytestmark = pytest.mark.xdist_group("browser")


def choose(page, x, y, mode=0):
    form = page.locator("#pixel-form")
    form.locator("[name=mode]").select_option(str(mode))
    form.locator("[name=x]").fill(str(x))
    form.locator("[name=y]").fill(str(y))
    form.locator("[name=y]").press("Enter")
    key = page.evaluate(f"hotpix.facts.modes[{mode}].key")
    page.wait_for_function(
        f"document.getElementById('pixel-words').dataset.pixel === '{key} {x} {y}'"
    )


def table(page, place):
    return page.evaluate(
        "(place) => [...document.querySelectorAll(`#${place} tbody tr`)]"
        ".map((row) => [...row.cells].map((cell) => cell.textContent))",
        place,
    )


def some_pixels(mode):
    """A few of each role, and pixels seen by the science exposures."""
    pixels = mode.pixels
    per_role = [np.flatnonzero(pixels.role == role)[:: 1 + len(pixels) // 9][:4] for role in Role]
    seen = np.flatnonzero((abs(pixels.y - 845) < 48) & (abs(pixels.x - 620) < 128))
    return sorted({(int(pixels.x[i]), int(pixels.y[i])) for i in np.concatenate([*per_role, seen])})


@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_look_is_that_of_hotpix_pixel(page, ledger, material, number):
    mode = material.modes[number]
    kinds = set()
    for x, y in some_pixels(mode):
        choose(page, x, y, number)
        looks = looks_at(mode.sightings, x, y, mode.pixels.threshold)
        rows = table(page, "pixel-looks")
        for look, (date, kind, state, rate, _) in zip(looks, rows, strict=True):
            # Dates of the page are cut to the minute.
            assert date == iso(look.epoch)[:16].replace("T", " ")
            assert look.kind in kind
            assert state.startswith(look.state)
            assert rate.startswith(expected(look))
            kinds.add(kind)
        states = [look.state for look in looks]
        words = page.locator("#pixel-words").text_content()
        assert all(f"{states.count(one)} {one}" in words for one in State if one in states)
    (part,) = histories_in(ledger, mode.detector.name, x, y, readout=mode.readout).parts
    assert part.looks == looks
    assert {"dark", "reference"} <= kinds
    assert number or "science (dithered)" in kinds


def expected(look):
    if look.rate is not None and np.isfinite(look.rate):
        return f"{float(f'{look.rate:.3g}'):g} ±"
    if look.bound is not None and look.state == State.COLD:
        return f"below {float(f'{look.bound:.3g}'):g} DN/s"
    return ""


def test_probabilities_are_those_of_the_history(page, material):
    mode = material.modes[0]
    for x, y in some_pixels(mode)[::3]:
        choose(page, x, y)
        chances = mode.chances.of_pixels(np.array([y * 2048 + x]))
        runs = np.diff(np.r_[chances.look, mode.sightings.epoch.size])
        percent = [f"{one} %" for one in np.repeat(chances.percent, runs)]
        nothing = [""] * mode.sightings.epoch.size
        assert [row[4] for row in table(page, "pixel-looks")] == (percent or nothing)


def test_intervals_are_those_of_the_list(page, ledger, material):
    mode = material.modes[0]
    pixels = mode.pixels
    again = np.flatnonzero(np.isfinite(pixels.recovery_latest))[:3]
    for entry in again:
        x, y = int(pixels.x[entry]), int(pixels.y[entry])
        choose(page, x, y)
        (part,) = histories_in(ledger, "NRS1", x, y, readout=mode.readout).parts
        listed = [one for one in part.intervals if one.listed]
        rows = table(page, "pixel-intervals")
        assert len(rows) == len(listed)
        for one, (onset, recovery, status, role, rate, *_) in zip(listed, rows, strict=True):
            assert iso(one.onset_latest)[:10] in onset
            if np.isfinite(one.recovery_latest):
                assert recovery.endswith(iso(one.recovery_latest)[:10])
            assert (status, role) == (one.status, one.role.replace("_", " "))
            assert rate.startswith(f"{one.rate:.3g}")


def test_marks_are_drawn_where_the_looks_are(page, material):
    mode = material.modes[0]
    (x, y), *_ = some_pixels(mode)
    choose(page, x, y)
    drawn = page.evaluate(
        "(names) => names.flatMap((name) => [...hotpix.model(`light-curve-${name}`).data.x])",
        list(_MARKS),
    )
    epochs = (mode.sightings.epoch - 40587) * 86400e3
    assert np.sort(drawn) == pytest.approx(epochs, abs=1)
    start, end = page.evaluate(
        "(({ start, end }) => [start, end])(hotpix.model('light-curve').x_range)"
    )
    assert start < epochs.min() < epochs.max() < end


def test_a_pixel_that_is_not_in_the_list_says_what_to_run(page, ledger, material):
    # This one would be in the list if rows had no end.
    mode = material.modes[0]
    x, y = int(mode.pixels.x[9]), int(mode.pixels.y[9])
    choose(page, x + 2048, y - 1)
    assert "not in the list" in page.locator("#pixel-words").text_content()
    choose(page, 5, 5)
    assert "not in the list" in page.locator("#pixel-words").text_content()
    command = page.locator("#pixel-command").text_content()
    assert command == f"hotpix pixel '{ledger}' 5 5 --detector NRS1 --readout irs2"
    assert table(page, "pixel-looks") == []


def test_next_and_previous_walk_over_what_the_map_shows(page, material):
    pixels = material.modes[0].pixels
    page.locator("#map-filters [name=readout][value=TRAD]").uncheck()
    shown = pixels.active(np.ceil(material.modes[0].last))
    order = sorted(
        {(int(y), int(x)) for y, x in zip(pixels.y[shown], pixels.x[shown], strict=True)}
    )
    (y, x), (next_y, next_x) = order[4:6]
    choose(page, x, y)
    page.get_by_role("button", name="Next").click()
    words = page.locator("#pixel-words")
    page.wait_for_function(
        f"document.getElementById('pixel-words').dataset.pixel === 'nrs1-irs2 {next_x} {next_y}'"
    )
    page.get_by_role("button", name="Previous").click()
    page.wait_for_function(
        f"document.getElementById('pixel-words').dataset.pixel === 'nrs1-irs2 {x} {y}'"
    )
    assert f"x {x}, y {y}" in words.text_content()


def test_looks_that_do_not_fit_are_thinned_to_those_that_tell(material):
    mode = material.modes[0]
    every, few = looks_columns(mode), looks_columns(mode, 0.4)
    assert not every.is_thinned
    assert few.is_thinned
    assert few.arrays["count"].max() <= few.most < every.n_looks
    for name in ("n_hot", "n_cold", "changes", "change", "percent"):
        assert few.arrays[name].tolist() == every.arrays[name].tolist()
    # Where a pixel is hot at some looks only, both states are among those that are kept.
    turned = (every.arrays["n_hot"] > 0) & (every.arrays["n_cold"] > 0)
    ends = np.cumsum(few.arrays["count"])
    for pixel in np.flatnonzero(turned):
        seen = few.arrays["seen"][ends[pixel] - few.arrays["count"][pixel] : ends[pixel]]
        assert {True, False} == set((seen <= 1).tolist())


def test_looks_before_a_date_are_excluded(material):
    mode = material.modes[0]
    since = float(mode.sightings.epoch[6])
    late = looks_columns(mode, since=since)
    assert late.n_looks == mode.sightings.epoch.size - 6 == late.arrays["count"][0]
    assert late.arrays["look"].min() == 6 == late.first
