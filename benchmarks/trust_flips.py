"""Bits flipped at random in every format that is read: which are seen. For benchmarks/trust.py."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from jwst_hotpix.exceptions import HotPixError
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.ledger.read_record import read_record
from jwst_hotpix.ledger.science_record import read_science_record
from trust_verbs import mask_in


def readers(place: Path) -> dict[str, tuple[Path, Callable[[Path], object]]]:
    """Return the formats by name: a file of each, and what reads all that counts in it."""
    record = next((place / "ledger").rglob("*.parquet"))
    look = next((place / "science").rglob("*.parquet"))
    masks = next((place / "science").rglob("*.mask")).parent
    return {
        "list (ASDF)": (place / "x.asdf", list_in),
        "record of a dark (Parquet)": (record, lambda path: shown(read_record(path))),
        "record of a science exposure (Parquet)": (
            look, lambda path: shown(read_science_record(path, masks))),
        "MASK with `CHECKSUM` (FITS)": (place / "mask.fits", mask_in),
        "dark with `CHECKSUM` (FITS)": (place / "sums.fits", pixels_in),
        "dark, gzipped (FITS)": (place / "dark.fits.gz", pixels_in),
    }  # fmt: skip


def list_in(path: Path) -> object:
    """Return all that a list says of its pixels."""
    pixels = asdf_file.read(path)
    return pixels.digest(), pixels.provenance


def shown(record: object) -> object:
    """Return the content of a record, arrays as bytes."""
    given = vars(record)
    return {
        name: value.tobytes() if isinstance(value, np.ndarray) else str(value)
        for name, value in given.items()
        if name != "bounds"
    } | ({"bounds": shown(given["bounds"])} if "bounds" in given else {})


def pixels_in(path: Path) -> object:
    """Return the pixels of a dark."""
    with open_whole(path, HotPixError) as hdus:
        return [np.array(hdu.data).tobytes() for hdu in hdus if hdu.data is not None]


def flip(path: Path, read: Callable[[Path], object], number: int) -> Counter[str]:
    """Flip one bit of a file at a time, and count what its reader makes of it."""
    content, known = bytearray(path.read_bytes()), read(path)
    random = np.random.default_rng(1)
    found: Counter[str] = Counter()
    for place, bit in zip(
        random.integers(len(content), size=number), random.integers(8, size=number), strict=True
    ):
        content[place] ^= 1 << int(bit)
        path.write_bytes(content)
        try:
            found["no effect" if read(path) == known else "silent"] += 1
        except HotPixError:
            found["refused"] += 1
        content[place] ^= 1 << int(bit)
    path.write_bytes(content)
    return found
