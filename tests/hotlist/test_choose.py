"""Which list an exposure gets, and why."""

import pytest

from helpers import EPOCH, make_list, make_rate
from jwst_hotpix.exceptions import FrameMismatchError, MissingListError
from jwst_hotpix.exposure.in_memory import describe_model
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.hotlist.provenance import Provenance

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")


def _add(folder, name, *, detector="NRS1", readout="TRAD", **origin):
    coverage = origin.pop("coverage", (EPOCH - 500, EPOCH))
    pixels = make_list(
        [1], [1], detector=detector, readout=readout,
        provenance=Provenance(coverage=coverage, **origin),
    )  # fmt: skip
    return asdf_file.write(pixels, folder / f"{name}.asdf", HEADER)


def _exposure(**header):
    return describe_model(make_rate((2048, 2048), **header))


def _choose(folder, **header):
    return Lists(folder=folder).choose(_exposure(**header))


def _find(folder):
    return _choose(folder).name


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


def test_the_reason_is_what_decided(tmp_path):
    def reason():
        return _choose(tmp_path).reason.removesuffix(f" in {tmp_path}")

    _add(tmp_path, "a-irs2", readout="IRS2")
    assert reason() == "the only list for NRS1 IRS2"
    _add(tmp_path, "b-pooled", readout="POOLED")
    assert reason() == "the only list for NRS1 POOLED, as there is none for TRAD,"
    _add(tmp_path, "c-part", mask="jwst_nirspec_mask_0057.fits")
    assert reason() == "the only list for NRS1 TRAD"
    _add(tmp_path, "d-late", coverage=(EPOCH + 20, EPOCH + 200))
    assert reason() == "the only one of 2 lists for NRS1 TRAD that is not a supplement"
    _add(tmp_path, "e-old", coverage=(EPOCH - 500, EPOCH - 90))
    why = "the only one of 2 lists for NRS1 TRAD whose darks begin before the exposure"
    assert reason() == why
    _add(tmp_path, "f-new", coverage=(EPOCH - 400, EPOCH - 10))
    assert reason() == "the newest of 2 lists for NRS1 TRAD"
    _add(tmp_path, "g-more", coverage=(EPOCH - 400, EPOCH - 10), n_exposures=9)
    assert reason().startswith("the one made from most darks among 2 equally new lists")
    _add(tmp_path, "h-same", coverage=(EPOCH - 400, EPOCH - 10), n_exposures=9)
    assert reason() == "the last by name of 2 equal lists for NRS1 TRAD"
    assert _find(tmp_path) == "h-same.asdf"


def test_broken_and_foreign_files_are_ignored_and_named(tmp_path, caplog):
    # FIELD D10.
    (tmp_path / "broken.asdf").write_bytes(b"#ASDF 1.0")
    _add(tmp_path, "other", detector="NRS2")
    _add(tmp_path, "good")
    assert _find(tmp_path) == "good.asdf"
    assert "broken.asdf" in caplog.text


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("empty", "no hot pixel list for NRS1 in .*empty: it holds no lists"),
        ("other", "no hot pixel list for NRS1 in .*other: there are lists for NRS2"),
        ("missing", "missing: there is no such folder of lists"),
    ],
)
def test_no_fitting_list_is_an_error_that_names_the_folder(tmp_path, folder, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    _add(tmp_path / "other", "list", detector="NRS2")
    with pytest.raises(MissingListError, match=message):
        _find(tmp_path / folder)


def test_lists_are_read_once_for_all_exposures(tmp_path):
    _add(tmp_path, "trad")
    _add(tmp_path, "irs2", readout="IRS2")
    lists = Lists(folder=tmp_path)
    patterns = {"irs2": "NRSIRS2", "trad": "NRSRAPID"}
    choices = {}
    for name, readpatt in patterns.items():
        choices[name] = lists.choose(_exposure(readpatt=readpatt))
        for path in tmp_path.iterdir():
            path.unlink()
    for name, choice in choices.items():
        assert (choice.name, choice.path) == (f"{name}.asdf", str(tmp_path / f"{name}.asdf"))
        assert choice.pixels.readout == name.upper()


def test_the_one_list_asked_for_serves_its_detector_only(tmp_path):
    lists = Lists(_add(tmp_path, "one"), tmp_path / "a folder that nobody looks into")
    choice = lists.choose(_exposure(readpatt="NRSIRS2"))
    assert (choice.name, choice.reason) == ("one.asdf", "as asked for")
    assert choice.misfit("TRAD") == ""
    assert choice.misfit("IRS2") == "the list was built for TRAD but the exposure is IRS2"
    with pytest.raises(FrameMismatchError, match="fits: one.asdf is a list for NRS1, not for NRS2"):
        lists.choose(_exposure(detector="NRS2"))


def test_a_pooled_list_fits_both_readout_modes(tmp_path):
    choice = Lists(_add(tmp_path, "one", readout="POOLED")).choose(_exposure())
    assert choice.misfit("TRAD") == choice.misfit("IRS2") == ""


def test_the_environment_names_the_folder_where_none_is_given(tmp_path, monkeypatch):
    _add(tmp_path, "one")
    monkeypatch.setenv("JWST_HOTPIX_LIBRARY", str(tmp_path))
    assert Lists().choose(_exposure()).name == "one.asdf"
    with pytest.raises(MissingListError, match="other: there is no such folder"):
        Lists(folder=tmp_path / "other").choose(_exposure())


def test_without_any_place_to_look_the_error_names_them_all():
    for ask in (Lists().require_any, lambda: Lists().choose(_exposure())):
        with pytest.raises(MissingListError, match=r"--list.*--library, \$JWST_HOTPIX_LIBRARY"):
            ask()
