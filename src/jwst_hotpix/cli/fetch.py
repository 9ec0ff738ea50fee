"""``hotpix fetch``: get evidence from CRDS and MAST."""

from __future__ import annotations

import click

from jwst_hotpix.cli.lazy_group import LazyGroup

__all__ = ["command"]

# What can be fetched: module, one line of help.
_KINDS = {
    "references": ("fetch_references", "Get NIRSpec DARK references from CRDS."),
    "darks": ("fetch_darks", "Get NIRSpec dark exposures from MAST."),
    "science": ("fetch_science", "Get rate products of public NIRSpec spectra from MAST."),
}


@click.group("fetch", cls=LazyGroup, verbs=_KINDS, kind="kind of evidence")
def command() -> None:
    """
    Get evidence of hot pixels from CRDS and MAST.

    \b
    Examples:
      hotpix fetch references --for exp_uncal.fits --dry-run
      hotpix fetch darks --for exp_uncal.fits -o darks
      hotpix fetch science --program 1234 --detector NRS1 | hotpix ingest ledger @-
    """
