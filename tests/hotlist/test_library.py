"""Which list of a folder fits an exposure."""

import pytest

from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import MissingListError
from jwst_hotpix.hotlist import asdf_file, library
from jwst_hotpix.hotlist.provenance import Provenance

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")


def _add(folder, name, *, detector="NRS1", readout="TRAD", **origin):
    coverage = origin.pop("coverage", (EPOCH - 500, EPOCH))
    pixels = make_list(
        [1], [1], detector=detector, readout=readout,
        provenance=Provenance(coverage=coverage, **origin),
    )  # fmt: skip
    asdf_file.write(pixels, folder / f"{name}.asdf", HEADER)


def _find(folder, readout="TRAD"):
    return library.find(folder, detector="NRS1", readout=readout, epoch=EPOCH).name


def test_the_newest_darks_win(tmp_path):
    _add(tmp_path, "b-old", coverage=(EPOCH - 500, EPOCH - 100))
    _add(tmp_path, "a-new", coverage=(EPOCH - 500, EPOCH + 100))
    assert _find(tmp_path) == "a-new.asdf"


def test_own_readout_before_pooled_before_the_other(tmp_path):
    _add(tmp_path, "irs2", readout="IRS2", coverage=(EPOCH - 500, EPOCH + 300))
    assert _find(tmp_path) == "irs2.asdf"
    _add(tmp_path, "pooled", readout="POOLED", coverage=(EPOCH - 500, EPOCH + 200))
    assert _find(tmp_path) == "pooled.asdf"
    _add(tmp_path, "trad", coverage=(EPOCH - 500, EPOCH - 100))
    assert _find(tmp_path) == "trad.asdf"


def test_a_complete_list_before_a_supplement(tmp_path):
    _add(tmp_path, "complete", coverage=(EPOCH - 500, EPOCH - 100))
    _add(tmp_path, "supplement", mask="jwst_nirspec_mask_0057.fits")
    assert _find(tmp_path) == "complete.asdf"


def test_a_list_that_reaches_back_to_the_exposure_before_a_newer_one_that_does_not(tmp_path):
    _add(tmp_path, "reaches", coverage=(EPOCH - 10, EPOCH + 10))
    _add(tmp_path, "later", coverage=(EPOCH + 20, EPOCH + 200))
    assert _find(tmp_path) == "reaches.asdf"


def test_the_choice_says_why(tmp_path):
    _add(tmp_path, "one")
    choice = library.find(tmp_path, detector="NRS1", readout="TRAD", epoch=EPOCH)
    assert choice.reason == f"the only list of NRS1 in {tmp_path.name}"


def test_broken_and_foreign_files_are_left_out_and_named(tmp_path, caplog):
    (tmp_path / "broken.asdf").write_bytes(b"#ASDF 1.0")
    _add(tmp_path, "other", detector="NRS2")
    _add(tmp_path, "good")
    assert _find(tmp_path) == "good.asdf"
    assert "broken.asdf" in caplog.text


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_no_fitting_list_is_an_error_that_names_the_folder(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingListError, match=f"library: expected .*|{folder}"):
        _find(tmp_path / folder)


def test_lists_are_read_once_for_all_exposures(tmp_path):
    _add(tmp_path, "trad")
    _add(tmp_path, "irs2", readout="IRS2")
    lists = library.Library.of_folder(tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    for readout in ("TRAD", "IRS2"):
        choice = lists.find(detector="NRS1", readout=readout, epoch=EPOCH)
        assert choice.name == f"{readout.lower()}.asdf"


def test_the_one_list_asked_for_serves_its_detector_only(tmp_path):
    _add(tmp_path, "one")
    one = library.Library.of_list(tmp_path / "one.asdf")
    choice = one.find(detector="NRS1", readout="IRS2", epoch=EPOCH)
    assert (choice.name, choice.reason) == ("one.asdf", "as asked for")
    with pytest.raises(MissingListError, match="expected one of NRS2, found NRS1 in one.asdf"):
        one.find(detector="NRS2", readout="TRAD", epoch=EPOCH)
