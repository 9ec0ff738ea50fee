"""What the model of a pixel's life assumes, each number with its source."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from inspect import cleandoc

from jwst_hotpix.instrument.detectors import get_detector
from jwst_hotpix.instrument.published_growth import GROWTH

__all__ = ["DEFAULT", "Assumptions"]


def _mean_growth() -> tuple[float, ...]:
    return tuple(sum(column) / len(GROWTH) for column in zip(*GROWTH.values(), strict=True))


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """
    What the model assumes beside what the darks show.

    Where no source is named, none is known: "Assumption".

    Attributes
    ----------
    births : tuple of float
        Pixels of one detector that turn hot per month above 1, 3, 10 and 100 DN/s: mean over the
        detectors and readout modes of NIRSpec in JWST-STScI-009188, Table 1.
    area : int
        Number of pixels that `births` and `false_alarms` refer to: those of a NIRSpec detector
        that see light.
    births_beside : float
        Excess of births among the eight neighbors of hot pixels, as a fraction of all births:
        0 to 16 % in the NIRCam lists of grizli.
    telegraph_fraction : float
        Fraction of new hot pixels that are telegraph pixels: 20 % of those of NIRCam are
        intermittent (C. Willott, gbrammer/grizli issue 200).
    fast_fraction : float
        Fraction of telegraph pixels that switch faster than darks follow each other; half of the
        others start in the high state. Assumption.
    switches_per_day : float
        Rate at which slow telegraph pixels leave their state: dwell times reach a month.
        Assumption.
    duty : tuple of float
        Smallest and largest fraction of time that a fast telegraph pixel is high. Assumption.
    recoveries_per_year : float
        Rate at which hot pixels recover: none is published for NIRSpec. Assumption.
    relapses_per_year : float
        Rate at which recovered pixels turn hot again. Assumption.
    missed : float
        Probability that a dark sees a hot pixel as cold. Assumption.
    false_alarms : float
        Cosmic rays left in a full-frame dark of 1000 s, where no other dark shows how many they
        are: jump detection leaves a hundredth of them. Assumption.
    false_certainty : float
        Certainty of that number, as so many counts of its own: it is known within a third.
        Assumption.
    reference_hits : float
        Fraction of the cosmic rays of one dark that are left in a CRDS DARK, which averages many
        darks without their outliers. Assumption.
    hit_charge : float
        Median charge in DN that such a cosmic ray leaves in a pixel. Assumption.
    hit_scatter : float
        Scatter of ln(charge). Assumption.
    false_single : float
        False detections per pixel of a look of one science exposure: cosmic rays. From simulated
        exposures (benchmarks/science.py).
    false_stared : float
        The same of a look of several exposures with one pointing: sharp lines. From simulated
        exposures (benchmarks/science.py).
    false_dithered : float
        The same of a look of several pointings: persistence that lasts for all of a visit. From
        simulated exposures (benchmarks/science.py).
    look_weight : float
        Full-frame looks that these three numbers weigh as much as, beside the looks themselves.
        Assumption.
    persistence_days : float
        Time within which looks share the persistence of what was there before, so that a second
        one confirms nothing. Assumption.
    false_lowest : float
        Smallest probability that a dark sees a cold pixel as hot. Assumption.
    hysteresis_sigmas : float
        Errors below its own median rate down to which a pixel stays hot. Assumption.
    hysteresis_fraction : float
        Fraction of the threshold below which any pixel is cold. Assumption.
    repeatability : float
        Smallest relative scatter of the rates of a hot pixel, for the same purpose. Assumption.
    rate_sigma : float
        Scatter of ln(rate) of a hot pixel. Assumption.
    rate_fraction : float
        Fraction of its rates within that scatter; the others are distributed as the rates of all
        hot pixels are. Assumption.
    rate_unseen : float
        Counts added to each distribution of rates for rates that were never seen. Assumption.
    established_after : int
        Detections after which the rates of a pixel count as those of a hot pixel. Assumption.
    dismissed_after : int
        Cold darks after which the only detection of a pixel is taken for a cosmic ray. The model
        would find the same; this saves time.
    on : float
        Probability above which a pixel counts as hot at a dark. Assumption.
    cold : float
        Probability of being hot below which a dark bounds the onset: a telegraph pixel may have
        been low in the first darks. Assumption.
    telegraph : float
        Probability above which a pixel is called a telegraph pixel. Assumption.
    recovered_after : int
        Cold darks at the end that count as a recovery, not as the low state of a telegraph pixel.
        Assumption.
    risen_over : int
        Last rates of a pixel that show whether it has risen above the threshold, though most of its
        rates are below. Assumption.
    risen_sigmas : float
        Errors by which their median must exceed the threshold. Assumption.
    suspicion : float
        Lowest confidence of a listed pixel that every dark since its onset saw hot: a pixel
        wrongly masked until the next dark costs far less than a hot one that is not. Chosen on
        simulated darks (benchmarks/monitor.py).
    proof : float
        Lowest confidence of any other listed pixel: nothing is lost by waiting. Assumption.
    lasting_after : int
        Darks that must show a pixel before its rate, even below the threshold, helps to distinguish
        rings from pairs of hot pixels. Assumption.
    helped_until : int
        Darks that see a center hot until its arms are left to stand for themselves. Assumption.
    """

    births: tuple[float, ...] = _mean_growth()
    area: int = get_detector("NRS1").n_active
    births_beside: float = 0.1
    telegraph_fraction: float = 0.2
    fast_fraction: float = 0.5
    switches_per_day: float = 1 / 15
    duty: tuple[float, float] = (0.1, 0.9)
    recoveries_per_year: float = 0.05
    relapses_per_year: float = 0.05
    missed: float = 1e-3
    false_alarms: float = 500.0
    false_certainty: float = 10.0
    reference_hits: float = 0.02
    hit_charge: float = 1000.0
    hit_scatter: float = 1.0
    false_single: float = 1.6e-4
    false_stared: float = 1e-5
    false_dithered: float = 5e-7
    look_weight: float = 2.0
    persistence_days: float = 0.5
    false_lowest: float = 1e-9
    hysteresis_sigmas: float = 4.0
    hysteresis_fraction: float = 0.7
    repeatability: float = 0.02
    rate_sigma: float = 0.1
    rate_fraction: float = 0.9
    rate_unseen: float = 3.0
    established_after: int = 3
    dismissed_after: int = 8
    on: float = 0.2
    cold: float = 0.02
    telegraph: float = 0.5
    recovered_after: int = 3
    risen_over: int = 3
    risen_sigmas: float = 3.0
    suspicion: float = 0.23
    proof: float = 0.9
    lasting_after: int = 3
    helped_until: int = 2

    def digest(self) -> str:
        """
        Return a fingerprint of these assumptions, which lists carry.

        Returns
        -------
        str
            sha256 of the names and values.
        """
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def explained(self) -> dict[str, str]:
        """
        Return what each number means and where it comes from.

        Returns
        -------
        dict of str to str
            One or more sentences by name; empty where Python runs without docstrings.
        """
        entries = re.findall(
            r"^(\w+) : .*\n((?: {4}.*(?:\n|$))+)", cleandoc(type(self).__doc__ or ""), re.MULTILINE
        )
        meaning = {name: " ".join(text.split()) for name, text in entries}
        return {name: meaning.get(name, "") for name in asdict(self)}


DEFAULT = Assumptions()
