"""What the CRDS context in use knows of hot pixel lists."""

from __future__ import annotations

import logging

import crds
from stpipe.crds_client import CrdsError, get_context_used

from jwst_hotpix.reference.io import REFTYPE

__all__ = ["serves_lists"]

log = logging.getLogger(f"stpipe.{__name__}")


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
