"""The page as a file: ``hotpix report``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jwst_hotpix.report.contents import SECTIONS
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.page import page_of
from jwst_hotpix.report.words import day
from jwst_hotpix.tools.atomic import atomic_path

__all__ = ["Written", "write_report"]


@dataclass(frozen=True, kw_only=True)
class Written:
    """
    The page that was written.

    Attributes
    ----------
    page : str
        Its file, as the user named it.
    size : int
        Bytes.
    """

    page: str
    size: int

    def to_dict(self) -> dict[str, Any]:
        """Return all attributes, ready for JSON."""
        return {"page": self.page, "bytes": self.size}


def write_report(material: Material, path: Path) -> Written:
    """
    Write the page.

    Parameters
    ----------
    material : Material
        What the page is made of.
    path : pathlib.Path
        File to write, replaced if it exists.

    Returns
    -------
    Written
        File and size.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    page = page_of(
        title_of(material), subtitle_of(material), [make(material) for make in SECTIONS], _footer()
    )
    content = page.encode()
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
    return Written(page=str(path), size=len(content))


def title_of(material: Material) -> str:
    """Name the detectors and the date, ``Hot pixels of NRS1 and NRS2 on 2024-03-01``."""
    names = " and ".join(one.name for one in material.detectors) or material.asked.detector
    of_what = f" of {names}" if names else ""
    return f"Hot pixels{of_what}" + (f" on {day(material.at)}" if material.at else "")


def subtitle_of(material: Material) -> str:
    """Name the ledger, and say how its date was chosen."""
    if material.at is None:
        return f"Ledger {material.folder}"
    chosen = "that of its last look" if material.asked.as_of is None else "as asked for"
    return f"Ledger {material.folder}; the date is {chosen}. All dates are in UTC."


def _footer() -> str:
    now = datetime.now(UTC)
    return f"Made by jwst_hotpix {version('jwst_hotpix')} on {now:%Y-%m-%d at %H:%M} UTC."
