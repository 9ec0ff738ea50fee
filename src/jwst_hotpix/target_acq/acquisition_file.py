"""Target acquisitions from their raw exposures."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from astropy.io import fits

from jwst_hotpix.exceptions import ExposureError, HotPixError, first_line, naming
from jwst_hotpix.exposure.fits_file import open_whole
from jwst_hotpix.exposure.when import dates_of_exposure
from jwst_hotpix.target_acq.acquisition import Acquisition, Stamp, stamp_window

__all__ = ["read_acquisition"]

# What the onboard software writes where it has no value.
_MISSING = -999

# Seconds and reads: wider than any readout.
_GROUP_TIME = (1e-6, 86_400.0)
_NFRAMES = (1, 1000)
_Number = TypeVar("_Number", int, float)

# Columns of MSA_TARG_ACQ (msatargacq.schema of stdatamodels), and the keywords of TARG_ACQ that
# hold the same, as the WATA monitor of jwql reads them. A WATA takes one image.
_KEYWORDS = {
    "reference_star_name": "REFSTNAM",
    "ref_star_detector": "TA_DTCTR",
    "extract_col_start": "EXTCOLST",
    "extract_row_start": "EXTROWST",
    "sci_x_centroid": "SCIXCNTR",
    "sci_y_centroid": "SCIYCNTR",
}
_COLUMNS = ("exposure_id", *_KEYWORDS)


def read_acquisition(path: Path) -> Acquisition:
    """
    Read the stamps of a target acquisition exposure.

    Parameters
    ----------
    path : pathlib.Path
        Raw exposure: MSATA with the table MSA_TARG_ACQ, WATA with the header TARG_ACQ.

    Returns
    -------
    Acquisition
        Its stars; those without a stamp are excluded.

    Raises
    ------
    ExposureError
        When the file is not whole, is not a target acquisition, or lacks a value; or when a star
        was found outside its stamp, see `stamp_window`.
    HotPixError
        For an unknown detector, a stamp beyond the detector, or no date.
    """
    with naming(path), open_whole(path, ExposureError) as hdus:
        try:
            return _from_hdus(hdus, path.name)
        except HotPixError:
            raise
        except (TypeError, ValueError, OverflowError) as error:
            # Raised for values in headers and tables that are of another type.
            found = first_line(error)
            expected = "a whole target acquisition exposure"
            raise ExposureError("file", expected=expected, found=found) from None


def _from_hdus(hdus: fits.HDUList, name: str) -> Acquisition:
    header = hdus[0].header
    if "MSA_TARG_ACQ" in hdus:
        kind, rows = "MSATA", _rows_of_table(hdus["MSA_TARG_ACQ"])
    elif "TARG_ACQ" in hdus:
        facts = hdus["TARG_ACQ"].header
        values = {column: _value(facts, key) for column, key in _KEYWORDS.items()}
        kind, rows = "WATA", [{"exposure_id": 1, **values}]
    else:
        expected = "a target acquisition, with MSA_TARG_ACQ (MSATA) or TARG_ACQ (WATA)"
        raise ExposureError("exposure", expected=expected, found=header.get("EXP_TYPE", "neither"))
    return Acquisition(
        name=name,
        kind=kind,
        epoch=dates_of_exposure(header).epoch,
        group_time=_in_range("TGROUP", float(_value(header, "TGROUP")), _GROUP_TIME, "s"),
        nframes=_in_range("NFRAMES", int(_value(header, "NFRAMES")), _NFRAMES, "reads"),
        stamps=tuple(_stamp(row) for row in rows if row["extract_col_start"] != _MISSING),
    )


def _rows_of_table(table: fits.BinTableHDU) -> list[dict[str, Any]]:
    columns = [] if table.is_image else table.columns.names
    # Column names are the same in FITS whatever their case; astropy below compares them so too.
    there = {column.lower() for column in columns}
    missing = [column for column in _COLUMNS if column not in there]
    if missing:
        expected = f"a table with column {', '.join(missing)}"
        raise ExposureError("MSA_TARG_ACQ", expected=expected, found=columns or "an image")
    return [{column: row[column] for column in _COLUMNS} for row in table.data]


def _value(header: fits.Header, key: str) -> Any:
    if key not in header:
        sentence = f"the header lacks {key}"
        raise ExposureError(key, expected="a value", found=None, sentence=sentence)
    return header[key]


def _in_range(key: str, value: _Number, limits: tuple[float, float], unit: str) -> _Number:
    """Return a value that an exposure can have; NaN is refused."""
    first, last = limits
    if not first <= value <= last:
        raise ExposureError(key, expected=f"{first:g} to {last:g} {unit}", found=value)
    return value


def _stamp(row: Mapping[str, Any]) -> Stamp:
    y, x = float(row["sci_y_centroid"]), float(row["sci_x_centroid"])
    centroid = (y, x) if isfinite(y + x) and min(y, x) > 0 else None
    corner = int(row["extract_col_start"]), int(row["extract_row_start"])
    return Stamp(
        star=str(row["reference_star_name"]),
        image=int(row["exposure_id"]),
        window=stamp_window(str(row["ref_star_detector"]), *corner, centroid),
        centroid=centroid,
    )
