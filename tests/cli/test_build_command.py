"""``hotpix build``: a list of a ledger, or what is wrong."""

import json

import asdf
import numpy as np
import pytest
from click.testing import CliRunner

from darks import rate_hdus, write
from jwst_hotpix.cli.build import command
from jwst_hotpix.history.assumptions import DEFAULT
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from patterns import FORTNIGHT


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    folder = tmp_path_factory.mktemp("build")
    for dark, epoch in enumerate(FORTNIGHT[:5]):
        hot = {(10, 100): 5.0} if dark < 2 else {(10, 100): 5.0, (20, 300): 7.0}
        path = write(folder / f"{dark}_rate.fits", rate_hdus(epoch, seed=dark, hot=hot))
        ingest_file(Ledger(folder / "ledger"), path)
    return folder / "ledger"


def run_build(ledger, output, *options):
    arguments = [str(ledger), "--detector", "nrs1", "--readout", "trad", "-o", str(output)]
    return CliRunner().invoke(command, [*arguments, *options])


def test_build_writes_a_list_of_a_ledger(tmp_path, ledger):
    result = run_build(ledger, tmp_path / "list.asdf", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["n_centers"], told["n_neighbors"], told["n_rings"]) == (2, 0, 0)
    assert (told["n_telegraph"], told["n_recovered"], told["n_exposures"]) == (0, 0, 5)
    pixels = asdf_file.read(tmp_path / "list.asdf")
    np.testing.assert_allclose(pixels.rate, [5.0, 7.0], rtol=0.05)
    assert pixels.onset_latest.tolist() == [FORTNIGHT[0], FORTNIGHT[2]]


def test_a_list_as_of_a_date_knows_nothing_later(tmp_path, ledger):
    result = run_build(ledger, tmp_path / "list.asdf", "--as-of", "2023-03-15", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["n_exposures"] == 2
    assert len(asdf_file.read(tmp_path / "list.asdf")) == 1


def test_building_twice_gives_the_same_pixels(tmp_path, ledger):
    for name in ("one.asdf", "two.asdf"):
        run_build(ledger, tmp_path / name)
    one, two = (asdf_file.read(tmp_path / name) for name in ("one.asdf", "two.asdf"))
    assert one.digest() == two.digest()
    assert one.provenance == two.provenance


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--detector", "NRS9"], "detector: expected one of"),
        (["--detector", "NRS2"], "no records of NRS2 TRAD"),
        (["--readout", "irs2"], "no records of NRS1 IRS2"),
        (["--as-of", "2020-01-01"], "known by"),
        (["--threshold", "-1"], "'--threshold': -1.0 is not in the range x>0"),
    ],
)
def test_build_names_what_is_wrong_and_writes_nothing(tmp_path, ledger, options, message):
    result = run_build(ledger, tmp_path / "list.asdf", *options)
    assert result.exit_code != 0
    assert message in f"{result.exception} {result.output}"
    assert not list(tmp_path.iterdir())


def test_build_explains_what_it_assumes_and_lists_carry_the_digest(tmp_path, ledger):
    result = CliRunner().invoke(command, ["--explain"])
    assert result.exit_code == 0, result.output
    for name, meaning in DEFAULT.explained().items():
        assert f"{name} = " in result.output
        assert meaning in " ".join(result.output.split())
    run_build(ledger, tmp_path / "list.asdf")
    with asdf.open(tmp_path / "list.asdf") as file:
        assert file["meta"]["hotpix"]["assumptions"] in result.output
    assert asdf_file.read(tmp_path / "list.asdf").provenance.assumptions == DEFAULT.digest()
