"""``hotpix reconcile``: how right a list was, once the next MASK is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jwst_hotpix.cli.output import DATE, emit
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.masks.compare_delivery import reconcile_files
from jwst_hotpix.masks.delivery_score import Reconciliation
from jwst_hotpix.tools.proportion import Proportion

__all__ = ["command"]


@click.command("reconcile")
@click.argument("path", metavar="LIST", type=click.Path(path_type=Path))
@click.option("--old-mask", "old", metavar="M0", type=click.Path(path_type=Path), required=True,
              help="The MASK that the list was made to supplement.")  # fmt: skip
@click.option("--new-mask", "new", metavar="M1", type=click.Path(path_type=Path), required=True,
              help="The MASK delivered after it.")  # fmt: skip
@click.option("--at", "epoch", type=DATE, help="Date of M1 (ISO, UTC). Default: its USEAFTER.")
@click.option("--bit", type=int, help="Of masks that are no references: value of the bit for hot.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(
    path: Path, old: Path, new: Path, epoch: float | None, bit: int | None, *, as_json: bool
) -> None:
    """
    Score a list against the next delivered mask: confirmed, missed, unconfirmed.

    \b
    Example:
      hotpix reconcile list.asdf --old-mask mask_0057.fits --new-mask mask_0061.fits
    """
    score = reconcile_files(asdf_file.read(path), old, new, bit=bit, epoch=epoch)
    emit(_describe(score), as_json=as_json, title=f"{path.name} against {new.name}")


def _describe(score: Reconciliation) -> dict[str, Any]:
    classes = {
        "confirmed": score.breakdown(score.confirmed),
        "missed": score.missed_breakdown(),
        "unconfirmed": score.breakdown(score.unconfirmed),
    }
    return {
        "added": score.n_added,
        "confirmed": int(score.confirmed.sum()),
        "missed": score.missed_y.size,
        "unconfirmed": int(score.unconfirmed.sum()),
        "inactive": score.n_inactive,
        "already_masked": int(score.already_masked.sum()),
        "gone": score.n_gone,
        **_share("completeness", score.completeness),
        **_share("purity", score.purity),
        **{
            f"{name}_by_{key}": counts
            for name, table in classes.items()
            for key, counts in table.items()
        },
    }


def _share(name: str, share: Proportion) -> dict[str, float | None]:
    if share.value is None or share.error is None:
        return {name: None, f"{name}_error": None}
    return {name: round(share.value, 4), f"{name}_error": round(share.error, 4)}
