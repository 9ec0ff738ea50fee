"""Pixel tables: CSV and ECSV in, columns of a list out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from astropy.table import Column, Table
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ListFormatError
from jwst_hotpix.hotlist.pixellist import COLUMNS
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.masks.any_mask import check_detector
from jwst_hotpix.tools.dates import mjd_of

__all__ = ["ECSV", "Findings", "read_table"]

ECSV = "# %ECSV"

_RATE_UNITS = ("DN / s", "adu / s", "DN/s", "adu/s")


class Findings(NamedTuple):
    """
    What a file says about hot pixels.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (n,)
        Columns of a list, without those that the file lacks; x and y are there, zero-based, full
        science frame.
    readout, pedigree : str, optional
    threshold : float, optional
        DN/s.
    """

    columns: dict[str, NDArray[Any]]
    readout: str | None = None
    pedigree: str | None = None
    threshold: float | None = None


def read_table(path: Path, detector: Detector) -> Findings:
    """
    Read a CSV or ECSV table of pixels.

    Parameters
    ----------
    path : pathlib.Path
        Columns x and y, zero-based, full science frame. Optional: rate in DN/s; onset, an MJD or
        an ISO 8601 date, UTC; and any other column of schema hotpix-1.0.0 under its own name.
        More columns may be there.
    detector : Detector
        Which it must be of, as far as the metadata of an ECSV file says.

    Returns
    -------
    Findings
        A known onset is both the earliest and the latest.

    Raises
    ------
    ListFormatError
        For a missing column, no row, a rate in another unit, a cell that cannot be read.
    FrameMismatchError
        For another detector.
    """
    table = _load_table(path)
    check_detector(table.meta.get("detector"), detector)
    missing = [name for name in ("x", "y") if name not in table.colnames]
    if missing:
        found = ", ".join(table.colnames)
        raise ListFormatError("columns", expected="x and y, zero-based", found=found)
    if not len(table):
        raise ListFormatError("rows", expected="at least one pixel", found=0)
    columns = {name: _numbers(table[name]) for name in COLUMNS if name in table.colnames}
    if "onset" in table.colnames:
        onset = _numbers(table["onset"])
        columns["onset_earliest"] = np.where(np.isnan(onset), -np.inf, onset)
        columns["onset_latest"] = onset
    facts = (table.meta.get(key) for key in ("readout", "pedigree", "threshold_dn_per_s"))
    return Findings(columns, *facts)


def _load_table(path: Path) -> Table:
    try:
        with path.open(encoding="utf-8") as file:
            kind = "ascii.ecsv" if file.readline().startswith(ECSV) else "ascii.csv"
        options = {} if kind == "ascii.ecsv" else {"comment": "#"}
        return Table.read(path, format=kind, **options)
    except FileNotFoundError:
        raise
    except Exception as error:  # noqa: BLE001
        # For a broken table astropy lets out its own errors and those of yaml and numpy.
        found = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ListFormatError("file", expected="a CSV or ECSV table", found=found) from None


def _numbers(column: Column) -> NDArray[np.float64]:
    """Return a column as numbers, dates as MJD, empty cells as NaN."""
    unit = getattr(column, "unit", None)
    if column.info.name.startswith("rate") and unit is not None and str(unit) not in _RATE_UNITS:
        raise ListFormatError(f"unit of {column.info.name}", expected="DN/s", found=unit)
    # A column of times (ECSV can hold them) knows its MJD itself.
    cells = np.ma.asarray(getattr(column, "mjd", column))
    blank = np.ma.getmaskarray(cells)
    if cells.dtype.kind == "U" and column.info.name == "onset":
        dates = zip(cells.data, blank, strict=True)
        return np.array(
            [
                np.nan if empty else mjd_of(str(date), "onset", ListFormatError)
                for date, empty in dates
            ]
        )
    if cells.dtype.kind not in "iuf":
        first = repr(str(cells.data[0]))
        raise ListFormatError(f"column {column.info.name}", expected="numbers", found=first)
    numbers: NDArray[np.float64] = np.where(blank, np.nan, cells.data.astype(np.float64))
    return numbers
