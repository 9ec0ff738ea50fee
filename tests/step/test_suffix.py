"""Products of the step are called <root>_hotpix.fits, and its own tools know that (C13)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwst.group_scale import GroupScaleStep
from jwst.lib.suffix import KNOW_SUFFIXES
from jwst.lib.suffix import remove_suffix as of_jwst

from helpers import make_list, make_rate
from jwst_hotpix.archive.product_names import product_names
from jwst_hotpix.flag.suffix import remove_suffix
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.pipeline import HotPixDetector1Pipeline
from jwst_hotpix.step import HotPixStep
from saving import save

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
NAMES = st.text(st.sampled_from("abjw019_-"), min_size=1, max_size=12)


@given(NAMES, st.sampled_from("_-"), st.sampled_from(KNOW_SUFFIXES))
def test_known_suffixes_are_removed_as_jwst_does(root, separator, suffix):
    name = f"{root}{separator}{suffix}"
    if not name.endswith(("_hotpix", "-hotpix")):
        assert remove_suffix(name) == of_jwst(name)
    assert remove_suffix(f"{root}{separator}hotpix") == (root, separator)


@pytest.fixture
def flag(tmp_path):
    listed = asdf_file.write(make_list([10], [20]), tmp_path / "l.asdf", HEADER)

    def run(path, **options):
        return HotPixStep.call(
            str(path), override_hotpix=str(listed), save_results=True, output_dir=str(tmp_path),
            **options,
        )  # fmt: skip

    return run


def names(folder):
    return sorted(path.name for path in folder.glob("*.fits"))


def test_the_product_has_the_suffix_of_the_step_or_the_one_asked_for(tmp_path, flag):
    rate = save(make_rate(), tmp_path / "exp_rate.fits")
    flag(rate)
    assert names(tmp_path) == ["exp_hotpix.fits", "exp_rate.fits"]
    flag(rate, suffix="flagged")
    assert "exp_flagged.fits" in names(tmp_path)


def test_flagging_a_product_again_gives_the_same_name_and_pixels(tmp_path, flag):
    flag(save(make_rate(), tmp_path / "exp_rate.fits"))
    first = flag(tmp_path / "exp_hotpix.fits", save_supplement=False)
    again = flag(tmp_path / "exp_hotpix.fits")
    assert names(tmp_path) == ["exp_hotpix.fits", "exp_rate.fits"]
    np.testing.assert_array_equal(first.dq, again.dq)
    np.testing.assert_array_equal(first.data, again.data)


def test_the_pipeline_names_its_products_without_it_and_jwst_does_not():
    pipeline = HotPixDetector1Pipeline()
    assert pipeline.make_output_path("x_hotpix.fits", suffix="rate") == "x_rate.fits"
    assert product_names("x_hotpix.fits", raw=True)[0] == "x_rate.fits"
    # As the docs warn.
    assert GroupScaleStep().make_output_path("x_hotpix.fits", suffix="cal") == "x_hotpix_cal.fits"
