"""The readers of files that people or networks hand over, and small files for each of them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from astropy.io import fits

from jwst_hotpix.exchange.import_list import import_list
from jwst_hotpix.exposure.find import read_lists
from jwst_hotpix.exposure.on_disk import read_exposure
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.ledger.ledger import Ledger
from jwst_hotpix.ledger.read_record import read_record
from jwst_hotpix.ledger.science_record import read_science_record
from jwst_hotpix.ledger.update_log import UpdateLog
from jwst_hotpix.measure.rate import measure
from jwst_hotpix.simulate.darks import write_dark_rate
from jwst_hotpix.simulate.world import World
from jwst_hotpix.testing.perfect_monitor import perfect_list

#: Largest input in bytes: more would only be slower.
LARGEST = 1 << 16


def read_log(path: Path) -> None:
    """Read the log of an update, which lies in a ledger under a name of its own."""
    log = UpdateLog(Ledger(path.parent))
    log.path = path
    _ = log.settled
    log.last_look("science")


#: By name, the ending of the file, and what reads all of it.
READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "list": (".asdf", asdf_file.read),
    "record": (".parquet", read_record),
    "science-record": (".parquet", lambda path: read_science_record(path, path.parent)),
    "mask": (".fits", lambda path: import_list(path, detector="NRS1", date=60000.0, bit=1)),
    "dark": (".fits", measure),
    "exposure": (".fits", read_exposure),
    "table": (".txt", lambda path: import_list(path, detector="NRS1", date=60000.0)),
    "file-list": (".txt", lambda path: [*read_lists([f"@{path}"])]),
    "update-log": (".jsonl", read_log),
}

_TABLES = {
    "commas": "x,y,rate\n100,200,5.5\n101,200,nan\n",
    "ranges": "# x y flag\n199:201 300 1\n7 8 2\n",
    "msaexp": "NRS1:\n- [100, 200, 1024]\n- [101, 200, 4]\n",
}


def write_seeds(folder: Path) -> None:
    """Write a few small files of each kind, from which inputs are made."""
    world = World.quiet(detector="NRS1", readout="TRAD").with_pixels([990, 991], [1410, 1411], 50.0)
    for name in READERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    pixels = perfect_list(world, np.array([59900.0, 60000.0]))
    header = asdf_file.Header(useafter="2022-07-01T00:00:00")
    asdf_file.write(pixels, folder / "list" / "list.asdf", header)
    dark = write_dark_rate(folder / "dark" / "dark.fits", world, start=60000.0, subarray="SUB32")
    Ledger(folder / "ledger").add(measure(dark))
    (record,) = Ledger(folder / "ledger").files()
    record.rename(folder / "record" / "record.parquet")
    with fits.open(dark) as hdus:
        image = fits.PrimaryHDU((hdus["SCI"].data > 1).astype("u1"))
        image.writeto(folder / "mask" / "mask.fits", overwrite=True)
        hdus.writeto(folder / "exposure" / "sums.fits", checksum=True, overwrite=True)
    for name, text in _TABLES.items():
        (folder / "table" / f"{name}.txt").write_text(text)
    pixels.to_table().write(folder / "table" / "list.txt", format="ascii.ecsv")
    (folder / "file-list" / "list.txt").write_text("# comment\na_rate.fits\n'b c_rate.fits'\n")
    lines = '{"settled": "https://x/y", "reason": "no"}\n{"search": "science", "looked": 6e4}\n'
    (folder / "update-log" / "log.jsonl").write_text(lines)
