"""The page as a file: ``hotpix report``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwst_hotpix.report.contents import SECTIONS
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.page import page_of
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
    page = page_of(f"Hot pixels: {material.folder}", [make(material) for make in SECTIONS])
    content = page.encode()
    with atomic_path(path) as temporary:
        temporary.write_bytes(content)
    return Written(page=str(path), size=len(content))
