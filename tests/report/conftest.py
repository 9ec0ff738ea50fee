"""A page of a small ledger, and Debian's chromium to open it with."""

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.masks.reference_mask import Mask
from jwst_hotpix.report.material import Asked
from jwst_hotpix.report.mode import Delivery
from jwst_hotpix.report.read_material import read_material
from jwst_hotpix.report.write_report import write_report
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.draw_sightings import simulate_sightings
from jwst_hotpix.testing.make_records import records_of
from visits import make_world, write_visit

# The visit is at MJD 60000, between the darks.
EPOCHS = 59730.37 + 30.0 * np.arange(11)
NEW_MASK = 59900.0
MASK_NAME = "<img src=x>_mask_0099.fits"


@pytest.fixture(scope="session")
def ledger(tmp_path_factory):
    """Both detectors, both readout modes, and a visit of science exposures."""
    folder = tmp_path_factory.mktemp("report")
    # Names are text, whatever they contain.
    store = Ledger(folder / "<img src=x> ledger")
    worlds = [
        World.draw(
            detector=detector, readout=readout, seed=seed, start="2022-05-01", months=12, stock=120,
            telegraph_share=0.2, recovery_per_year=0.3,
        )
        for seed, (detector, readout) in enumerate(
            [("NRS1", "IRS2"), ("NRS1", "TRAD"), ("NRS2", "TRAD")]
        )
    ]  # fmt: skip
    for world in worlds:
        kinds = ["dark", "reference"] * 5 + ["dark"]
        darks = simulate_sightings(
            world, EPOCHS, kinds=kinds, leftover_cosmic_rays=50, unseen_share=0.02, seed=5
        )
        for record in records_of(darks):
            store.keep(record)
    visit = folder / "visit"
    visit.mkdir()
    for name, path in write_visit(make_world(), visit).items():
        if name != "integrations":
            ingest_file(store, path)
    return store.folder


@pytest.fixture(scope="session")
def material(ledger):
    """As of the ledger, with a MASK of NRS1 IRS2 that flags every third pixel of its list."""
    read = read_material(ledger, Asked(command="hotpix report"))
    modes = [
        replace(mode, deliveries=(_delivery(mode),)) if mode.name == "NRS1 IRS2" else mode
        for mode in read.modes
    ]
    return replace(read, modes=tuple(modes))


def _delivery(mode):
    chip = get_detector("NRS1")
    bits = np.zeros(chip.shape, np.uint32)
    bits[mode.pixels.y[::3], mode.pixels.x[::3]] = 1
    mask = Mask(
        name=MASK_NAME, useafter="2022-11-17T00:00:00", readout="IRS2",
        window=Window(detector=chip, shape=chip.shape), bits=bits, values={"DO_NOT_USE": 1},
        source=MASK_NAME,
    )  # fmt: skip
    return Delivery(mask=mask, since=NEW_MASK)


@pytest.fixture(scope="session")
def page_file(material, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_report(material, path)
    return path


@pytest.fixture(scope="session")
def browser():
    """Chromium; where it is missing tests are skipped, but not where changes are checked."""
    is_checked = os.environ.get("CI") == "true"
    chromium = shutil.which("chromium")
    if chromium is None:
        message = "chromium is not installed: apt-get install chromium"
        pytest.fail(message) if is_checked else pytest.skip(message)
    if is_checked:
        pass
    else:
        pytest.importorskip("playwright.sync_api")
    from playwright.sync_api import sync_playwright

    quiet = (
        *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
        *("--disable-background-networking", "--disable-component-update"),
    )
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=quiet)
        yield opened
        opened.close()


class Watched:
    """A page that remembers what went wrong in it, and what it asked the network for."""

    def __init__(self, browser, path, **context):
        # Dates are UTC wherever the reader is; a page that scrolls is no place to click.
        self.context = browser.new_context(
            timezone_id="America/New_York", reduced_motion="reduce", **context
        )
        self.page = self.context.new_page()
        self.errors, self.requests = [], []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._heard)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_function("globalThis.hotpix?.isReady")

    def _heard(self, message):
        if message.type in ("error", "warning"):
            self.errors.append(message.text)


@pytest.fixture(scope="session")
def open_page(browser, page_file):
    """Open the page in a window of its own."""
    opened = []

    def open_one(width=1280, height=1000, scheme="light", path=page_file):
        window = {"width": width, "height": height}
        opened.append(Watched(browser, path, viewport=window, color_scheme=scheme))
        return opened[-1]

    yield open_one
    for one in opened:
        one.context.close()


@pytest.fixture(scope="module")
def page(open_page):
    """One page per module, opened at 1280 pixels in light colors."""
    watched = open_page()
    yield watched.page
    assert watched.errors == []
