"""``hotpix ingest --group-time``: for DARKs that do not say how long their groups take."""

from click.testing import CliRunner

from darks import HOT, reference_hdus, write
from jwst_hotpix.cli.ingest import command
from jwst_hotpix.ledger.ledger import Ledger


def test_a_group_time_that_nothing_gives_can_be_given(tmp_path):
    hdus = reference_hdus((), SUBARRAY="GENERIC")
    del hdus[0].header["TGROUP"]
    arguments = [str(tmp_path / "ledger"), str(write(tmp_path / "x.fits", hdus))]
    refused = CliRunner().invoke(command, arguments)
    assert refused.exit_code == 1
    assert "not known: give it in seconds (--group-time)" in refused.output
    done = CliRunner().invoke(command, [*arguments, "--group-time", "10"])
    assert done.exit_code == 0, done.output
    (record,) = Ledger(tmp_path / "ledger").records("NRS1")
    assert record.facts["group_time"] == 10
    assert abs(record.rate.max() - max(HOT.values())) < 0.01
