"""Tables of pixels: text, ECSV and FITS tables in, columns of a list out."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jwst_hotpix.exceptions import ListFormatError, first_line
from jwst_hotpix.exchange.cells import epoch_in, number_in, span_in
from jwst_hotpix.exchange.findings import Findings, require_places
from jwst_hotpix.exchange.guess_format import is_fits, text_of
from jwst_hotpix.exchange.text_table import (
    ECSV,
    TextTable,
    ecsv_header,
    require_closed_quotes,
    split_table,
)
from jwst_hotpix.hotlist.pixellist import COLUMNS
from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.masks.mask_checks import check_detector
from jwst_hotpix.tools.bounded_yaml import require_bounded_yaml

if TYPE_CHECKING:
    from astropy.table import Table

__all__ = ["read_table"]

_RATE_UNITS = ("DN / s", "adu / s", "DN/s", "adu/s")

# Of the header of an ECSV table, which astropy reads slowly.
_MOST_NODES = 10_000


def read_table(path: Path, detector: Detector) -> Findings:
    """
    Read a table of pixels.

    Columns x and y, in either case, are zero-based, full frame, science frame. Optional: rate in
    DN/s; onset, an MJD or an ISO 8601 date, UTC; flag, of which HOT counts if it appears; and any
    other column of schema hotpix-1.0.0 under its own name. Further columns are ignored.

    Parameters
    ----------
    path : pathlib.Path
        Text (see `split_table`), in which x and y may be ranges (see `span_in`); ECSV; or a FITS
        table. Plain or gzipped.
    detector : Detector
        The detector that the metadata of the file must name, if any.

    Returns
    -------
    Findings
        Each pixel once.

    Raises
    ------
    ListFormatError
        For a missing column, no row, a rate in another unit, a cell that cannot be read.
    FrameMismatchError
        For another detector, or a place beyond it.
    """
    if is_fits(path):
        return _from_astropy(_fits_table(path, detector), detector)
    text = text_of(path)
    if text.startswith(ECSV):
        return _from_astropy(_ecsv_table(text), detector)
    return _from_text(split_table(text), detector)


def _from_text(table: TextTable, detector: Detector) -> Findings:
    require_places(table.names, len(table.rows))
    cells = {name: [row.cells[i] for row in table.rows] for i, name in enumerate(table.names)}
    lines = [f"in line {row.line}" for row in table.rows]
    spans = {
        name: [
            span_in(cell, f"{name} {line}", size)
            for cell, line in zip(cells[name], lines, strict=True)
        ]
        for name, size in (("y", detector.shape[0]), ("x", detector.shape[1]))
    }
    n_x, n_y = (np.array([len(span) for span in spans[name]]) for name in ("x", "y"))
    # Ranges take few bytes, and the pixels in them any amount of memory.
    n_pixels, most = int(np.dot(n_x, n_y)), detector.shape[0] * detector.shape[1] // 4
    if n_pixels > most:
        expected = f"at most {most}, a quarter of the detector"
        raise ListFormatError("pixels", expected=expected, found=n_pixels)

    def expand(name: str, read: Any) -> NDArray[np.float64]:
        values = [read(c, f"{name} {line}") for c, line in zip(cells[name], lines, strict=True)]
        return np.repeat(np.array(values), n_x * n_y)

    columns: dict[str, NDArray[Any]] = {
        "x": np.concatenate([np.tile(x, n) for x, n in zip(spans["x"], n_y, strict=True)]),
        "y": np.concatenate([np.repeat(y, n) for y, n in zip(spans["y"], n_x, strict=True)]),
    }
    columns |= {
        name: expand(name, number_in) for name in COLUMNS if name in cells and name not in columns
    }
    return Findings.of_rows(
        columns,
        onset=expand("onset", epoch_in) if "onset" in cells else None,
        flags=np.repeat(cells["flag"], n_x * n_y).tolist() if "flag" in cells else None,
    )


def _fits_table(path: Path, detector: Detector) -> Table:
    # astropy takes half a second to import, and plain text does without.
    from astropy.table import Table

    from jwst_hotpix.exposure.fits_file import open_whole

    with open_whole(path, ListFormatError) as hdus:
        check_detector(hdus[0].header.get("DETECTOR"), detector)
        for hdu in hdus:
            if not hdu.is_image and {"x", "y"} <= {name.lower() for name in hdu.columns.names}:
                table = Table.read(hdu)
                table.meta = {key.lower(): value for key, value in table.meta.items()}
                return table
    raise ListFormatError(
        "tables", expected="columns x and y", found="none",
        sentence="no table of this FITS file has columns x and y",
    )  # fmt: skip


def _ecsv_table(text: str) -> Table:
    from astropy.table import Table

    require_closed_quotes(text)
    try:
        require_bounded_yaml(ecsv_header(text), _MOST_NODES)
        return Table.read(text.splitlines(), format="ascii.ecsv")
    except Exception as error:  # noqa: BLE001
        # For a broken table astropy raises errors of its own, and those of yaml and numpy.
        found = first_line(error)
        raise ListFormatError(
            "table", expected="ECSV", found=found, sentence=f"not a valid ECSV table: {found}"
        ) from None


def _from_astropy(table: Table, detector: Detector) -> Findings:
    check_detector(table.meta.get("detector"), detector)
    table.rename_columns(table.colnames, [name.lower() for name in table.colnames])
    require_places(table.colnames, len(table))
    return Findings.of_rows(
        {name: _numbers(table, name) for name in COLUMNS if name in table.colnames},
        onset=_epochs(table) if "onset" in table.colnames else None,
        flags=[str(flag) for flag in table["flag"]] if "flag" in table.colnames else None,
        **_facts(table.meta),
    )


def _epochs(table: Table) -> NDArray[np.float64]:
    column = table["onset"]
    cells = np.ma.asarray(getattr(column, "mjd", column))
    if cells.dtype.kind in "US":
        texts = ["" if cell is np.ma.masked else str(cell) for cell in column]
    else:
        numbers = _numbers(table, "onset").tolist()
        texts = ["" if isnan(number) else repr(number) for number in numbers]
    return np.array([epoch_in(text, "onset") for text in texts])


def _numbers(table: Table, name: str) -> NDArray[np.float64]:
    """Return a column as numbers, dates as MJD, empty cells as NaN."""
    column = table[name]
    unit = getattr(column, "unit", None)
    if name.startswith("rate") and unit is not None and str(unit) not in _RATE_UNITS:
        raise ListFormatError(f"unit of {name}", expected="DN/s", found=unit)
    # A column of times, which ECSV allows, gives its MJD itself.
    cells = np.ma.asarray(getattr(column, "mjd", column))
    if cells.ndim != 1 or cells.dtype.kind not in "iuf":
        found = f"{cells.dtype}, shape {cells.shape}" if cells.ndim != 1 else repr(str(cells[0]))
        raise ListFormatError(f"column {name}", expected="numbers", found=found)
    return np.where(np.ma.getmaskarray(cells), np.nan, cells.data.astype(np.float64))


def _facts(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the metadata of a table say of the list."""
    threshold = meta.get("threshold_dn_per_s")
    if threshold is not None and not isinstance(threshold, int | float):
        raise ListFormatError("threshold_dn_per_s", expected="a number", found=repr(threshold))
    texts = {key: str(meta[key]) for key in ("readout", "pedigree") if meta.get(key) is not None}
    return {**texts, "threshold": threshold}
