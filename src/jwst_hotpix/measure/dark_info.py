"""Which dark something is about: what its file, its rates and its record have in common."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from jwst_hotpix.instrument.detectors import Detector
from jwst_hotpix.instrument.frames import Window

__all__ = ["KINDS", "DarkInfo"]

# A CRDS DARK, which many exposures went into; one exposure.
KINDS = ("reference", "dark")


@dataclass(frozen=True, eq=False, kw_only=True)
class DarkInfo:
    """
    Where, when and how a dark was taken.

    Attributes
    ----------
    readout : str
        ``"IRS2"`` or ``"TRAD"``.
    kind : str
        One of `KINDS`: ``"reference"`` (a CRDS DARK, which many exposures went into) or ``"dark"``
        (one exposure).
    epoch : float
        MJD (UTC): mid-time of an exposure; of a reference the middle of the period it was made
        from, else its USEAFTER.
    known : float
        MJD (UTC): end of the exposure or period; the dark is no evidence before.
    window : Window
        Part of the detector that the dark shows, in the science frame.
    facts : dict
        Header facts by lower-case keyword, ``product`` (``"drk"``, ``"avdrkcur"`` or ``"ramp"`` of
        a CRDS DARK; ``"rate"``, ``"rateints"``, ``"dark"`` for a ramp that passed ``dq_init``, or
        ``"uncal"`` of an exposure) and ``epoch_from``, the keywords that the epoch comes from.
        Once measured also ``units``, ``units_from``, ``factor`` and the ``gain`` used if any.
        Ready for JSON.
    """

    readout: str
    kind: str
    epoch: float
    known: float
    window: Window
    facts: dict[str, Any]

    @property
    def detector(self) -> Detector:
        """The detector that the dark was taken with."""
        return self.window.detector

    @property
    def product(self) -> str | None:
        """The product that the rates come from; see `facts`."""
        return self.facts.get("product")

    def info(self) -> dict[str, Any]:
        """Return these attributes by name, to describe something else of the same dark."""
        return {field.name: getattr(self, field.name) for field in fields(DarkInfo)}


@dataclass(frozen=True, eq=False, kw_only=True)
class ScienceInfo(DarkInfo):
    """
    Where, when and how a science exposure was taken, and which others belong to it.

    Attributes
    ----------
    first, last : float
        MJD (UTC) of its start and end.
    visit : str
        Program, observation and visit, as ``VISIT_ID``; empty where the header names none.
    configuration : str
        What stays in the light path for a visit: exposure type, subarray, MSA configuration.
    disperser : str
        Grating and filter, e.g. ``"G395M F290LP"``.
    pointing : tuple of float, or None
        Arcseconds on the sky, east and north of an origin that exposures of a visit share. None
        where the header does not give it.
    """

    first: float
    last: float
    visit: str
    configuration: str
    disperser: str
    pointing: tuple[float, float] | None

    def setup(self) -> dict[str, Any]:
        """Return all of these attributes by name, to describe something else of the exposure."""
        return {field.name: getattr(self, field.name) for field in fields(ScienceInfo)}
