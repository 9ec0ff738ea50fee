"""Detector1 with the hot pixel step after dq_init."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

from jwst.dq_init import DQInitStep
from jwst.pipeline import Detector1Pipeline
from stdatamodels.jwst.datamodels import JwstDataModel

from jwst_hotpix.exceptions import CallError
from jwst_hotpix.flag.stamp import StepRecord, stamp
from jwst_hotpix.flag.suffix import remove_suffix
from jwst_hotpix.step import HotPixStep

__all__ = ["HotPixDetector1Pipeline"]

log = logging.getLogger(f"stpipe.{__name__}")


class _DQInitThenHotPix(DQInitStep):  # type: ignore[misc]
    """Run dq_init, then the pipeline's own hotpix step, which thus has a parent and parameters."""

    @classmethod
    def get_config_reftype(cls) -> str:
        """Name the parameter reference of dq_init: its parameters are ours."""
        reftype: str = DQInitStep.get_config_reftype()
        return reftype

    def run(self, *args: Any) -> Any:
        """Run both steps; if this one is skipped, hot pixels are still flagged."""
        if self.skip and not self.parent.hotpix.skip:
            exposure, *more = args
            args = (self.parent.flag_without_dq_init(exposure), *more)
        return super().run(*args)

    def process(self, step_input: Any) -> Any:
        """Run both steps."""
        return self.parent.hotpix.run(super().process(step_input))


class HotPixDetector1Pipeline(Detector1Pipeline):  # type: ignore[misc]
    """
    ``calwebb_detector1`` with `~jwst_hotpix.step.HotPixStep` right after ``dq_init``.

    Takes every parameter of Detector1Pipeline and ``--steps.hotpix.*``; CRDS parameter references
    of Detector1Pipeline apply. The headers of its products record what the step did.
    """

    class_alias = "hotpix_detector1"

    step_defs: ClassVar = {
        **Detector1Pipeline.step_defs,
        "dq_init": _DQInitThenHotPix,
        "hotpix": HotPixStep,
    }

    @classmethod
    def get_config_reftype(cls) -> str:
        """Name the parameter reference of Detector1Pipeline: its parameters are ours."""
        reftype: str = Detector1Pipeline.get_config_reftype()
        return reftype

    def process(self, input_data: Any) -> Any:
        """
        Run Detector1 with the hot pixel step.

        Parameters
        ----------
        input_data : str, Path or RampModel
            A raw exposure.

        Returns
        -------
        JwstDataModel
            The rate product.

        Raises
        ------
        CallError
            When a list is requested, but ``dq_init`` is to be skipped for a raw exposure.
        """
        self.hotpix.summary = StepRecord()
        if self.hotpix.skip:
            log.warning("No hot pixels are flagged, since steps.hotpix.skip is true")
        result = super().process(input_data)
        self._stamp(result)
        return result

    def flag_without_dq_init(self, model: Any) -> Any:
        """
        Flag the hot pixels of an exposure for which ``dq_init`` is skipped.

        Parameters
        ----------
        model : RampModel
            Flagged if it has already been through ``dq_init``.

        Returns
        -------
        RampModel

        Raises
        ------
        CallError
            When it has not, and a list is requested; otherwise this is a warning.
        """
        if model.meta.cal_step.dq_init == "COMPLETE":
            return self.hotpix.run(model)
        sentence = (
            "no hot pixels can be flagged in a raw exposure when steps.dq_init.skip is true; skip "
            "hotpix too (steps.hotpix.skip), or neither"
        )
        asked = (self.hotpix.override_hotpix, self.hotpix.library, self.hotpix.on_missing)
        if any(value not in (None, "skip") for value in asked):
            raise CallError(
                "steps.dq_init.skip",
                expected="false",
                found="true",
                source=model.meta.filename,
                sentence=sentence,
            )
        log.warning("%s: %s", model.meta.filename, sentence)
        return model

    def remove_suffix(self, name: str) -> tuple[str, str]:
        """Remove the suffix of a product, including that of the step; see `remove_suffix`."""
        return remove_suffix(name)

    def save_model(self, model: Any, *args: Any, **kwargs: Any) -> Any:
        """Stamp and save a product; the only place that sees rateints."""
        self._stamp(model)
        return super().save_model(model, *args, **kwargs)

    def _stamp(self, model: Any) -> None:
        # ramp_fit makes new products, without what the step wrote into the ramp.
        if isinstance(model, JwstDataModel):
            stamp(model, self.hotpix.summary)
