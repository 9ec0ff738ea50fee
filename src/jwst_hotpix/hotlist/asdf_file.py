"""Hot pixel lists in and out of ASDF (schema hotpix-1.0.0)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings

import asdf
import numpy as np

from jwst_hotpix.exceptions import (
    ListFormatError,
    MissingListError,
    PathError,
    first_line,
    naming,
    reason_of,
)
from jwst_hotpix.hotlist.bounded_asdf import MOST_BYTES, require_bounded
from jwst_hotpix.hotlist.core_asdf import core_asdf
from jwst_hotpix.hotlist.parse import parse
from jwst_hotpix.hotlist.pixellist import PixelList
from jwst_hotpix.hotlist.schema import REFTYPE, SCHEMA
from jwst_hotpix.hotlist.to_tree import Header, default_name, require_digest, to_tree
from jwst_hotpix.tools.atomic import atomic_path
from jwst_hotpix.tools.regular_file import read_regular

if TYPE_CHECKING:
    from jwst_hotpix.hotlist.datamodel import HotPixModel

__all__ = [
    "REFTYPE",
    "Header",
    "default_name",
    "name_of",
    "read",
    "read_with_description",
    "write",
]


def read(source: str | os.PathLike[str] | HotPixModel) -> PixelList:
    """
    Read and check a hot pixel list.

    Parameters
    ----------
    source : path or HotPixModel
        A path is read with plain asdf: no pipeline is imported.

    Returns
    -------
    PixelList

    Raises
    ------
    MissingListError
        When there is no such file.
    ListFormatError
        When it is no list, of an unknown schema version, or holds a value that is not allowed;
        the message names the file, the field, what was expected and what was found.
    FrameMismatchError
        For an unknown detector or a readout mode it does not have.
    """
    if isinstance(source, str | os.PathLike):
        with naming(source):
            tree = _load(Path(source))
            pixels = parse(tree)
            require_digest(tree["meta"]["hotpix"], pixels)
            return pixels
    with naming(name_of(source)):
        return parse(_tree_of(source))


def read_with_description(path: str | os.PathLike[str]) -> tuple[PixelList, str]:
    """
    Read and check a list file, and its description.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    pixels : PixelList
        As `read` returns it.
    description : str
        ``meta.description``; empty if there is none.

    Raises
    ------
    MissingListError, ListFormatError, FrameMismatchError
        As `read`.
    """
    with naming(path):
        tree = _load(Path(path))
        pixels = parse(tree)
        return pixels, str(tree["meta"].get("description") or "")


def name_of(source: str | os.PathLike[str] | HotPixModel) -> str:
    """
    Name a list for logs and headers.

    Parameters
    ----------
    source : path or HotPixModel
        The file, or the open model.

    Returns
    -------
    str
        The file name without its folder; for a model that was never a file its type.
    """
    if isinstance(source, str | os.PathLike):
        return Path(source).name
    return str(source.meta.filename or type(source).__name__)


def write(pixels: PixelList, path: str | os.PathLike[str], header: Header) -> Path:
    """
    Write a list to a new file, whole or not at all.

    Parameters
    ----------
    pixels : PixelList
        The list.
    path : path
        Ends in ``.asdf``.
    header : Header
        What the file holds beside the pixels of the list.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    ListFormatError
        When the path does not end in ``.asdf``.
    """
    final = Path(path)
    if final.suffix != ".asdf":
        raise ListFormatError("file name", expected="to end in .asdf", found=final.name)
    schema = files("jwst_hotpix") / "resources" / "schemas" / f"{SCHEMA}.yaml"
    tree = to_tree(pixels, header, final.name)
    with (
        core_asdf(),
        asdf.AsdfFile(tree, custom_schema=str(schema)) as file,
        atomic_path(final) as temporary,
        # asdf would take a # in a file name for the start of a fragment.
        temporary.open("wb") as stream,
    ):
        for line in header.history:
            file.add_history_entry(line)
        file.write_to(stream)
    return final


def _load(path: Path) -> Mapping[str, Any]:
    try:
        content = read_regular(path, MOST_BYTES)
    except (FileNotFoundError, IsADirectoryError):
        sentence = "file not found"
        raise MissingListError(
            "hot pixel list", expected="a file", found="none", sentence=sentence
        ) from None
    except OSError as error:
        raise _broken(str(error), reason_of(OSError(error.errno, error.strerror))) from None
    except PathError as error:
        raise _broken(str(error), error.sentence) from None
    if not content.startswith(b"#ASDF"):
        raise _broken("other content", "not an ASDF file, so not a hot pixel list")
    require_bounded(content)
    try:
        # Warnings of asdf are either errors here or irrelevant.
        with (
            catch_warnings(action="ignore"),
            core_asdf(),
            asdf.open(
                BytesIO(content), lazy_load=False, memmap=False, validate_checksums=True
            ) as file,
        ):
            tree = dict(file.tree)
            tree["pixels"] = {k: np.asarray(v) for k, v in dict(tree.get("pixels", {})).items()}
            return tree
    except Exception as error:  # noqa: BLE001
        # For a damaged file asdf raises whatever yaml, struct and numpy raise.
        raise _broken(first_line(error)) from None


def _broken(found: str, sentence: str | None = None) -> ListFormatError:
    expected = "a whole ASDF hot pixel list"
    return ListFormatError("file", expected=expected, found=found, sentence=sentence)


def _tree_of(model: HotPixModel) -> Mapping[str, Any]:
    if not (model.hasattr("pixels") and model.hasattr("meta")):
        raise ListFormatError("model", expected="a HotPixModel", found=type(model).__name__)
    return {"meta": model.meta.instance, "pixels": model.pixels.instance}
