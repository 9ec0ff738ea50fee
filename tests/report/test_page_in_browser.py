"""The whole page in a browser: no errors, no network, any width, either theme, keyboard alone."""

import pytest

pytestmark = pytest.mark.xdist_group("browser")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_window_without_errors_or_requests(open_page, page_file, width, scheme):
    watched = open_page(width=width, scheme=scheme)
    page = watched.page
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("document.getElementById('pixel-words').dataset.pixel")
    for details in page.locator("details").all():
        details.evaluate("(one) => { one.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert watched.requests == [page_file.as_uri()]
    assert watched.errors == []
    assert page.evaluate("document.documentElement.dataset.theme") == scheme


REACHED = """() => {
  let here = document.activeElement;
  while (here?.shadowRoot?.activeElement) here = here.shadowRoot.activeElement;
  return here && here !== document.body ? [here.name || here.title || here.textContent.trim(),
    here.closest("form")?.id ?? ""] : null;
}"""


def test_the_keyboard_reaches_every_control(page):
    page.locator("body").click(position={"x": 1, "y": 1})
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        here = page.evaluate(REACHED)
        if here is None:
            break
        reached.add(tuple(here))
    filters = (
        *("detector", "readout", "role", "status", "rate", "masked", "when", "outline", "day"),
        *("date", "since"),
    )
    assert {(name, "map-filters") for name in filters} <= reached
    pixel = ("x", "y", "mode", "Show", "previous", "next")
    assert {(name, "pixel-form") for name in pixel} <= reached
    names = {name for name, _ in reached}
    assert {"Zoom In", "Zoom Out", "Reset", "Every look as a table"} <= names
    assert {"Pan left", "Pan right", "Pan up", "Pan down"} <= {name.capitalize() for name in names}


def test_the_keyboard_operates_the_map_and_the_light_curve(page):
    ranges = "(({ start, end }) => end - start)(hotpix.model('detector-map').x_range)"
    before = page.evaluate(ranges)
    page.locator("#detector-map [title='Zoom In']").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"{ranges} < {before}")
    page.locator("#detector-map [title='Reset']").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"{ranges} === {before}")
    page.locator("#map-filters [name=status][value='0']").focus()
    count = page.locator("#map-count").text_content()
    page.keyboard.press("Space")
    assert page.locator("#map-count").text_content() != count
    page.keyboard.press("Space")
    assert page.locator("#map-count").text_content() == count
    page.locator("#pixel-form [name=next]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('pixel-words').dataset.pixel")


def test_all_colors_of_the_plots_change_with_the_theme(page):
    colors = (
        "[hotpix.model('detector-map').left[0].major_label_text_color,"
        " getComputedStyle(document.body).color]"
    )
    light = page.evaluate(colors)
    page.locator("#theme").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    dark = page.evaluate(colors)
    page.locator("#theme").click()
    assert page.evaluate(colors) == light
    assert all(one != other for one, other in zip(light, dark, strict=True))
