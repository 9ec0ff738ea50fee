"""Whatever a ledger holds, the page says so and is whole."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from click.testing import CliRunner

from helpers import make_list
from jwst_hotpix.cli.report import command as report
from jwst_hotpix.exceptions import LedgerError, ListFormatError
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.report.contents import SECTIONS
from jwst_hotpix.report.material import Asked
from jwst_hotpix.report.read_material import read_material
from jwst_hotpix.report.write_report import write_report
from ledgers import EPOCHS, draw_world, keep, write_masks
from worlds import ESA, STSCI

EVIL = "<script>alert(1)<\\script>&\"'"


class Reader(HTMLParser):
    """What a browser makes of a page: its elements, its text, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words, self.loads = [], [], [], []
        self.feed(text)
        assert not self.open, "an element is not closed"

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [value for name, value in attrs if name in {"src", "href", "srcset"}]
        if tag not in {"meta", "link", "br", "input", "option"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag != "option":
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self):
        return re.sub(r"[ \n]+", " ", "".join(self.words))


def page_of(folder, tmp_path, **asked):
    path = tmp_path / "page.html"
    write_report(read_material(folder, Asked(**asked), damaged=[]), path)
    return Reader(path.read_text())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("some") / "ledger", draw_world(), EPOCHS[::4])


def test_an_empty_ledger_is_a_page_that_says_so_without_bokeh(tmp_path):
    (tmp_path / "ledger").mkdir()
    page = page_of(tmp_path / "ledger", tmp_path)
    assert "holds no evidence: no darks, no references, no science exposures" in page.text
    assert f"hotpix ingest {tmp_path / 'ledger'} FILE…" in page.text
    assert (tmp_path / "page.html").stat().st_size < 50_000


def test_a_missing_ledger_is_an_error(tmp_path):
    with pytest.raises(LedgerError, match="no such ledger"):
        page_of(tmp_path / "nothing", tmp_path)


def test_a_detector_without_evidence_is_named(ledger, tmp_path):
    page = page_of(ledger, tmp_path, detector="NRS2")
    assert "holds no evidence of NRS2" in page.text
    assert "Hot pixels of NRS2" in page.text


def test_one_look_has_no_growth_and_no_births(tmp_path):
    page = page_of(keep(tmp_path / "ledger", draw_world(), EPOCHS[:1]), tmp_path)
    assert "No growth: NRS1 TRAD, single darks: epochs: expected at least two" in page.text
    assert "less than 240 days" in page.text
    assert "Hot pixels of NRS1 on 2023-02-25" in page.text


def test_a_damaged_record_is_named_and_the_rest_counts(ledger, tmp_path):
    copy = tmp_path / "ledger"
    for record in Ledger(ledger).records("NRS1"):
        Ledger(copy).keep(record)
    broken = sorted(copy.rglob("*.parquet"))[1]
    broken.write_bytes(broken.read_bytes()[:500])
    page = page_of(copy, tmp_path)
    assert "1 record or input could not be used" in page.text
    assert broken.name in page.text
    assert "NRS1 TRAD: 4 exposures" in page.text
    with pytest.raises(LedgerError, match=broken.name):
        read_material(copy, Asked())


def test_the_page_of_an_earlier_day_knows_only_what_was_known(ledger, tmp_path):
    page = page_of(ledger, tmp_path, as_of=EPOCHS[4] + 1)
    assert "NRS1 TRAD: 2 exposures" in page.text
    assert "the date is as asked for" in page.text
    early = page_of(ledger, tmp_path, as_of=EPOCHS[0] - 1)
    assert "holds no evidence known by 2023-02-24" in early.text


def test_growth_since_a_date_uses_later_darks_only(ledger, tmp_path):
    page = page_of(ledger, tmp_path, since=EPOCHS[8])
    assert "Only darks from 2023-08-04 on are used" in page.text
    assert read_material(ledger, Asked(since=EPOCHS[8])).growth.trends[0].series.epoch.size == 3


def test_a_list_without_dates_of_its_darks_is_shown(ledger):
    material = read_material(ledger, Asked())
    undated = make_list([5, 6], [7, 8], readout="TRAD")
    (mode,) = material.modes
    dateless = replace(material, modes=(replace(mode, pixels=undated),))
    for make in SECTIONS:
        assert make(dateless).title


def test_markup_in_names_and_headers_stays_text(tmp_path):
    # FIELD: what a header holds may be anything.
    world = draw_world()
    folder = tmp_path / EVIL
    keep(folder, world, EPOCHS[:8:2], ESA | {"author": EVIL})
    keep(folder, world, EPOCHS[8::2], STSCI | {"author": "</script><b>"})
    (mask,) = write_masks(world, tmp_path, [EPOCHS[5]])
    evil = mask.rename(tmp_path / f"{EVIL}.fits")
    page = page_of(folder, tmp_path, masks=[evil], command=EVIL)
    plain = page_of(keep(tmp_path / "ledger", world, EPOCHS[::2]), tmp_path)
    assert set(page.tags) == set(plain.tags) | {"code"}
    assert page.tags.count("script") == plain.tags.count("script")
    assert f"author {EVIL} → </script><b>" in page.text
    assert f"{EVIL}.fits" in page.text


def test_a_mask_without_a_date_or_of_a_subarray_is_refused(ledger, tmp_path):
    from astropy.io import fits

    (mask,) = write_masks(draw_world(), tmp_path, [EPOCHS[5]])
    with fits.open(mask, mode="update") as file:
        file[0].header["USEAFTER"] = ""
    with pytest.raises(ListFormatError, match=r"mask_NRS1_TRAD_0.fits: date \(USEAFTER\)"):
        page_of(ledger, tmp_path, masks=[mask])


def test_the_page_loads_nothing(ledger, tmp_path):
    page = page_of(ledger, tmp_path)
    assert all(link.startswith(("#", "data:")) for link in page.loads)
    text = (tmp_path / "page.html").read_text()
    assert "default-src 'none'" in text
    assert "bokeh-tables" not in text


def test_a_hundred_thousand_pixels_fit_a_page(tmp_path):
    page = page_of(keep(tmp_path / "l", draw_world(stock=95_000), EPOCHS[:3]), tmp_path)
    found = re.search(r"NRS1 TRAD: 3 exposures, ([\d\u202f]+) entries", page.text)
    assert int(found[1].replace("\u202f", "")) > 100_000
    assert (tmp_path / "page.html").stat().st_size < 6_000_000


def test_a_ta_flat_newer_than_the_evidence_has_no_risk(ledger, tmp_path):
    page = page_of(ledger, tmp_path, ta_flat=EPOCHS[-1] + 100)
    assert "the TA flat, made from darks of 2024-06-19, is newer than the evidence" in page.text


def test_the_date_of_the_ta_flat_is_asked_for_where_there_is_no_mask(ledger, tmp_path):
    assert "give it with --ta-flat" in page_of(ledger, tmp_path).text


def test_other_detectors_have_a_page_without_nirspecs_numbers(ledger, tmp_path):
    for record in Ledger(ledger).records("NRS1"):
        window = replace(record.window, detector=get_detector("NRCALONG"))
        Ledger(tmp_path / "nircam").keep(replace(record, window=window))
    page = page_of(tmp_path / "nircam", tmp_path)
    assert "Hot pixels of NRCALONG" in page.text
    assert "no NIRSpec evidence in TRAD" in page.text
    assert "published" not in page.text.partition("Table 1 as of today")[2].partition("All fits")[0]


def test_a_threshold_of_the_user_counts(ledger):
    high = read_material(ledger, Asked(threshold=10.0)).modes[0]
    low = read_material(ledger, Asked()).modes[0]
    assert high.pixels.threshold == 10.0
    assert 0 < np.sum(high.active) < np.sum(low.active)


def test_a_page_is_not_overwritten_and_ends_in_html(ledger, tmp_path):
    there = tmp_path / "page.html"
    there.write_text("mine")
    for path in (there, tmp_path / "page.txt"):
        result = CliRunner().invoke(report, [str(ledger), "-o", str(path)])
        assert result.exit_code
    assert there.read_text() == "mine"
    replaced = CliRunner().invoke(report, [str(ledger), "-o", str(there), "--overwrite", "--json"])
    assert json.loads(replaced.stdout)["bytes"] == there.stat().st_size
