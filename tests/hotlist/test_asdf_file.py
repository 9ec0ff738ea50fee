"""The ASDF list: readable by anybody, refused when anything is wrong."""

import re
import subprocess
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import asdf
import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import EPOCH, make_list
from jwst_hotpix.exceptions import FrameMismatchError, ListFormatError, MissingListError
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.datamodel import HotPixModel
from jwst_hotpix.hotlist.parse import parse
from jwst_hotpix.hotlist.pixellist import COLUMNS
from jwst_hotpix.hotlist.provenance import Provenance
from jwst_hotpix.hotlist.schema import SCHEMA

HEADER = asdf_file.Header(useafter="2022-07-01T00:00:00")
ORIGIN = Provenance(
    pedigree="SIMULATION", coverage=(59000.0, EPOCH), as_of=EPOCH, n_exposures=12, ledger="ab" * 32,
    growth_per_month=64.0, growth_error=2.5, mask="m.fits", mask_useafter="2022-07-01T00:00:00",
)  # fmt: skip
SCHEMA_FILE = files("jwst_hotpix") / "resources" / "schemas" / f"{SCHEMA}.yaml"


@pytest.fixture
def path(tmp_path):
    pixels = make_list([3, 5], [9, 1], rate=[np.nan, 7.5], provenance=ORIGIN)
    return asdf_file.write(pixels, tmp_path / "list.asdf", HEADER)


def _change(path, **changes):
    """Write the list anew with some nodes of its tree replaced or removed."""
    with asdf.open(path, lazy_load=False, memmap=False) as file:
        tree = file.tree.copy()
    for dotted, value in changes.items():
        *parents, last = dotted.split("__")
        node = tree
        for key in parents:
            node = node[key]
        if value is None:
            del node[last]
        else:
            node[last] = value
    asdf.AsdfFile(tree).write_to(path)


def test_what_is_written_is_what_is_read(path):
    pixels = asdf_file.read(path)
    assert pixels.digest() == make_list([3, 5], [9, 1], rate=[np.nan, 7.5]).digest()
    assert pixels.provenance == ORIGIN


def test_plain_asdf_reads_it_without_warning_and_needs_no_extension_but_its_own(path):
    code = (
        "import asdf\n"
        f"with asdf.open({str(path)!r}) as f:\n"
        "    print(f['pixels']['x'][:].tolist(), f['meta']['reftype'])\n"
        "    print({e['software']['name'] for e in f['history']['extensions']})\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    # asdf warns where a package of this list is not installed.
    assert run.stdout.splitlines() == ["[9, 1] hotpix", "{'asdf'}"]


def test_the_datamodel_finds_it_valid(path):
    with HotPixModel(str(path), strict_validation=True) as model:
        model.validate()
        assert model.meta.exposure.p_readpatt == "NRS|NRSRAPID|NRSRAPIDD1|NRSRAPIDD2|NRSRAPIDD6|"
        assert asdf_file.read(model).digest() == asdf_file.read(path).digest()
        assert asdf_file.name_of(model) == "list.asdf"


def test_the_same_list_gives_the_same_bytes_but_for_the_date(tmp_path, path):
    (tmp_path / "again").mkdir()
    again = asdf_file.write(asdf_file.read(path), tmp_path / "again" / "list.asdf", HEADER)
    stamp = rb"20\d\d-\d\d-\d\d[T ][\d:.+]+"
    first, second = (re.sub(stamp, b"DATE", p.read_bytes()) for p in (path, again))
    assert first == second


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"meta__hotpix__schema": "hotpix-9.0.0"}, r"schema: expected one of hotpix-1.0.0 .*9.0.0"),
        ({"meta__hotpix": None}, "meta.hotpix: expected a value, found none"),
        ({"meta__reftype": "mask"}, "meta.reftype: expected hotpix, found mask"),
        ({"pixels": None}, "pixels: expected a value|pixels.x: expected a value"),
        ({"pixels__rate": None}, "pixels.rate: expected a value, found none"),
        ({"pixels__x": np.array([9, 2048])}, "x of entry 1: expected 0 to 2047, found 2048"),
        ({"pixels__x": np.array([9, 70000])}, "x: expected whole numbers 0 to 65535, found 70000"),
        ({"pixels__y": np.array([5, 3])}, "sorted by"),
        ({"pixels__rate": np.array([1.0])}, r"shape of rate: expected \(2,\) as x"),
        ({"pixels__onset_latest": np.array([np.nan, 1])}, "onset_latest of entry 0: expected an"),
        ({"pixels__recovery_latest": np.array([1.0, 1])}, "recovery_latest of entry 0: expected"),
        ({"meta__hotpix__threshold": "high"}, "threshold: expected a finite number, found high"),
        ({"meta__hotpix__ipc": True}, "ipc: expected a finite number, found True"),
        ({"meta__hotpix__n_exposures": -5}, "n_exposures: expected a whole number, 0 or more"),
        ({"meta__hotpix__n_exposures": 1.5}, "n_exposures: expected a whole number, 0 or more"),
        ({"meta__hotpix__coverage": {"first": 1.0}}, "coverage.last: expected a value"),
        ({"meta__hotpix__coverage": [1.0, 2.0]}, "coverage: expected names and values, found list"),
        (
            {"meta__hotpix__supplements": "m.fits"},
            "supplements: expected names and values, found s",
        ),
        ({"meta__hotpix__supplements": {"mask": 5}}, "mask: expected a printable text, found 5"),
        ({"meta__hotpix": "all of it"}, "meta.hotpix: expected names and values, found str"),
        (
            {"meta__pedigree": "GROUND\nforged"},
            r"pedigree: expected a printable text, found 'GROUND",
        ),
    ],
)
def test_a_bad_file_is_refused_by_file_and_field(path, changes, message):
    _change(path, **changes)
    with pytest.raises(ListFormatError, match=f"list.asdf: .*{message}"):
        asdf_file.read(path)


def test_an_unknown_detector_is_refused_with_the_file(path):
    _change(path, meta__instrument__detector="NRS7")
    with pytest.raises(FrameMismatchError, match="list.asdf: detector: expected .* found NRS7"):
        asdf_file.read(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.floats(0, 0.999))
def test_a_truncated_list_is_refused_or_whole(path, share):
    content = path.read_bytes()
    cut = path.with_name("cut.asdf")
    cut.write_bytes(content[: int(share * len(content))])
    try:
        pixels = asdf_file.read(cut)
    except ListFormatError as error:
        assert "cut.asdf" in str(error)
    else:
        # What was cut off was only the index that repeats where the arrays are.
        assert pixels.digest() == asdf_file.read(path).digest()


@pytest.mark.parametrize("content", [b"", b"SIMPLE  =  T", b"x,y\n1,2\n", b"#ASDF 1.0.0\n{}"])
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    path = tmp_path / "other.asdf"
    path.write_bytes(content)
    with pytest.raises(ListFormatError, match="other.asdf: "):
        asdf_file.read(path)


def test_a_hash_in_a_file_name_is_part_of_it(tmp_path, path):
    odd = tmp_path / "list #1.asdf"
    odd.write_bytes(path.read_bytes())
    assert asdf_file.read(odd).digest() == asdf_file.read(path).digest()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MissingListError, match="gone.asdf: file not found"):
        asdf_file.read(tmp_path / "gone.asdf")


def test_nothing_is_left_when_writing_fails(tmp_path, path, monkeypatch):
    before = path.read_bytes()

    def full(self, *args, **kwargs):
        raise OSError(28, "No space left on device")

    # Stands in for a full disk, which cannot be had here.
    monkeypatch.setattr(asdf.AsdfFile, "write_to", full)
    with pytest.raises(OSError, match="No space left"):
        asdf_file.write(make_list([1], [1]), path, HEADER)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["list.asdf"]


def test_a_list_is_an_asdf_file(tmp_path):
    with pytest.raises(ListFormatError, match=r"expected to end in .asdf, found list.fits"):
        asdf_file.write(make_list([1], [1]), tmp_path / "list.fits", HEADER)


@pytest.mark.parametrize(
    ("detector", "name"),
    [("NRS2", "jwst_nirspec_hotpix_nrs2_trad_20220701.asdf"),
     ("NRCA1", "jwst_nircam_hotpix_nrca1_trad_20220701.asdf")],
)  # fmt: skip
def test_default_names(detector, name):
    assert asdf_file.default_name(make_list([1], [1], detector=detector), HEADER) == name


@pytest.mark.parametrize("readout", ["IRS2", "POOLED"])
def test_every_readout_passes_the_schema(tmp_path, readout):
    pixels = replace(make_list([1], [1]), readout=readout)
    with HotPixModel(
        str(asdf_file.write(pixels, tmp_path / "l.asdf", HEADER)), strict_validation=True
    ) as m:
        m.validate()


def test_an_empty_list_is_a_list(tmp_path):
    empty = make_list([], [], onset_latest=[], rate=[])
    assert len(asdf_file.read(asdf_file.write(empty, tmp_path / "empty.asdf", HEADER))) == 0


def _minimal():
    """Return the least that the schema asks for."""
    columns = make_list([3, 5], [9, 1]).columns()
    hotpix = {"schema": "hotpix-1.0.0", "readout": "TRAD", "threshold": 1.0}
    meta = {"reftype": "hotpix", "pedigree": "GROUND", "instrument": {"detector": "NRS1"}}
    return {"meta": {**meta, "hotpix": hotpix}, "pixels": columns}


def test_a_minimal_list_is_valid_and_read_with_what_is_unknown_left_open(tmp_path):
    path = tmp_path / "least.asdf"
    asdf.AsdfFile(_minimal()).write_to(path)
    with asdf.open(path, custom_schema=str(SCHEMA_FILE)):
        pixels = asdf_file.read(path)
    assert pixels.digest() == make_list([3, 5], [9, 1]).digest()
    assert pixels.provenance == Provenance(pedigree="GROUND")


def test_no_integer_is_too_large_to_be_refused():
    tree = _minimal()
    tree["meta"]["hotpix"]["threshold"] = 10**400
    with pytest.raises(ListFormatError, match="threshold: expected a finite number, found an int"):
        parse(tree)


def test_nulls_are_read_as_unknown(path):
    with asdf.open(path, lazy_load=False, memmap=False) as file:
        tree = file.tree.copy()
    needed = _minimal()["meta"]["hotpix"]
    tree["meta"]["hotpix"] = dict.fromkeys(tree["meta"]["hotpix"]) | needed
    asdf.AsdfFile(tree).write_to(path)
    assert asdf_file.read(path).provenance == Provenance(pedigree="SIMULATION")


def test_the_published_schema_declares_the_columns_of_a_list_in_their_order():
    schema = yaml.safe_load(SCHEMA_FILE.read_text())
    (declared,) = [part["properties"]["pixels"] for part in schema["allOf"] if "type" in part]
    types = {name: column["datatype"] for name, column in declared["properties"].items()}
    assert types == {name: np.dtype(dtype).name for name, (dtype, _) in COLUMNS.items()}
    assert declared["required"] == [*types] == [*COLUMNS]


def test_the_documented_columns_are_those_of_a_list():
    page = (Path(__file__).parents[2] / "docs" / "list-format.md").read_text()
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (u?int\d+|float\d+) \|", page, re.MULTILINE)
    documented = {name: dtype for names, dtype in rows for name in re.findall(r"\w+", names)}
    assert documented == {name: np.dtype(dtype).name for name, (dtype, _) in COLUMNS.items()}


@pytest.mark.parametrize("content", [b"", b"SIMPLE  =", b"pixels: []\n"])
def test_a_file_of_another_kind_is_called_so(tmp_path, content):
    path = tmp_path / "list.asdf"
    path.write_bytes(content)
    with pytest.raises(ListFormatError, match=f"^{path}: not an ASDF file, so not a hot pixel"):
        asdf_file.read(path)
