"""Science exposures in a ledger: kept once, read whole or not at all, used once public."""

from shutil import copy

import numpy as np
import pyarrow.parquet as pq
import pytest
from astropy.io import fits
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from jwst_hotpix.cli.ingest import command as ingest
from jwst_hotpix.exceptions import ExposureError, LedgerError
from jwst_hotpix.exposure.find import line_of
from jwst_hotpix.history.make_list import build_list
from jwst_hotpix.instrument.crosses import Role
from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.frames import Window
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.bounds import LIMITS, Bounds
from jwst_hotpix.ledger.compressed import pack, size_of
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.parquet_file import write_parquet
from jwst_hotpix.ledger.science_record import science_record_of
from jwst_hotpix.measure.excess import BOUNDS, UNKNOWN
from jwst_hotpix.measure.from_science import read_science
from jwst_hotpix.measure.pixels import active_area
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.tools.dates import iso
from visits import CORNER, NEW, START, make_world, write_visit

MIDDLE = {(y + CORNER[0] - 1, x + CORNER[1] - 1) for y, x in NEW}


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    return write_visit(make_world(), tmp_path_factory.mktemp("visit"))


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "ledger")


def listed(sightings):
    pixels = build_list(sightings, readout="IRS2")
    own = pixels.role == Role.CENTER
    return set(zip(pixels.y[own].tolist(), pixels.x[own].tolist(), strict=True))


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(1, 9),
    columns=st.integers(1, 40),
    seed=st.integers(0, 1000),
    corner=st.tuples(st.integers(1, 2000), st.integers(1, 2000)),
)
def test_bounds_come_back_as_the_highest_limit_of_four_pixels(rows, columns, seed, corner):
    rng = np.random.default_rng(seed)
    window = Window(
        detector=get_detector("NRS2"), ystart=corner[0], xstart=corner[1], shape=(rows, columns)
    )
    bound = rng.integers(0, UNKNOWN + 1, window.shape).astype(np.uint8)
    masked = rng.random(window.shape) < 0.2
    bounds = Bounds.of(window, bound, masked)
    kept = bounds.at(window.full_frame(np.arange(bound.size))).reshape(window.shape)
    limits = np.append(LIMITS, np.inf).astype(np.float32)
    expected = limits[np.searchsorted(LIMITS, np.append(BOUNDS, np.inf)[bound])]
    framed = np.pad(masked, 1).astype(int)
    beside = framed[:-2, 1:-1] + framed[2:, 1:-1] + framed[1:-1, :-2] + framed[1:-1, 2:]
    hidden = masked | (beside > 1)
    assert np.isinf(kept[hidden]).all()
    judged = ~hidden & active_area(window)
    assert (kept >= expected)[judged].all()
    fours = [
        (row, slice(start, start + 4)) for row in range(rows) for start in range(0, columns, 4)
    ]
    highest, before = {}, limits[0]
    for row, four in fours:
        inside = judged[row, four]
        # What nobody asks for is as what comes before it.
        before = expected[row, four][inside].max() if inside.any() else before
        highest[row, four.start] = before
    for row, four in fours:
        ends = (highest.get((row, four.start + step), 0) for step in (-4, 4))
        one = max(highest[row, four.start], min(ends))
        assert (kept[row, four][judged[row, four]] == one).all()
    outside = np.array([0 if corner != (1, 1) else 2048 * 2048 - 1])
    assert np.isinf(bounds.at(outside)).all()


@given(content=st.binary(max_size=600) | st.integers(1, 10**6).map(bytes))
def test_a_compressed_frame_gives_the_size_of_its_content(content):
    assert size_of(pack(np.frombuffer(content, np.uint8))) == len(content)
    assert size_of(content) == -1 or content.startswith(b"\x28\xb5\x2f\xfd")


def test_a_record_comes_back_as_it_was_written(visit, ledger):
    assert ingest_file(ledger, visit["nod 1"])
    (record,) = ledger.science("NRS1", "IRS2")
    before = science_record_of(read_science(visit["nod 1"]))
    for name in ("pixel", "rate", "error", "share", "share_error"):
        assert np.array_equal(getattr(record, name), getattr(before, name))
    for name in ("first", "last", "known", "visit", "configuration", "disperser", "pointing"):
        assert getattr(record, name) == getattr(before, name)
    assert (record.facts, record.digest) == (before.facts, before.digest)
    assert record.bounds.classes == before.bounds.classes
    assert record.bounds.masked == before.bounds.masked


def test_a_record_of_the_format_before_is_read(visit, ledger):
    ingest_file(ledger, visit["nod 1"])
    (path,) = ledger.folder.glob("_science/detector=NRS1/*/*.parquet")
    table = pq.read_table(path)
    window = read_science(visit["nod 1"]).window
    level = np.random.default_rng(0).integers(0, 4, window.shape).astype(np.uint8)
    fours = level.reshape(-1, 4) << np.array([0, 2, 4, 6], np.uint8)
    metadata = {
        b"hotpix": table.schema.metadata[b"hotpix"].replace(b"ledger-3", b"ledger-2"),
        b"hotpix_classes": pack(np.bitwise_or.reduce(fours, axis=1)),
    }
    columns = {name: table.column(name).to_numpy() for name in table.column_names}
    write_parquet(path, columns, metadata)
    (record,) = ledger.science("NRS1", "IRS2")
    known = record.bounds.at(window.full_frame(np.arange(level.size)))
    told = np.isfinite(known)
    assert told.mean() > 0.7
    assert (known == np.append(LIMITS, np.inf)[level.reshape(-1)])[told].all()


def test_an_exposure_is_kept_once_and_masks_are_shared(visit, ledger, tmp_path):
    assert ingest_file(ledger, visit["nod 1"])
    again = copy(visit["nod 1"], tmp_path / "other_rate.fits")
    assert not ingest_file(ledger, again)
    assert ingest_file(ledger, visit["nod 2"])
    assert len(list(ledger.folder.glob("_science/detector=NRS1/*/*.parquet"))) == 2
    assert len(list(ledger.folder.glob("_masks/*.mask"))) == 1
    assert not list(ledger.folder.rglob("*.tmp"))


def test_science_alone_makes_a_list(visit, ledger):
    for name in ("nod 1", "nod 2", "again"):
        ingest_file(ledger, visit[name])
    sightings = ledger.sightings("NRS1", "IRS2")
    assert sightings.kind == ("dithered",)
    assert listed(sightings) == MIDDLE


def test_darks_and_science_lie_side_by_side(visit, ledger, tmp_path):
    dark = write_dark_rate(tmp_path / "dark_rate.fits", make_world(), start=START - 20, leftovers=5)
    ingest_file(ledger, dark)
    alone = ledger.sightings("NRS1", "IRS2")
    for name in ("nod 1", "nod 2"):
        ingest_file(ledger, visit[name])
    together = ledger.sightings("NRS1", "IRS2")
    assert together.kind == ("dark", "dithered")
    assert alone.span is None
    assert ledger.contents() == [("NRS1", "IRS2")]
    assert len(ledger.records("NRS1", "IRS2")) == 1
    # As the docs read it: darks only.
    assert pq.read_table(ledger.folder).column_names[:5] == ["x", "y", "rate", "error", "seen"]


def test_as_of_a_date_nothing_is_used_that_was_not_public(visit, ledger):
    release = START + 365
    for name in ("nod 1", "nod 2"):
        ingest_file(ledger, visit[name], released=release)
    ingest_file(ledger, visit["again"])
    sightings = ledger.sightings("NRS1", "IRS2", as_of=START + 30)
    assert (sightings.kind, sightings.n_exposures) == (("single",), 1)
    assert ledger.sightings("NRS1", "IRS2", as_of=release + 1).n_exposures == 3
    with pytest.raises(LedgerError, match="no records of NRS1 IRS2 known by"):
        ledger.sightings("NRS1", "IRS2", as_of=START - 1)


def test_a_list_on_standard_input_gives_the_release_date_of_each_exposure(visit, ledger):
    lines = [line_of(visit["nod 1"], START + 365), line_of(visit["nod 2"], None)]
    arguments = [str(ledger.folder), "@-", "--released", iso(START + 200, "seconds"), "--json"]
    run = CliRunner().invoke(ingest, arguments, input="\n".join(lines))
    assert run.exit_code == 0, run.output
    known = [record.known for record in ledger.science("NRS1")]
    assert known == pytest.approx([START + 365, START + 200], abs=2 / 86400)


DAMAGE = ["truncated", "no mask", "other mask", "other version", "short bounds", "moved"]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_record_is_named_and_the_others_are_read(visit, ledger, damage):
    for name in ("nod 1", "nod 2"):
        ingest_file(ledger, visit[name])
    first, _ = sorted(ledger.folder.glob("_science/detector=NRS1/*/*.parquet"))
    if damage == "truncated":
        first.write_bytes(first.read_bytes()[:-200])
    elif damage == "no mask":
        for mask in ledger.folder.glob("_masks/*"):
            mask.unlink()
    elif damage == "other mask":
        for mask in ledger.folder.glob("_masks/*"):
            mask.write_bytes(mask.read_bytes()[:-1] + b"?")
    elif damage == "other version":
        table = pq.read_table(first)
        header = table.schema.metadata[b"hotpix"].replace(b"ledger-3", b"ledger-9")
        metadata = {**table.schema.metadata, b"hotpix": header}
        pq.write_table(table.replace_schema_metadata(metadata), first)
    elif damage == "short bounds":
        table = pq.read_table(first)
        columns = {name: table.column(name).to_numpy() for name in table.column_names}
        short = {b"hotpix_classes": pack(np.zeros(5, np.uint8))}
        write_parquet(first, columns, {b"hotpix": table.schema.metadata[b"hotpix"]} | short)
    else:
        first = first.rename(first.with_name("60001.00000_abcdef.parquet"))
    with pytest.raises(LedgerError, match=r"\.parquet"):
        ledger.sightings("NRS1", "IRS2")
    damaged = []
    records = ledger.science("NRS1", "IRS2", damaged=damaged)
    assert len(records) == (0 if damage.endswith("mask") else 1)
    assert all(str(first.parent) in str(error) for error in damaged)


def test_a_damaged_record_is_written_anew(visit, ledger):
    ingest_file(ledger, visit["nod 1"])
    (path,) = ledger.folder.glob("_science/detector=NRS1/*/*.parquet")
    path.write_bytes(b"broken")
    assert ingest_file(ledger, visit["nod 1"])
    assert len(ledger.science("NRS1")) == 1


def test_what_is_no_evidence_leaves_the_ledger_as_it_was(visit, ledger, tmp_path):
    path = copy(visit["nod 1"], tmp_path / "flat_rate.fits")
    with fits.open(path, mode="update") as hdus:
        hdus[0].header["S_FLAT"] = "COMPLETE"
    with pytest.raises(ExposureError, match="flat_field"):
        ingest_file(ledger, path)
    assert not ledger.folder.exists()
