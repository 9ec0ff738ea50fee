"""The command ``hotpix``. A verb is imported when it is used, so that ``--help`` is quick."""

from __future__ import annotations

import sys

import click

from jwst_hotpix.cli.lazy_group import LazyGroup

__all__ = ["main"]

# Verb: module, one line of help.
_VERBS = {
    "demo": ("demo", "See hot pixels vanish from a simulated exposure."),
    "fetch": ("fetch", "Get darks and references from CRDS and MAST."),
    "ingest": ("ingest", "Measure darks into a ledger."),
    "update": ("update", "Ingest whatever is new in CRDS and MAST."),
    "discover": ("discover", "Find new hot pixels in your own science exposures."),
    "build": ("build", "Make a list of hot pixels from a ledger."),
    "reprocess": ("reprocess", "Run Detector1 with the step over an archive."),
    "show": ("show", "Summarize a hot pixel list or a ledger."),
    "lists": ("lists", "Show the lists that come with the package, and those of a folder."),
    "pixel": ("pixel", "Report what every look saw of one pixel."),
    "supplement": ("supplement", "Write what a list adds to a MASK."),
    "export": ("export", "Write a list as MASK, user-supplied DQ, DS9 regions or ECSV."),
    "import": ("imports", "Make a list from a MASK, another mask, or a table."),
    "reconcile": ("reconcile", "Score a list against the next delivered MASK."),
    "trend": ("trend", "Report how fast the number of hot pixels grows."),
    "ta": ("ta", "Report how likely hot pixels spoil target acquisition."),
    "report": ("report", "Write a page with all that a ledger shows."),
    "audit": ("audit", "Report what each exposure would gain from a list."),
    "explain": ("explain", "Report which lines of a spectrum are hot pixels."),
}


@click.group(cls=LazyGroup, verbs=_VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="jwst_hotpix")
def _hotpix() -> None:
    """
    Find, list and flag the hot pixels of the JWST NIRSpec detectors.

    \b
    Example:
      hotpix demo -o demo
    """


def main() -> None:
    """Run the command; errors raised on purpose end as one line on stderr and status 1."""
    try:
        _hotpix.main(prog_name="hotpix", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit("hotpix: interrupted")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except Exception as error:
        # Imported only now: it must not slow down --help.
        from jwst_hotpix.exceptions import HotPixError, reason_of

        if isinstance(error, HotPixError | OSError):
            sys.exit(f"hotpix: {reason_of(error)}")
        raise
