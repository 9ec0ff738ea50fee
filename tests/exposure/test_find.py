"""The files that a command is given: by name, in lists, or as folders."""

import io

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.cli import audit, discover, ingest, reprocess, ta, trend
from jwst_hotpix.exceptions import PathError
from jwst_hotpix.exposure.find import Dated, expand, expand_dated, gather, line_of
from jwst_hotpix.tools.dates import mjd

OF_INGEST = {
    "kinds": ["rate", "rateints", "dark", "uncal"],
    "reference": "dark",
    "one_per_exposure": True,
}


@pytest.fixture
def folder(tmp_path):
    """A folder as it comes from an archive, with more than exposures in it."""
    for name in (
        "jw1_uncal.fits", "jw1_rate.fits", "jw1_rateints.fits", "jw1_x1d.fits", "jw1.asdf",
        "deeper/jw2_rate.fits.gz", "deeper/jw2_cal.fits", "jw3_ramp.fits",
        "jwst_nirspec_dark_0046.fits", "jwst_nirspec_mask_0074.fits", ".work/jw4_uncal.fits",
    ):  # fmt: skip
        path = tmp_path / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "archive"


def names(files):
    return [file.name for file in files]


def test_a_folder_stands_for_all_exposures_below_it(folder):
    assert names(expand([folder])) == [
        "jw2_cal.fits", "jw2_rate.fits.gz", "jw1_rate.fits", "jw1_rateints.fits",
        "jw1_uncal.fits", "jw3_ramp.fits",
    ]  # fmt: skip


def test_of_each_exposure_the_first_product_that_is_wanted_is_taken(folder):
    rawest = expand([folder], one_per_exposure=True)
    assert names(rawest) == ["jw1_uncal.fits", "jw3_ramp.fits", "jw2_rate.fits.gz"]
    darks = expand([folder], **OF_INGEST)
    assert names(darks) == ["jw1_rate.fits", "jwst_nirspec_dark_0046.fits", "jw2_rate.fits.gz"]


def test_a_list_stands_for_its_lines_relative_to_the_current_folder(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = ["# found with find", "", "  archive/jw1_x1d.fits ", "any name.fits", "archive/deeper"]
    (tmp_path / "list.txt").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    files = expand(["one.fits", "@list.txt", "@" + str(tmp_path / "list.txt")])
    listed = ["jw1_x1d.fits", "any name.fits", "jw2_cal.fits", "jw2_rate.fits.gz"]
    assert names(files) == ["one.fits", *listed, *listed]
    assert [str(file) for file in files[1:3]] == ["archive/jw1_x1d.fits", "any name.fits"]


def test_each_file_is_gathered_once_even_if_links_lead_to_it(folder, tmp_path):
    link, circle = tmp_path / "link.fits", tmp_path / "circle.fits"
    link.symlink_to(folder / "jw1_rate.fits")
    circle.symlink_to(circle)
    files, repeated = gather([folder / "jw1_rate.fits", link, circle])
    assert (names(files), repeated) == (["jw1_rate.fits", "circle.fits"], [link])


@pytest.fixture
def typed(monkeypatch):
    """Put text on standard input."""

    def put(text):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    return put


def test_standard_input_is_read_like_a_list_file(folder, typed):
    typed(f"# found with find\n\n{folder}/jw1_rate.fits\nany name.fits\treleased=2024-05-01\n")
    assert names(expand(["one.fits", "@-"])) == ["one.fits", "jw1_rate.fits", "any name.fits"]


def test_a_line_may_give_the_release_date_of_its_file_or_of_all_in_its_folder(folder, typed):
    dated = "one.fits\treleased=2024-05-01T12:00:00"
    typed("\n".join([dated, "two.fits\tmy own", f"{folder}\treleased=2024-06-01"]))
    one, two, *others = expand_dated(["@-"], ["cal"])
    assert (one.path.name, one.released) == ("one.fits", mjd("2024-05-01T12:00:00"))
    assert (two.path.name, two.released) == ("two.fits", None)
    assert others == [Dated(folder / "deeper" / "jw2_cal.fits", mjd("2024-06-01"))]


@given(st.floats(50000, 80000), st.text("abc #=é-", min_size=1).map(lambda name: f"x{name}x"))
def test_a_written_line_is_read_back(released, name):
    with pytest.MonkeyPatch.context() as patch:
        text = f"{line_of(name, released)}\n{line_of(name, None)}\n"
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        dated, undated = expand_dated(["@-"])
    assert dated.path.name == undated.path.name == name
    assert dated.released == pytest.approx(released, abs=1.1 / 86400)
    assert undated.released is None


def test_an_invalid_release_date_is_reported_with_its_file(typed):
    typed("one.fits\treleased=soon\n")
    with pytest.raises(PathError, match="release date of one.fits: expected an ISO 8601 date"):
        expand_dated(["@-"])


def test_fifty_thousand_files_fit_in_a_list(tmp_path):
    """B10."""
    (tmp_path / "list.txt").write_text("".join(f"jw{n}_uncal.fits\n" for n in range(50_000)))
    files, _ = gather([f"@{tmp_path}/list.txt"])
    assert len(files) == 50_000


def test_what_holds_no_files_is_named(folder, tmp_path):
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    with pytest.raises(PathError, match=r"deeper: no exposures \(\*_uncal.fits\) in this folder"):
        expand([folder / "deeper"], ["uncal"])
    with pytest.raises(PathError, match="/dev/zero: not a text file with a path per line"):
        expand(["@/dev/zero"])
    with pytest.raises(PathError, match="picture.png: not a text file with a path per line"):
        expand([f"@{tmp_path}/picture.png"])


@pytest.mark.parametrize("verb", [audit, discover, ingest, reprocess, ta, trend])
def test_every_verb_that_takes_many_files_takes_lists(verb):
    """B10."""
    arguments = ["ledger"] if verb is ingest else []
    run = CliRunner().invoke(verb.command, [*arguments, "@gone.txt"])
    assert isinstance(run.exception, FileNotFoundError)
    assert str(run.exception.filename) == "gone.txt"
