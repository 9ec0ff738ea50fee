"""The ledger keeps what darks saw: once, whole, in any order, readable by others."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from stdatamodels.jwst.datamodels import dqflags

from darks import CORNER, EPOCH, HOT, SHAPE, quiet, rate_hdus, reference_hdus, write
from jwst_hotpix.exceptions import DarkError, LedgerError
from jwst_hotpix.ledger.add_files import ingest_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.read_record import read_record
from jwst_hotpix.ledger.what_is_kept import record_of
from jwst_hotpix.measure.rate import measure

FULL_FRAME = {
    (CORNER["SUBSTRT2"] - 1 + row) * 2048 + CORNER["SUBSTRT1"] - 1 + column: rate
    for (row, column), rate in HOT.items()
}


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "ledger")


def ingest(ledger, name="x.fits", **options):
    ledger.folder.mkdir(exist_ok=True)
    return ingest_file(ledger, write(ledger.folder.parent / name, rate_hdus(**options)))


def only_file(ledger):
    (path,) = ledger.folder.rglob("*.parquet")
    return path


def test_sightings_are_the_hot_pixels_in_the_full_frame(ledger):
    ingest(ledger)
    seen = ledger.sightings("nrs1", "trad")
    assert dict(zip(seen.pixel.tolist(), seen.rate.tolist(), strict=True)) == FULL_FRAME
    assert seen.error == pytest.approx(0.01)
    assert (seen.detector.name, seen.readout, seen.kind) == ("NRS1", ("TRAD",), ("dark",))
    assert seen.epoch.tolist() == [EPOCH]
    assert seen.floor == pytest.approx(0.1)
    assert seen.window[0].shape == SHAPE
    assert seen.unseen_pixel.size == 0


def test_the_same_dark_under_another_name_changes_nothing(ledger):
    assert ingest(ledger)
    before = only_file(ledger).read_bytes()
    assert not ingest(ledger, "renamed.fits", FILENAME="renamed.fits")
    assert only_file(ledger).read_bytes() == before


def test_one_changed_pixel_makes_another_dark(ledger):
    reference = ledger.folder.parent / "x.fits"
    ingest_file(ledger, write(reference, reference_hdus()))
    hdus = reference_hdus()
    hdus["DRK"].data[3, 3] += 1
    assert ingest_file(ledger, write(reference, hdus))
    assert ledger.sightings("NRS1", "trad").epoch.size == 2


def test_the_digest_of_a_dark_is_what_it_always_was(tmp_path):
    hdus = rate_hdus()
    hdus["SCI"].data[:], hdus["ERR"].data[:] = 0.05, 0.25
    digest = measure(write(tmp_path / "x.fits", hdus)).digest
    # Records written by any version are found again by it.
    assert digest == "15f00aa218bbd75aa76f3018df3e9432358bad8872f58c780dc60e4d7fb0fd0b"


def test_the_order_of_ingest_does_not_matter(tmp_path):
    epochs = EPOCH + np.arange(6.0)
    a, b = Ledger(tmp_path / "a"), Ledger(tmp_path / "b")
    for ledger, order in ((a, epochs), (b, epochs[[3, 0, 5, 1, 4, 2]])):
        for epoch in order:
            ingest(ledger, epoch=epoch, seed=int(epoch), hot={**HOT, (1, 2 * int(epoch % 7)): 1.0})
    a, b = a.sightings("NRS1", "pooled"), b.sightings("NRS1", "pooled")
    for name in ("epoch", "pixel", "dark", "rate", "error", "digest", "window", "floor"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert np.array_equal(np.lexsort((a.dark, a.pixel)), np.arange(a.pixel.size))


def test_as_of_knows_a_dark_only_once_it_ended(ledger):
    for epoch in (EPOCH, EPOCH + 1):
        ingest(ledger, epoch=epoch, seed=int(epoch))
    assert ledger.sightings("NRS1", as_of=EPOCH + 2).epoch.size == 2
    assert ledger.sightings("NRS1", as_of=EPOCH + 0.5).epoch.tolist() == [EPOCH]
    with pytest.raises(LedgerError, match="no records of NRS1 POOLED known by 2023-02-25T00:00:00"):
        ledger.sightings("NRS1", as_of=EPOCH)  # it lasts a hundredth of a day longer


def test_detectors_and_readout_modes_stay_apart_until_pooled(ledger):
    ingest(ledger)
    ingest(ledger, READPATT="NRSIRS2RAPID", epoch=EPOCH + 1)
    assert ledger.sightings("NRS1", "irs2").readout == ("IRS2",)
    assert ledger.sightings("NRS1", "POOLED").readout == ("TRAD", "IRS2")
    with pytest.raises(LedgerError, match="no records of NRS2 POOLED"):
        ledger.sightings("NRS2")
    with pytest.raises(LedgerError, match="expected irs2, trad or pooled, found fast"):
        ledger.sightings("NRS1", "fast")


def test_products_of_one_exposure_count_once(ledger):
    ingest(ledger)
    cube = rate_hdus()
    for name in ("SCI", "ERR", "DQ"):
        cube[name].data = cube[name].data[None]
    assert ingest_file(ledger, write(ledger.folder.parent / "y.fits", cube))
    seen = ledger.sightings("NRS1")
    assert seen.epoch.size == 1
    assert [r.facts["product"] for r in ledger.records("NRS1")].count("rateints") == 1


def test_what_a_dark_could_not_see_is_unseen_not_cold(ledger):
    hdus = rate_hdus()
    hdus["SCI"].data[4, 4:7] = np.nan
    hdus["DQ"].data[4, 6] = dqflags.pixel["SATURATED"]
    hdus["ERR"].data[8, 8] = 3.0
    hdus["SCI"].data[9, 9] = -2.0
    ingest_file(ledger, write(ledger.folder.parent / "x.fits", hdus))
    seen = ledger.sightings("NRS1")
    row, column, _ = seen.window[0].locate(*np.divmod(seen.unseen_pixel, 2048))
    assert [*zip(row.tolist(), column.tolist(), strict=True)] == [(4, 4), (4, 5), (8, 8), (9, 9)]
    assert np.isinf(seen.rate).sum() == 1


def test_a_noisy_dark_has_a_higher_floor(tmp_path):
    hdus = rate_hdus(hot={(5, 5): 1000.0})
    hdus["SCI"].data += np.random.default_rng(1).normal(0, 4, SHAPE).astype(np.float32)
    hdus["ERR"].data[:] = 4
    record = record_of(measure(write(tmp_path / "x.fits", hdus)))
    assert record.floor == pytest.approx(20)
    assert record.pixel.size == 1
    assert record.unseen.size == 0


def test_other_tools_read_the_records_as_they_are(ledger):
    ingest(ledger)
    table = ds.dataset(ledger.folder, partitioning="hive").to_table(
        filter=(ds.field("rate") > 1) & (ds.field("readout") == "TRAD")
    )
    (row,) = table.to_pylist()
    assert (row["x"], row["y"], row["epoch"]) == (1024 + 100, 956 + 10, EPOCH)
    assert (row["detector"], row["seen"]) == ("NRS1", True)
    header = json.loads(pq.read_schema(only_file(ledger)).metadata[b"hotpix"])
    assert header["version"] == "ledger-1"
    assert header["facts"]["readpatt"] == "NRSRAPID"
    assert header["floor"] == pytest.approx(0.1)
    assert header["digest"].startswith(only_file(ledger).stem.split("_")[1])


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def newer(path):
    table = pq.read_table(path, partitioning=None)
    header = json.loads(table.schema.metadata[b"hotpix"]) | {"version": "ledger-2"}
    pq.write_table(table.replace_schema_metadata({b"hotpix": json.dumps(header)}), path)


def unchecked(table):
    """Return a table as older versions wrote it, without a checksum."""
    header = table.schema.metadata[b"hotpix"]
    return table.replace_schema_metadata({b"hotpix": header})


def foreign(path):
    pq.write_table(pq.read_table(path, partitioning=None).replace_schema_metadata({}), path)


def off_detector(path):
    table = pq.read_table(path, partitioning=None)
    far = table.column("x").to_numpy() + np.uint16(3000)
    pq.write_table(unchecked(table).set_column(0, "x", [far]), path)


def of_another_dark(path):
    (path.parent.parent / "readout=IRS2").mkdir()
    path.rename(path.parent.parent / "readout=IRS2" / path.name)


def said(**facts):
    """Change what the header of a record says."""

    def damage(path):
        table = pq.read_table(path, partitioning=None)
        header = json.loads(table.schema.metadata[b"hotpix"]) | facts
        pq.write_table(table.replace_schema_metadata({b"hotpix": json.dumps(header)}), path)

    return damage


def with_column(name, change):
    def damage(path):
        table = pq.read_table(path, partitioning=None)
        place = table.column_names.index(name)
        column = change(table.column(name).to_numpy().copy())
        pq.write_table(unchecked(table).set_column(place, name, [column]), path)

    return damage


def forged(path):
    table = pq.read_table(path, partitioning=None)
    rate = table.column("rate").to_numpy() * np.float32(2)
    pq.write_table(table.set_column(2, "rate", [rate]), path)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (said(kind="banana"), "found kind 'banana'"),
        (said(readout=5), "found readout 5"),
        (said(floor=float("nan")), "found floor nan"),
        (said(epoch="60000"), "found epoch '60000'"),
        (said(facts=None), "found facts that are no texts and numbers"),
        (said(facts={"program": [1]}), "found facts that are no texts and numbers"),
        (said(digest="0" * 64), "place of the record: expected .*000000000000.parquet, found"),
        (said(epoch=EPOCH + 1), "place of the record: expected .*60001.00000_.*, found"),
        (said(detector="NRS2"), "place of the record: expected detector=NRS2.*, found detector=N"),
        (said(detector="NRS3"), "found detector: expected one of"),
        (said(window={"ystart": True, "xstart": 1, "shape": [32, 512]}), "found a window of"),
        (said(window={"ystart": 1, "xstart": 1, "shape": [4096, 512]}), "range of the subarray"),
        (with_column("rate", lambda rate: -rate), "found rates that none can have"),
        (with_column("rate", lambda rate: rate.astype(float)), "found rate of double"),
        (with_column("y", lambda y: y[::-1]), "found pixels that are not sorted"),
        (forged, "found content that does not match its checksum"),
        (cut, "expected a whole record of ledger-1"),
        (newer, "ledger format: expected ledger-1 or older, found ledger-2"),
        (foreign, "ledger format: expected ledger-1 or older, found none"),
        (off_detector, "pixels: expected all in .* found 2 outside"),
    ],
)
def test_a_damaged_or_newer_record_is_named_and_the_rest_goes_on(ledger, damage, message):
    ingest(ledger)
    path = only_file(ledger)
    damage(path)
    ingest(ledger, epoch=EPOCH + 1, seed=1)
    with pytest.raises(LedgerError, match=f"{path.name}: .*{message}"):
        ledger.sightings("NRS1")
    damaged = []
    assert ledger.sightings("NRS1", damaged=damaged).epoch.tolist() == [EPOCH + 1]
    assert [error.source for error in damaged] == [path]


def test_rows_of_a_record_are_counted_before_they_are_read(tmp_path):
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"x": np.zeros((1 << 22) + 1, np.uint16)}), path)
    with pytest.raises(LedgerError, match="found 4194305 rows"):
        read_record(path)


def test_no_flipped_bit_makes_another_record(ledger):
    # FIELD D4.
    ingest(ledger)
    path = only_file(ledger)
    content, known = bytearray(path.read_bytes()), read_record(path)
    random = np.random.default_rng(1)
    refused = 0
    for place, bit in zip(
        random.permutation(len(content))[:500], 1 << random.integers(8, size=500), strict=True
    ):
        content[place] ^= bit
        path.write_bytes(content)
        try:
            found = read_record(path)
        except LedgerError as error:
            assert str(path) in str(error)
            refused += 1
        else:
            assert found.header() == known.header()
            for name in ("pixel", "rate", "error", "unseen"):
                np.testing.assert_array_equal(getattr(found, name), getattr(known, name))
        content[place] ^= bit
    # The other flips are in statistics and encodings that nobody reads.
    assert refused > 200


def test_a_record_in_the_folder_of_another_mode_is_named(ledger):
    ingest(ledger)
    of_another_dark(only_file(ledger))
    with pytest.raises(LedgerError, match="expected .*readout=TRAD.*, found .*readout=IRS2"):
        ledger.sightings("NRS1", "irs2")


def test_whatever_a_record_holds_is_read_or_refused_by_name(shared_data):
    records = [*(shared_data.parent / "hostile" / "record").iterdir()]
    # Of another detector, which only its folder shows; with a window that is too large, which
    # nothing in the format shows.
    whole = {"q_det.parquet", "q_win_big.parquet"}
    assert len(records) > len(whole)
    for path in records:
        if path.name not in whole:
            with pytest.raises(LedgerError, match=path.name):
                read_record(path)


def test_a_record_cut_in_half_is_mended_by_its_dark_but_a_newer_one_is_kept(ledger):
    ingest(ledger)
    path = only_file(ledger)
    whole = path.read_bytes()
    cut(path)
    assert ingest(ledger)
    assert path.read_bytes() == whole
    newer(path)
    with pytest.raises(LedgerError, match="found ledger-2"):
        ingest(ledger)


def test_a_measured_dark_can_be_added_with_another_floor(ledger, tmp_path):
    dark = measure(write(tmp_path / "x.fits", rate_hdus()))
    ledger.folder.mkdir()
    assert ledger.add(dark, floor=1.0)
    assert not ledger.add(dark)
    assert ledger.sightings("NRS1").pixel.size == 1
    assert read_record(only_file(ledger)).floor == 1.0
    assert quiet()[0][20, 300] < 1


def test_a_rejected_dark_leaves_no_trace(ledger):
    with pytest.raises(DarkError):
        ingest(ledger, EXP_TYPE="NRS_IMAGE")
    assert not list(ledger.folder.iterdir())


def test_a_complex_number_in_a_header_is_refused_before_anything_is_written(ledger):
    with pytest.raises(DarkError, match=r"NGROUPS.*\(1\+2j\)"):
        ingest(ledger, NGROUPS=1 + 2j)
    assert not list(ledger.folder.iterdir())


def test_whatever_a_damaged_file_makes_the_libraries_raise_names_the_file(ledger, shared_data):
    # FIELD D5, D8, D12.
    hostile = shared_data.parent / "hostile"
    damaged = [
        path
        for name in ("crash", "hang", "silent")
        for path in (hostile / f"fits_{name}").iterdir()
    ]
    assert len(damaged) > 50
    for path in damaged:
        with pytest.raises(DarkError, match=path.name):
            ingest_file(ledger, path)


def test_a_ledger_that_is_not_there_is_called_so(tmp_path):
    for ask in (
        Ledger(tmp_path / "gone").contents,
        lambda: Ledger(tmp_path / "gone").sightings("NRS1"),
    ):
        with pytest.raises(LedgerError, match="gone: there is no such ledger"):
            ask()
