"""The detector map in a browser: what is shown equals what the lists say."""

import re

import numpy as np
import pytest

from jwst_hotpix.hotlist.schema import Status
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.report.detector_map import detector_map
from jwst_hotpix.report.material import Material
from jwst_hotpix.target_acq.wata import SUB32
from jwst_hotpix.tools.dates import iso, mjd

pytestmark = pytest.mark.xdist_group("browser")

DAY, SINCE = "2022-10-20", "2022-09-01"
PLACE = """([x, y]) => {
  const view = Bokeh.index.find_one(hotpix.model("detector-map"));
  const { left, top } = view.el.getBoundingClientRect();
  return [left + view.frame.x_scale.compute(x), top + view.frame.y_scale.compute(y)];
}"""


@pytest.fixture(autouse=True)
def form(page):
    """The filters, as they are when the page is opened."""
    page.evaluate(
        "() => { const form = document.getElementById('map-filters'); form.reset();"
        " form.dispatchEvent(new Event('change')); }"
    )
    return page.locator("#map-filters")


def count(page):
    """Read from the words: pixels shown, pixels of the detector, and new ones."""
    text = page.locator("#map-count").text_content().replace("\u2009", "")
    return tuple(
        int(number) for number in re.match(r"(\d+) of (\d+).*?(?:; (\d+) of|\.)", text).groups(0)
    )


def shown(page):
    """Return the pixels that the plot has: mode, x and y of each mark."""
    marks = page.evaluate(
        "hotpix.facts.kinds.flatMap((kind) => hotpix.facts.roles.flatMap((_, role) => {"
        " const { x, y, row } = hotpix.model(`map-${kind}-${role}`).data;"
        " return [...row].map((one, i) => [kind, role, hotpix.columns.mode[one], x[i], y[i]]); }))"
    )
    return {tuple(mark) for mark in marks}


def fill(form, name, text):
    field = form.locator(f"[name={name}]")
    field.fill(text)
    field.press("Enter")


def entries(material, detector, chosen):
    """Return the pixels (x, y) of all lists of a detector, chosen entry by entry."""
    return {
        (int(x), int(y))
        for mode in material.modes
        if mode.detector.name == detector
        for x, y in zip(mode.pixels.x[chosen(mode)], mode.pixels.y[chosen(mode)], strict=True)
    }


def has_status(status):
    return lambda mode: mode.pixels.status == status


def active(day):
    return lambda mode: mode.pixels.active(day)


def test_the_last_day_shows_what_the_lists_have_hot(page, material):
    last = np.ceil(max(mode.last for mode in material.modes))
    every = entries(material, "NRS1", lambda mode: np.ones(len(mode.pixels), bool))
    assert count(page)[:2] == (len(entries(material, "NRS1", active(last))), len(every))


def test_any_day_shows_the_pixels_that_are_hot_on_it(page, form, material):
    fill(form, "date", DAY)
    expected = entries(material, "NRS1", active(mjd(DAY)))
    assert count(page)[0] == len(expected)
    assert {mark[3:] for mark in shown(page)} == expected
    assert form.locator("[name=day]").input_value() == str(round(mjd(DAY)))


def test_the_slider_moves_the_date(page, form, material):
    slider = form.locator("[name=day]")
    slider.focus()
    page.keyboard.press("Home")
    first = float(slider.get_attribute("min"))
    assert form.locator("[name=date]").input_value() == iso(first)[:10]
    assert count(page)[0] == len(entries(material, "NRS1", active(first)))
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == iso(first + 1)[:10]


def test_the_other_detector(page, form, material):
    form.get_by_label("NRS2").check()
    last = np.ceil(max(mode.last for mode in material.modes))
    assert count(page)[0] == len(entries(material, "NRS2", active(last)))
    assert "NRS2" in page.locator("#map-count").text_content()


FILTERS = {
    "readout": ("TRAD", lambda mode: np.full(len(mode.pixels), mode.readout != "TRAD")),
    "role": (str(Role.NEIGHBOR.value), lambda mode: mode.pixels.role != Role.NEIGHBOR),
    "status": (str(Status.TELEGRAPH.value), lambda mode: mode.pixels.status != Status.TELEGRAPH),
    "masked": ("1", lambda mode: ~masked(mode)),
}


def masked(mode):
    if mode.newest is None:
        return np.zeros(len(mode.pixels), bool)
    return mode.newest.mask.has("DO_NOT_USE", mode.pixels.y, mode.pixels.x)


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_takes_its_pixels_away(page, form, material, name):
    value, keeps = FILTERS[name]
    fill(form, "date", DAY)
    before = count(page)[0]
    form.locator(f"[name={name}][value='{value}']").uncheck()
    expected = entries(material, "NRS1", lambda mode: mode.pixels.active(mjd(DAY)) & keeps(mode))
    assert count(page)[0] == len(expected)
    assert {mark[3:] for mark in shown(page)} == expected
    assert len(expected) < before


def test_the_threshold_is_that_of_the_step(page, form, material):
    """Pixels at or below it are not shown, those without a rate are."""
    fill(form, "date", DAY)
    rate = float(np.sort(material.modes[0].pixels.rate)[50])
    fill(form, "rate", repr(rate))
    expected = entries(
        material, "NRS1", lambda mode: mode.pixels.active(mjd(DAY)) & ~(mode.pixels.rate <= rate)
    )
    assert count(page)[0] == len(expected)
    assert any(np.isnan(mode.pixels.rate).any() for mode in material.modes)


def test_new_pixels_have_a_mark_of_their_own(page, form, material):
    fill(form, "date", DAY)
    fill(form, "since", SINCE)
    new = entries(
        material,
        "NRS1",
        lambda mode: mode.pixels.active(mjd(DAY)) & (mode.pixels.onset_latest > mjd(SINCE)),
    )
    assert count(page)[2] == len(new) > 0
    assert {mark[3:] for mark in shown(page) if mark[0] == "new"} == new
    fill(form, "since", "")
    assert "new" not in {mark[0] for mark in shown(page)}


def test_recovered_pixels_are_among_those_that_were_ever_hot(page, form, material):
    form.get_by_label("ever").check()
    every = entries(material, "NRS1", lambda mode: np.ones(len(mode.pixels), bool))
    assert {mark[3:] for mark in shown(page)} == every
    fill(form, "since", "")
    for kind in ("stable", "telegraph", "recovered"):
        status = Status[kind.upper()]
        expected = entries(
            material, "NRS1", lambda mode, status=status: mode.pixels.status == status
        )
        assert {mark[3:] for mark in shown(page) if mark[0] == kind} == expected
        assert expected


def test_no_date_and_no_number_change_nothing(page, form):
    before = count(page)
    for name, text in (("date", "2022-1-1"), ("date", "2022-13-45"), ("since", "soon")):
        right = form.locator(f"[name={name}]").input_value()
        fill(form, name, text)
        assert count(page) == before
        assert not form.evaluate("(form) => form.checkValidity()")
        fill(form, name, right)
        assert count(page) == before


def hover(page, x, y):
    """Point at a pixel of the map; what is left of an earlier scroll may hide the tip once."""
    tip = page.locator("#map-tip", has_text=f"x {x}, y {y} (zero-based)")
    for step in range(50):
        left, top = page.evaluate(PLACE, [x, y])
        page.mouse.move(left + 0.2 * (step % 2), top)
        page.wait_for_timeout(100)
        if tip.is_visible():
            return (left, top), tip
    raise AssertionError(f"no tip for x {x}, y {y}")


def test_hover_and_click_name_the_pixel_of_the_list(page, form, material):
    mode = material.modes[0]
    pixels, last = mode.pixels, np.ceil(mode.last)
    form.locator("[name=readout][value=TRAD]").uncheck()
    places = np.stack([pixels.x, pixels.y], axis=1).astype(float)
    away = np.hypot(*(places[:, None] - places[None, :]).T)
    np.fill_diagonal(away, np.inf)
    # Without a second entry, or one so close that it would be under the same pointer.
    alone = np.flatnonzero(pixels.active(last) & (away.min(axis=0) > 40) & masked(mode))
    page.locator("#detector-map .plot").scroll_into_view_if_needed()
    for entry in alone[:: len(alone) // 3]:
        x, y = int(pixels.x[entry]), int(pixels.y[entry])
        place, tip = hover(page, x, y)
        texts = tip.locator("td").all_text_contents()
        assert f"{pixels.rate[entry]:.3g} ±" in " ".join(texts)
        assert any(iso(pixels.onset_latest[entry])[:10] in text for text in texts)
        assert "flagged, first in <img src=x>_mask_0099.fits (2022-11-17)" in texts
        assert Status(pixels.status[entry]).name.lower() in texts
        page.mouse.click(*place)
        page.wait_for_function(
            f"document.getElementById('pixel-words').dataset.pixel === 'nrs1-irs2 {x} {y}'"
        )
    page.mouse.move(0, 0)
    page.wait_for_function("document.getElementById('map-tip').hidden")


def test_neighbors_are_those_of_the_list(page, material):
    pixels = material.modes[0].pixels
    known = {
        (int(x), int(y)): Role(role)
        for x, y, role in zip(pixels.x, pixels.y, pixels.role, strict=True)
    }
    described = page.evaluate(
        f"Array.from({{ length: {len(pixels)} }}, (_, row) => hotpix.describe.neighbors(row))"
    )
    for x, y, role, text in zip(
        pixels.x.tolist(), pixels.y.tolist(), pixels.role, described, strict=True
    ):
        around = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
        arms = sum(known.get(one) is Role.NEIGHBOR for one in around)
        centers = [one for one in around if known.get(one) in (Role.CENTER, Role.INFERRED_CENTER)]
        if role != Role.NEIGHBOR:
            assert f"{arms} of 4 are listed" in text
        assert all(f"{one[0]}, {one[1]}" in text for one in centers)
    assert "beside the center" in " ".join(described)


def test_outlines_are_drawn_where_the_package_has_them(page, form):
    form.get_by_label("SUB32").check()
    drawn = page.evaluate("hotpix.model('map-outlines').data")
    # SUB32.locate takes zero-based pixels, whose edges are half a pixel away.
    assert (drawn["left"], drawn["bottom"]) == ([SUB32.xstart - 1.5], [SUB32.ystart - 1.5])
    assert (drawn["right"], drawn["top"]) == ([SUB32.xstart + 30.5], [SUB32.ystart + 30.5])
    form.get_by_label("NRS2").check()
    assert page.evaluate("hotpix.model('map-outlines').data")["name"] == []


def test_a_page_without_pixels_says_so():
    section = detector_map(Material(folder="nothing"))
    assert section.models == ()
    assert "no hot pixel" in section.words
