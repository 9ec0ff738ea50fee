"""Searches for NIRSpec exposures in MAST: darks and science exposures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any
from urllib.parse import quote

from jwst_hotpix.fetch.ask_mast import ask_mast, mast_error
from jwst_hotpix.instrument.readouts import patterns_of
from jwst_hotpix.measure.open import DARK_TYPES
from jwst_hotpix.measure.open_science import SCIENCE_TYPES
from jwst_hotpix.tools.dates import epoch_of, iso

__all__ = ["DARKS", "SCIENCE", "MastFile", "Search", "find_in_mast"]

#: Kinds of exposures, by EXP_TYPE: darks, and spectra of the sky.
DARKS = (DARK_TYPES["NIRSPEC"],)
SCIENCE = SCIENCE_TYPES["NIRSPEC"]

_COLUMNS = (
    *("filename", "exp_type", "detector", "readpatt", "subarray", "program", "expstart"),
    *("fileSize", "publicReleaseDate_mjd", "isRestricted"),
)
_NAME = re.compile(r"(?P<root>jw\d{11}_\w+_nrs[12])_(?P<product>[a-z0-9]+)\.fits")

# From before the launch to the year 2100, MJD.
_EVER = {"min": 59000.0, "max": 88069.0}

# Public products in the cloud, https://registry.opendata.aws/jwst/, by program and visit.
_CLOUD = "s3://stpubdata/jwst/public/{program}/{visit}/{name}"


@dataclass(frozen=True, kw_only=True)
class Search:
    """
    Which exposures are wanted.

    Attributes
    ----------
    types : tuple of str
        EXP_TYPE: `DARKS` or `SCIENCE`.
    product : str
        Suffix of the wanted files, e.g. ``"uncal"`` or ``"rate"``.
    detector, readout : str, optional
        ``"NRS1"`` or ``"NRS2"``, ``"IRS2"`` or ``"TRAD"``; None for both.
    program : int, optional
        Number of the program; None for all.
    since, until : float
        MJD (UTC), given as any `Date`; limits of the start of the exposures, inclusive.
    released_since : float
        MJD (UTC), given likewise; earliest public release.
    """

    types: tuple[str, ...]
    product: str
    detector: str | None = None
    readout: str | None = None
    program: int | None = None
    since: float = -inf
    until: float = inf
    released_since: float = -inf

    def __post_init__(self) -> None:
        for name in ("since", "until", "released_since"):
            # A frozen dataclass offers no other way to normalize its own fields.
            object.__setattr__(self, name, epoch_of(getattr(self, name)))

    def filters(self) -> list[dict[str, Any]]:
        """Return the search in the form that MAST expects."""
        values: dict[str, list[Any]] = {"exp_type": list(self.types)}
        if self.detector:
            values["detector"] = [self.detector]
        if self.readout:
            values["readpatt"] = list(patterns_of(self.readout))
        if self.program is not None:
            values["program"] = [str(self.program)]
        spans = {
            "expstart": {"min": self.since, "max": self.until},
            "publicReleaseDate_mjd": {"min": self.released_since},
        }
        for name, limits in spans.items():
            if any(map(isfinite, limits.values())):
                # MAST requires both ends of a range.
                values[name] = [{**_EVER, **{k: v for k, v in limits.items() if isfinite(v)}}]
        return [{"paramName": name, "values": wanted} for name, wanted in values.items()]


@dataclass(frozen=True, kw_only=True)
class MastFile:
    """
    A file in MAST.

    Attributes
    ----------
    name : str
        E.g. ``"jw01234001001_03101_00001_nrs1_rate.fits"``.
    bytes : int or None
        Its size; None if MAST lists only other products of the exposure.
    detector, readpatt, subarray, program : str
        As in the headers.
    start : float
        MJD (UTC) of the start of the exposure.
    released : float or None
        MJD (UTC) of the public release; None if it is not set.
    restricted : bool
        Whether MAST withholds it, whatever the date.
    url : str
        Where MAST serves it.
    """

    name: str
    bytes: int | None
    detector: str
    readpatt: str
    subarray: str
    program: str
    start: float
    released: float | None
    restricted: bool
    url: str

    @property
    def cloud(self) -> str:
        """Its address in the public bucket, which contains only public files."""
        return _CLOUD.format(program=self.name[:7], visit=self.name[:13], name=self.name)

    def is_public(self, now: float) -> bool:
        """
        Return whether it is public.

        Parameters
        ----------
        now : float
            MJD (UTC).
        """
        return not self.restricted and self.released is not None and self.released <= now


def find_in_mast(search: Search) -> list[MastFile]:
    """
    Search MAST for exposures.

    Parameters
    ----------
    search : Search
        Which ones.

    Returns
    -------
    list of MastFile
        One per exposure and detector, sorted by start and name.

    Raises
    ------
    FetchError
        When astroquery is not installed, or MAST cannot be reached, refuses, or does not return a
        list of files.
    """
    rows, server = ask_mast(_COLUMNS, search.filters())
    try:
        files = [_file(row, name, size, server) for row, name, size in _wanted(rows, search)]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise mast_error(f"MAST answered in an unknown format ({reason})") from None
    return sorted(files, key=lambda file: (file.start, file.name))


def _wanted(
    rows: Iterable[Mapping[str, Any]], search: Search
) -> Iterator[tuple[Mapping[str, Any], str, int | None]]:
    """
    Choose the product of each exposure, with its size.

    The search may list only the highest products of an exposure; the wanted one exists too, but its
    size is then unknown.
    """
    exposures: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        parts = _NAME.fullmatch(str(row["filename"]).lower())
        if parts is None or row["expstart"] is None:
            continue
        if search.since <= float(row["expstart"]) <= search.until:
            exposures.setdefault(parts["root"], {})[parts["product"]] = row
    for root, products in exposures.items():
        name = f"{root}_{search.product}.fits"
        found = products.get(search.product)
        if found is None:
            yield next(iter(products.values())), name, None
        else:
            size = found.get("fileSize")
            yield found, name, None if size is None else max(int(size), 0)


def _file(row: Mapping[str, Any], name: str, size: int | None, server: str) -> MastFile:
    uri = quote(f"mast:JWST/product/{name}", safe=":/")
    released = row.get("publicReleaseDate_mjd")
    return MastFile(
        name=name,
        bytes=size,
        start=_date(row["expstart"]),
        released=None if released is None else _date(released),
        restricted=str(row.get("isRestricted")).lower() in {"true", "1"},
        url=f"{server}/api/v0.1/Download/file?uri={uri}",
        **{key: str(row[key]).upper() for key in ("detector", "readpatt", "subarray", "program")},
    )


def _date(value: Any) -> float:
    """Return an MJD; raise ValueError if it is not a date."""
    epoch = float(value)
    iso(epoch)
    return epoch
