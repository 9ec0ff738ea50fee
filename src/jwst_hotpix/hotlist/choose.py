"""Which list an exposure gets, chosen by its headers as the step would choose."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jwst_hotpix.exceptions import MissingListError
from jwst_hotpix.exposure.ask_crds import CrdsClient, parameters_of
from jwst_hotpix.exposure.on_disk import Exposure
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.library import ENVIRONMENT, Library

__all__ = ["Listed", "choose"]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """
    The list of an exposure.

    Attributes
    ----------
    name : str
        As headers give it.
    path : str, optional
        None for a list that the step will get from CRDS.
    digest : str, optional
        sha256 of the content; None for a list of CRDS, whose name never stands for other content.
    """

    name: str
    path: str | None = None
    digest: str | None = None


def choose(exposure: Exposure, path: str | None, library: str | None, run: str) -> Listed:
    """
    Choose the list of an exposure.

    Parameters
    ----------
    exposure : Exposure
    path, library : str, optional
        The list to use; else the folder of lists to choose from, after CRDS.
    run : str
        Lists are read once in a process for each run, which this names.

    Returns
    -------
    Listed

    Raises
    ------
    MissingListError, ListFormatError
        When no list is of the detector, or the one asked for is none.
    """
    if path is None:
        name = _name_in_crds(exposure)
        if name is not None:
            return Listed(name=f"crds://{name}")
        if library is None:
            expected = f"--list, --library or ${ENVIRONMENT}"
            raise MissingListError("hot pixel list", expected=expected, found="none of them")
    choice = _library(path, library, run).find(
        detector=exposure.detector.name, readout=exposure.readout, epoch=exposure.epoch
    )
    path = path or str(Path(str(library)) / choice.name)
    return Listed(name=choice.name, path=path, digest=choice.pixels.digest())


@lru_cache(maxsize=1)
def _library(path: str | None, folder: str | None, run: str) -> Library:
    del run
    return Library.of_folder(str(folder)) if path is None else Library.of_list(path)


def _name_in_crds(exposure: Exposure) -> str | None:
    """Ask the context in use which list it has for this exposure; nothing is fetched."""
    client = CrdsClient(asdf_file.REFTYPE, MissingListError)
    if not client.serves(exposure.detector.instrument):
        return None
    return client.recommend(parameters_of(exposure.header))
