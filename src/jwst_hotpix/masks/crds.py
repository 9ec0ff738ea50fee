"""What the CRDS context in use knows: of hot pixel lists, and of the masks of exposures."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import crds
from crds.client import api
from stpipe.crds_client import CrdsError, get_context_used

from jwst_hotpix.exceptions import MissingMaskError
from jwst_hotpix.hotlist.schema import REFTYPE

__all__ = ["mask_for", "mask_path", "require_context", "serves_lists"]

log = logging.getLogger(f"stpipe.{__name__}")

# What the rules of MASK references of all instruments ask of an exposure (CRDS, rmap parkeys),
# and where a FITS header has it.
_SELECTION = {
    "META.INSTRUMENT.NAME": "INSTRUME",
    "META.INSTRUMENT.DETECTOR": "DETECTOR",
    "META.EXPOSURE.TYPE": "EXP_TYPE",
    "META.EXPOSURE.READPATT": "READPATT",
    "META.SUBARRAY.NAME": "SUBARRAY",
    "META.OBSERVATION.DATE": "DATE-OBS",
    "META.OBSERVATION.TIME": "TIME-OBS",
}


def serves_lists(instrument: str) -> bool:
    """
    Tell whether the CRDS context in use has rules for hot pixel lists.

    Asking crds for a reference of a type that its context does not know logs an error in the
    user's face, so look first.

    Parameters
    ----------
    instrument : str
        E.g. ``"NIRSPEC"``.

    Returns
    -------
    bool
        False also where there is no CRDS at all.
    """
    try:
        context = crds.get_symbolic_mapping(get_context_used("jwst"), observatory="jwst")
        return REFTYPE in context.get_imap(instrument).get_filekinds()
    except (CrdsError, OSError, SystemExit) as error:
        # Without server and cache crds ends the interpreter; a folder of lists still works.
        log.debug("No CRDS context: %s", error)
        return False


def require_context() -> None:
    """
    Make sure that there is a CRDS context to ask.

    Raises
    ------
    MissingMaskError
    """
    with _quiet():
        get_context_used("jwst")


def mask_for(header: Mapping[str, Any]) -> str:
    """
    Name the MASK that ``dq_init`` would choose for an exposure, without fetching it.

    Parameters
    ----------
    header : mapping
        The primary header of the exposure.

    Returns
    -------
    str
        File name.

    Raises
    ------
    MissingMaskError
        When there is no CRDS context, or it has no MASK for the exposure.
    """
    parameters = {
        name: header[keyword] for name, keyword in _SELECTION.items() if keyword in header
    }
    with _quiet():
        # Every call but the first takes a quarter of a millisecond: the rules stay in memory.
        chosen = crds.getrecommendations(parameters, reftypes=["mask"], observatory="jwst")
    name = str(chosen.get("mask", "none"))
    if not name.endswith(".fits"):
        raise MissingMaskError("MASK in the CRDS context", expected="one", found=name)
    return name


def mask_path(name: str) -> Path:
    """
    Find a MASK in the CRDS cache; the CRDS client fetches it if it can, as in the pipeline.

    Parameters
    ----------
    name : str
        File name, also as ``crds://`` URI.

    Returns
    -------
    Path

    Raises
    ------
    MissingMaskError
        When it is not in the cache and cannot be fetched.
    """
    name = name.removeprefix("crds://")
    with _quiet():
        path = Path(crds.locate_file(name, "jwst"))
        if not path.is_file():
            api.dump_references(get_context_used("jwst"), [name])
    return path


@contextmanager
def _quiet() -> Iterator[None]:
    """Turn what crds lets out into our error: it logs first, and may end the interpreter."""
    logger = logging.getLogger("CRDS")
    was_disabled, logger.disabled = logger.disabled, True
    try:
        yield
    except SystemExit:
        found = "no CRDS cache and no server (CRDS_PATH, CRDS_SERVER_URL)"
        raise MissingMaskError("MASK", expected="from CRDS", found=found) from None
    except (CrdsError, OSError) as error:
        found = f"{type(error).__name__}: {error}".splitlines()[0]
        raise MissingMaskError("MASK", expected="from CRDS", found=found) from None
    finally:
        logger.disabled = was_disabled
