"""The hole that a hot pixel of a background exposure leaves, and its absence after the step."""

import re
from pathlib import Path

import numpy as np
import pytest
from jwst.background import BackgroundStep

from helpers import DNU, EPOCH, HOT, make_list, make_rate
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.step import HotPixStep

PAGE = Path(__file__).parents[2] / "docs" / "background.md"
PLACE = (1000, 700)
SOURCE, SKY, DARK = 1.0, 1.0, 20.0


def rate(level, *, hot=False, epoch=EPOCH):
    model = make_rate()
    model.data[:] = level
    model.data[PLACE] += DARK * hot
    model.meta.exposure.mid_time = epoch
    model.meta.instrument.gwa_xtilt = model.meta.instrument.gwa_ytilt = 0.1
    return model


@pytest.fixture
def flag(tmp_path):
    """The step, with a list whose pixel turned hot within fifty days before EPOCH."""
    pixels = make_list(
        [PLACE[0]], [PLACE[1]], rate=DARK, onset_earliest=EPOCH - 50, onset_latest=EPOCH - 10
    )
    path = asdf_file.write(
        pixels, tmp_path / "list.asdf", asdf_file.Header(useafter="2022-07-01T00:00:00")
    )
    return HotPixStep(override_hotpix=str(path)).run


def subtract(science, *backgrounds):
    result = BackgroundStep().run(science, list(backgrounds))
    others = np.delete(result.data, np.ravel_multi_index(PLACE, result.data.shape))
    assert (others == SOURCE).all(), "other pixels"
    return float(result.data[PLACE]), int(result.dq[PLACE])


def test_a_hot_pixel_of_the_background_is_a_hole_until_the_background_is_flagged(flag):
    science, background = rate(SOURCE + SKY, epoch=EPOCH - 100), rate(SKY, hot=True)
    assert subtract(science, background) == (SOURCE - DARK, 0)
    assert subtract(flag(science), background) == (SOURCE - DARK, 0), "not hot on its day"
    value, dq = subtract(flag(science), flag(background))
    assert dq == HOT | DNU
    assert value > 0, "no hole"


def test_a_second_background_gives_the_value_back_but_the_pixel_stays_lost(flag):
    science = rate(SOURCE + SKY, epoch=EPOCH - 100)
    backgrounds = rate(SKY, epoch=EPOCH - 100), rate(SKY, hot=True)
    assert subtract(science, *backgrounds) == (SOURCE - DARK / 2, 0)
    assert subtract(*map(flag, (science, *backgrounds))) == (SOURCE, HOT | DNU)


def test_a_steady_pixel_cancels_in_a_pair_and_a_flickering_one_is_flagged_in_both(flag, tmp_path):
    nods = rate(SOURCE + SKY, hot=True), rate(SKY, hot=True)
    assert subtract(*nods) == (SOURCE, 0)
    quiet = rate(SOURCE + SKY)
    assert subtract(quiet, nods[1]) == (SOURCE - DARK, 0)
    value, dq = subtract(flag(quiet), flag(nods[1]))
    assert np.isnan(value)
    assert dq == HOT | DNU


def test_the_example_of_the_page_prints_what_the_page_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, printed = re.findall(r"```(?:python|text)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102 (our own page)
    assert capsys.readouterr().out == printed
