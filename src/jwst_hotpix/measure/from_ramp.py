"""Dark rates from ramps, by the steps of jwst."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from jwst_hotpix.exceptions import DarkError, first_line
from jwst_hotpix.measure.dark_file import DarkFile
from jwst_hotpix.measure.from_rate import pixels_of_rate
from jwst_hotpix.measure.linear_groups import LINEAR, find_linear_groups, noise_of_group
from jwst_hotpix.measure.pixels import Pixels

__all__ = ["cut_bends", "read_ramp", "unmask_hot"]

# Header card by which a step is marked as done. Those before the jump step are not repeated
# for a ramp that passed them.
_STEPS = {
    "group_scale": "S_GRPSCL",
    "dq_init": "S_DQINIT",
    "saturation": "S_SATURA",
    "superbias": "S_SUPERB",
    "refpix": "S_REFPIX",
    "linearity": "S_LINEAR",
    "jump": "S_JUMP",
}


def read_ramp(dark: DarkFile) -> tuple[Pixels, dict[str, Any]]:
    """
    Measure a raw dark exposure, or one that passed the steps before the jump step.

    Parameters
    ----------
    dark : DarkFile
        The open file, a ramp.

    Returns
    -------
    pixels : Pixels
        In DN/s. Pixels that the mask calls hot are measured like all others.
    facts : dict
        What the record keeps of the header; what the steps did is added.

    Raises
    ------
    DarkError
        When a step fails, for instance because CRDS has no reference file for it.
    """
    import jwst
    from jwst.pipeline import Detector1Pipeline

    with _one_error():
        pipeline = Detector1Pipeline(steps=_parameters(dark))
        model = pipeline.run(str(dark.path))
    facts = {
        "units": "DN/s",
        "units_from": "Detector1",
        "factor": 1.0,
        "measured_by": f"jwst {jwst.__version__}",
        "r_mask": model.meta.ref_file.mask.name,
        "crds_ctx": model.meta.ref_file.crds.context_used,
    }
    arrays = (np.asarray(model.data), np.asarray(model.err), np.asarray(model.dq))
    pixels = pixels_of_rate(dark, *arrays, grown=dark.product == "dark")
    return pixels, facts


def unmask_hot(model: Any) -> Any:
    """
    Let the jump and ramp_fit steps see the pixels that the mask calls hot.

    Parameters
    ----------
    model : RampModel
        Changed in place: pixels flagged HOT lose DO_NOT_USE, in ``pixeldq`` and ``groupdq``.

    Returns
    -------
    RampModel
        The same.
    """
    from stdatamodels.jwst.datamodels import dqflags

    unusable = dqflags.pixel["DO_NOT_USE"]
    y, x = np.nonzero(model.pixeldq & dqflags.pixel["HOT"])
    model.pixeldq[y, x] &= ~np.uint32(unusable)
    for integration in model.groupdq:
        for group in integration:
            group[y, x] &= ~np.uint8(unusable)
    return model


def cut_bends(model: Any) -> Any:
    """
    Let the ramp_fit step see only the linear groups of the ramps that bend.

    The jump step takes their first, steepest groups for cosmic rays: what is left is the slope of
    the groups that are least linear.

    Parameters
    ----------
    model : RampModel
        After the jump step; its ``groupdq`` is changed in place, by the rule of
        `jwst_hotpix.measure.linear_groups`: groups that count lose JUMP_DET, those after them
        become SATURATED, which ends a ramp.

    Returns
    -------
    RampModel
        The same.
    """
    from stdatamodels.jwst.datamodels import dqflags

    full, jump = (np.uint8(dqflags.group[name]) for name in ("SATURATED", "JUMP_DET"))
    for ramp, flags in zip(np.asarray(model.data), model.groupdq, strict=True):
        y, x = np.nonzero(ramp.max(axis=0) > LINEAR)
        if not y.size or len(ramp) < 2:
            continue
        marks = flags[:, y, x]
        found = find_linear_groups(ramp[:, y, x], noise_of_group(ramp), (marks & full) != 0)
        group = np.arange(len(ramp))[:, np.newaxis]
        marks = np.where(group < found.count, marks & ~jump, marks | full)
        flags[:, y[found.bends], x[found.bends]] = marks[:, found.bends]
    return model


def _parameters(dark: DarkFile) -> dict[str, dict[str, Any]]:
    done = {step for step, card in _STEPS.items() if dark.header.get(card) == "COMPLETE"}
    steps: dict[str, dict[str, Any]] = {step: {"skip": True} for step in done}
    for step in ("dark_current", "persistence", "charge_migration", "clean_flicker_noise"):
        steps[step] = {"skip": True}
    # Growth would hide the neighbors of a saturated pixel, which are measured well enough here.
    steps.setdefault("saturation", {"n_pix_grow_sat": 0})
    # A hook also runs where its step is skipped.
    for step, hook in (("refpix", unmask_hot), ("jump", cut_bends)):
        steps.setdefault(step, {})["post_hooks"] = [f"{__name__}.{hook.__name__}"]
    # One good group is enough to show that a pixel is hot.
    steps["ramp_fit"] = {"suppress_one_group": False}
    return steps


@contextmanager
def _one_error() -> Iterator[None]:
    """Turn whatever ends a step into one error."""
    try:
        yield
    except SystemExit as error:
        # The CRDS client ends the interpreter when it finds neither cache nor server.
        found = f"exit status {error.code}; is CRDS_PATH or CRDS_SERVER_URL set?"
        raise DarkError("steps of jwst", expected="a rate", found=found) from None
    except Exception as error:
        found = first_line(error)
        raise DarkError("steps of jwst", expected="a rate", found=found) from error
