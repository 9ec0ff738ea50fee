"""
Whatever an input holds, its reader reads it or refuses it by name.

Changed bytes of whole inputs, and values of any kind in place of those that a format asks for. The
same readers under guided inputs: benchmarks/fuzz.py.
"""

import json
import os
from shutil import copy

import asdf
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crds_site import write_rules
from fuzz_readers import READERS, read_or_refuse, write_seeds
from jwst_hotpix.archive.strun import Call
from jwst_hotpix.exceptions import CallError, FetchError, HotPixError, LedgerError
from jwst_hotpix.exposure.crds_files import CrdsFiles
from jwst_hotpix.fetch.crds import list_references
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.parquet_file import write_parquet
from jwst_hotpix.ledger.sources import sources_of
from jwst_hotpix.simulate.crds_session import use_cache

pytestmark = pytest.mark.filterwarnings("ignore")

# What JSON and YAML can hold in place of anything.
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -1, 1 << 64])
PLAIN = st.none() | st.booleans() | NUMBERS | st.text(max_size=8)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)

# A place in a file, and what stands there instead of so many bytes.
DAMAGE = st.lists(
    st.tuples(st.integers(0, 99_999), st.integers(0, 9), st.binary(max_size=9)),
    min_size=1, max_size=5,
)  # fmt: skip

fixed = settings(
    deadline=None, derandomize=True, max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeds")
    write_seeds(folder)
    return folder


@pytest.fixture
def attempt(tmp_path):
    def run(name, content):
        path = tmp_path / f"input{READERS[name].ending}"
        path.write_bytes(content)
        read_or_refuse(name, path)

    return run


@pytest.mark.parametrize("name", READERS)
def test_whole_inputs_are_read(name, seeds):
    read = 0
    for path in sorted((seeds / name).iterdir()):
        try:
            READERS[name].read(path)
            read += 1
        except HotPixError as error:
            assert (READERS[name].names or path.name) in str(error)
    assert read


@pytest.mark.parametrize("name", READERS)
@fixed
@given(which=st.integers(0, 9), damage=DAMAGE, cut=st.integers(0, 9))
def test_an_input_is_read_or_refused_by_name_whatever_bytes_it_holds(
    name, seeds, attempt, which, damage, cut
):
    whole = sorted((seeds / name).iterdir())
    content = bytearray(whole[which % len(whole)].read_bytes())
    for place, length, new in damage:
        start = place % max(len(content), 1)
        content[start : start + length] = new
    attempt(name, bytes(content[: -cut or None]))


@pytest.mark.parametrize("name", READERS)
@fixed
@given(content=st.binary(max_size=200))
@example(content=b"[" * 5000)
@example(content=b"\x1f\x8b" + bytes(20))
def test_arbitrary_bytes_are_read_or_refused_by_name(name, attempt, content):
    attempt(name, content)


@pytest.mark.parametrize("name", ["record", "science-record"])
@fixed
@given(data=st.data())
def test_a_record_may_state_anything_with_the_right_checksum(name, seeds, tmp_path, data):
    (whole,) = (seeds / name).iterdir()
    table = pq.read_table(whole)
    header = json.loads(table.schema.metadata[b"hotpix"])
    for key in data.draw(st.lists(st.sampled_from(sorted(header)), min_size=1, max_size=2)):
        header[key] = data.draw(VALUES)
    stated = data.draw(st.sampled_from([header, list(header), None, 5]) | st.just(header))
    metadata = {**table.schema.metadata, b"hotpix": json.dumps(stated).encode()}
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    write_parquet(tmp_path / "forged.parquet", columns, metadata, constant=["epoch"])
    read_or_refuse(name, tmp_path / "forged.parquet")


@settings(fixed, max_examples=40)
@given(data=st.data())
def test_a_list_may_state_anything(seeds, tmp_path, data):
    with asdf.open(seeds / "list" / "list.asdf", lazy_load=False, memmap=False) as file:
        tree = file.tree.copy()
    places = [tree["meta"], tree["meta"]["hotpix"], tree["pixels"], tree["meta"]["instrument"]]
    place = data.draw(st.sampled_from(places))
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(VALUES)
    try:
        asdf.AsdfFile(tree).write_to(tmp_path / "list.asdf")
    except Exception:  # noqa: BLE001
        # asdf cannot write everything.
        return
    read_or_refuse("list", tmp_path / "list.asdf")


@pytest.mark.parametrize("name", ["mast-answer", "crds-answer", "msaexp", "update-log"])
@fixed
@given(data=st.data())
def test_an_answer_may_hold_anything(name, seeds, attempt, data):
    if name == "mast-answer":
        stated = json.loads((seeds / name / "found.json").read_text())
        place = data.draw(st.sampled_from([stated, stated["data"][0], stated["paging"]]))
    elif name == "crds-answer":
        stated = json.loads((seeds / name / "info.json").read_text())
        catalog = stated["result"]["download_metadata"]
        place = data.draw(st.sampled_from([stated, catalog, *catalog.values()]))
    elif name == "msaexp":
        place = stated = {
            "files": [], "flags": {"HOT": 4}, "pixel_index": [5], "pixel_value": [4],
            "shape": [2048, 2048],
        }  # fmt: skip
    else:
        place = stated = {"settled": "https://x", "search": "science", "looked": 6e4}
    place[data.draw(st.sampled_from(sorted(place)))] = data.draw(VALUES)
    attempt(name, json.dumps(stated).encode())


HEADERS = ["Content-Length", "Content-Range", "ETag", "Content-Type", "Retry-After", "Location"]
SAID = st.text(
    st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=9
) | st.sampled_from(
    [
        "\xb2",
        "9" * 5000,
        "bytes 0-99/\xb2",
        f"bytes 0-99/{'9' * 5000}",
        f"bytes {'9' * 5000}-9/9",
        "-1",
    ]
)


@fixed
@given(
    status=st.sampled_from([200, 206, 301, 416, 429, 503]),
    said=st.dictionaries(st.sampled_from(HEADERS), SAID),
)
def test_a_server_may_say_anything_in_its_headers(attempt, status, said):
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {text}" for name, text in said.items()), "", ""]
    attempt("http-answer", "\r\n".join(lines).encode("latin-1") + b"SIMPLE  =" + bytes(3000))


NAMES = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=20)
FOLDERS = st.sampled_from(["detector=NRS1", "detector=", "readout=TRAD", "_science", "_masks", "x"])


@fixed
@given(
    folders=st.lists(FOLDERS, min_size=1, max_size=3),
    name=NAMES | st.just("60000.00000_abc.parquet"),
)
def test_records_anywhere_in_the_folder_of_a_ledger_are_named(
    seeds, tmp_path_factory, folders, name
):
    (whole,) = (seeds / "record").iterdir()
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    place = ledger.folder.joinpath(*folders)
    place.mkdir(parents=True)
    if name not in {".", ".."}:
        copy(whole, place / name)
    damaged = []
    for readout in ("TRAD", "POOLED"):
        assert ledger.records("NRS1", readout, damaged=damaged) == []
        assert ledger.science("NRS1", readout, damaged=damaged) == []
    assert all(name in str(error) or repr(name)[1:-1] in str(error) for error in damaged)
    repr(ledger)


def test_pipes_in_a_ledger_are_named_without_waiting(tmp_path):
    ledger = Ledger(tmp_path)
    (tmp_path / "detector=NRS1" / "readout=TRAD").mkdir(parents=True)
    os.mkfifo(tmp_path / "detector=NRS1" / "readout=TRAD" / "60000.00000_abc.parquet")
    assert not sources_of(ledger)
    with pytest.raises(LedgerError, match="60000.00000_abc.parquet: .* is a device or a pipe"):
        ledger.records("NRS1")


@fixed
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@example(content=b"#ASDF 1.0.0\n%YAML 1.1\n---\n{a: [}\n...\n")
@example(content=b"skip = 'x\n")
def test_a_parameter_file_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "parameters.asdf"
    path.write_bytes(content)
    with pytest.raises(CallError, match="parameters.asdf"):
        Call(name=str(path)).check()


@settings(fixed, max_examples=20)
@given(damage=DAMAGE, kind=st.sampled_from(["pmap", "imap", "rmap"]))
@example(damage=[(0, 9, b"header = {}\nselector = 5 ")], kind="rmap")
def test_damaged_rules_of_crds_are_read_or_named(tmp_path_factory, damage, kind):
    root = tmp_path_factory.mktemp("rules")
    write_rules(root)
    for path in root.glob(f"mappings/jwst/*.{kind}"):
        content = bytearray(path.read_bytes())
        for place, length, new in damage:
            start = place % len(content)
            content[start : start + length] = new
        path.write_bytes(content)
    with use_cache(root, "jwst_0001.pmap"):
        try:
            list_references(["jwst_0001.pmap"], ["dark", "mask"], CrdsFiles())
        except FetchError as error:
            assert "jwst_" in str(error)


@settings(fixed, max_examples=30)
@given(
    content=st.binary(max_size=30)
    | VALUES.map(lambda stated: repr({"download_metadata": stated}).encode())
)
def test_any_catalog_in_a_cache_is_read_or_ignored(tmp_path_factory, content):
    root = tmp_path_factory.mktemp("cache")
    write_rules(root)
    (root / "config" / "jwst" / "server_config").write_bytes(content)
    with use_cache(root, "jwst_0001.pmap"):
        files = CrdsFiles()
        assert all(isinstance(known["size"], int) for known in files.catalog.values())
        assert not files.sha1("jwst_nirspec_dark_0001.fits")
