"""The page has the numbers of the verbs that answer the same questions."""

import json
import re
from html import unescape

import pytest
from click.testing import CliRunner

from jwst_hotpix.cli.build import command as build
from jwst_hotpix.cli.reconcile import command as reconcile
from jwst_hotpix.cli.report import command as report
from jwst_hotpix.cli.show import command as show
from jwst_hotpix.cli.supplement import command as supplement
from jwst_hotpix.cli.ta import command as ta
from jwst_hotpix.cli.trend import command as trend
from jwst_hotpix.report.material import Asked
from jwst_hotpix.report.read_material import read_material
from jwst_hotpix.report.standing import Standing
from jwst_hotpix.report.ta_risk import ta_risk
from jwst_hotpix.report.words import count, percent, share
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.tools.proportion import Proportion
from ledgers import KNOWN, draw_world, keep, write_masks


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    world = draw_world()
    keep(folder / "ledger", world)
    keep(folder / "ledger", draw_world("NRS2", "IRS2"))
    write_masks(world, folder)
    return folder


@pytest.fixture(scope="module")
def masks(place):
    return sorted(place.glob("mask_*.fits"))


@pytest.fixture(scope="module")
def material(place, masks):
    return read_material(place / "ledger", Asked(masks=masks))


@pytest.fixture(scope="module")
def words(place, masks):
    page = place / "page.html"
    given = [word for mask in masks for word in ("--mask", mask)]
    printed = run(report, place / "ledger", "-o", page, *given)
    assert printed == {"page": str(page), "bytes": page.stat().st_size}
    return words_of(page.read_text())


def words_of(page):
    text = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def run(command, *words):
    result = CliRunner().invoke(command, [*map(str, words), "--json"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def build_trad(place, name, *words):
    options = ("--detector", "NRS1", "--readout", "trad", "--overwrite", *words)
    run(build, place / "ledger", "-o", place / name, *options)
    return place / name


def test_there_is_a_mode_for_each_detector_and_readout_with_evidence(material, words):
    assert [mode.name for mode in material.modes] == ["NRS1 TRAD", "NRS2 IRS2"]
    assert "Hot pixels of NRS1 and NRS2 on 2024-03-11" in words
    assert "none of the MASKs given is of this detector and readout mode" in words


def test_hot_pixels_are_those_of_show(place, material, words):
    mode = material.modes[0]
    shown = run(show, build_trad(place, "a.asdf"), "--at", iso(mode.last))
    now = Standing.of(mode)
    assert now.n_hot == shown["n_pixels"]
    assert now.n_centers == shown["n_centers"] + shown["n_rings"]
    assert f"{count(now.n_centers)} pixels were hot" in words
    born, error = shown["growth_per_month"], shown["growth_error"]
    assert (now.births.per_month, now.births.error) == (born, error)
    assert f"{born:.1f} ± {error:.1f} recovered {now.recoveries}" in words


def test_unmasked_pixels_are_those_of_a_supplement_to_the_newest_mask(place, masks, material):
    from jwst_hotpix.hotlist import asdf_file

    mode = material.modes[0]
    assert mode.newest.mask.name == masks[-1].name
    extra = place / "extra.asdf"
    run(supplement, build_trad(place, "b.asdf"), "--mask", masks[-1], "-o", extra, "--overwrite")
    listed = asdf_file.read(extra)
    assert Standing.of(mode).n_unmasked == listed.active(mode.last).sum() > 0


def test_predictions_are_births_times_months_with_their_scatter(material):
    now = Standing.of(material.modes[0])
    then = now.unmasked_after(4.0)
    born = 4.0 * now.births.per_month
    assert then.number == pytest.approx(now.n_unmasked + born)
    assert then.error**2 == pytest.approx(born + (4.0 * now.births.error) ** 2)


def test_net_growth_is_that_of_trend(place, material, words):
    rows = run(trend, place / "ledger")["rows"]
    assert material.growth.to_dict()["rows"] == rows
    for row in rows:
        assert f"{row['per_month']:.1f} ± {row['error']:.1f}" in words
    # Table 1 of the report, NRS1 TRAD.
    for published in (64, 48, 25, 5):
        assert f"published {published} " in words


def test_the_score_of_a_delivery_is_that_of_reconcile_with_the_list_of_its_day(
    place, masks, material, words
):
    applies = iso(KNOWN[1] + 20, "seconds")
    listed = build_trad(place, "c.asdf", "--as-of", applies)
    told = run(reconcile, listed, "--old-mask", masks[0], "--new-mask", masks[1])
    _, delivery = material.modes[0].deliveries
    assert delivery.score.to_dict() == told
    assert told["confirmed"] > 50
    found = Proportion(part=told["confirmed"], total=told["added"])
    assert share(found) in words


def test_the_risk_is_that_of_ta_today_and_a_year_after_the_flat(place, material, words):
    risk = ta_risk(material)
    assert risk.since == KNOWN[1] + 20
    months = (risk.update - material.modes[0].last) / 30.4375
    told = run(
        ta, "--list", build_trad(place, "d.asdf"), "--since", iso(risk.since), "--months", months
    )
    assert risk.now.odds.any_probability == told["any_probability"] > 0
    assert risk.now.ahead.any_probability == pytest.approx(told["ahead_any_probability"])
    assert f"at least one of 8 stars with {percent(told['any_probability'])}" in words


def test_digests_are_those_of_the_list(place, material, words):
    listed = run(show, build_trad(place, "e.asdf"))
    assert listed["digest"] in words
    assert material.modes[0].pixels.provenance.ledger in words
    assert material.modes[0].pixels.provenance.assumptions in words
