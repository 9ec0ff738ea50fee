"""Times of frames and groups, and which patterns and subarrays go together."""

import asdf
import pytest
from astropy.io import fits

from helpers import make_list
from jwst_hotpix.exceptions import FrameMismatchError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.readouts import (
    IRS2,
    PATTERNS,
    TRAD,
    frame_time,
    group_time,
    patterns_of,
)
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.target_acq import GROUP_TIMES

ONE_OUTPUT = (
    *("ALLSLITS", "SUBS200A1", "SUBS200A2", "SUBS200B1", "SUBS400A1"),
    *("SUB2048", "SUB1024A", "SUB1024B", "SUB512", "SUB512S", "SUB32"),
)


# Full frame: TFRAME of flight exposures. Subarrays: PandExo, engine/justdoit.py.
@pytest.mark.parametrize(
    ("subarray", "seconds"),
    [
        ("FULL", 10.73677),
        ("SUB2048", 0.90156),
        ("SUB1024A", 0.451),
        ("SUB1024B", 0.451),
        ("SUB512", 0.22572),
        ("SUB512S", 0.14392),
    ],
)
def test_frame_times_are_the_published_ones(subarray, seconds):
    assert frame_time(subarray) == seconds
    assert group_time("NRSRAPID", subarray) == seconds


# TGROUP of flight exposures.
@pytest.mark.parametrize(
    ("readpatt", "seconds"),
    [
        ("NRSRAPID", 10.73677),
        ("NRSRAPIDD1", 21.47354),
        ("NRSRAPIDD2", 32.21031),
        ("NRSRAPIDD6", 75.15739),
        ("NRS", 42.94708),
        ("NRSIRS2RAPID", 14.58889),
        ("NRSIRS2", 72.94445),
    ],
)
def test_group_times_of_the_full_frame_are_the_published_ones(readpatt, seconds):
    assert group_time(readpatt, "FULL") == pytest.approx(seconds, abs=1e-5)


@pytest.mark.parametrize("subarray", ["FULL", *ONE_OUTPUT])
@pytest.mark.parametrize("readpatt", PATTERNS)
def test_every_legal_pair_has_a_group_time_and_no_other(readpatt, subarray):
    legal = subarray == "FULL" or readpatt in patterns_of(TRAD)
    if legal:
        assert group_time(readpatt.lower(), subarray.lower()) >= frame_time("SUB32")
        return
    with pytest.raises(FrameMismatchError, match=f"{subarray}: IRS2 is read in full frame only"):
        group_time(readpatt, subarray)


@pytest.mark.parametrize(
    ("readpatt", "subarray", "message"),
    [
        (None, "FULL", "readout pattern: expected one of .*NRSRAPID, .*found None"),
        ("FASTR1", "FULL", "readout pattern: .*found FASTR1"),
        ("NRSRAPID", None, "subarray: expected one of FULL, ALLSLITS, .*found None"),
        ("NRSRAPID", "SUB64", "subarray: .*found SUB64"),
    ],
)
def test_an_unknown_pattern_or_subarray_is_named(readpatt, subarray, message):
    with pytest.raises(FrameMismatchError, match=message):
        group_time(readpatt, subarray)


def test_the_readout_mode_of_a_pattern_is_the_same_wherever_it_is_asked_for():
    for readpatt, pattern in PATTERNS.items():
        assert get_detector("NRS2").readout_of(readpatt) == pattern.readout
    assert {*patterns_of(IRS2), *patterns_of(TRAD)} == set(PATTERNS)
    # No other detector interleaves reference pixels, whatever a header claims.
    assert get_detector("NRCA1").readout_of("NRSIRS2") == TRAD


def test_target_acquisition_and_simulation_take_the_same_times(tmp_path):
    assert dict(GROUP_TIMES) == pytest.approx(
        {"NRSRAPID": 10.73677, "NRSRAPIDD6": 75.15739, "SUB32": 0.01496}
    )
    world = World.quiet(detector="NRS1", readout="TRAD")
    path = write_dark_rate(tmp_path / "dark.fits", world, start=60000.0, subarray="SUB512")
    header = fits.getheader(path)
    assert header["TFRAME"] == frame_time("SUB512") == 0.22572


@pytest.mark.parametrize(
    ("readout", "patterns"),
    [
        ("IRS2", "NRSIRS2|NRSIRS2RAPID|"),
        ("TRAD", "NRS|NRSRAPID|NRSRAPIDD1|NRSRAPIDD2|NRSRAPIDD6|"),
        ("POOLED", "ANY|"),
    ],
)
def test_a_list_serves_all_patterns_of_its_readout_mode(tmp_path, readout, patterns):
    pixels = make_list([5], [5], readout=readout)
    path = asdf_file.write(pixels, tmp_path / "list.asdf", asdf_file.Header(useafter="2022-07-01"))
    with asdf.open(path) as file:
        assert file["meta"]["exposure"]["p_readpatt"] == patterns
