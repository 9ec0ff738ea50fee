"""Detector1 with the hot pixel step after dq_init."""

from __future__ import annotations

from typing import Any, ClassVar

from jwst.dq_init import DQInitStep
from jwst.pipeline import Detector1Pipeline
from stdatamodels.jwst.datamodels import JwstDataModel

from jwst_hotpix.flag.stamp import stamp
from jwst_hotpix.step import HotPixStep

__all__ = ["HotPixDetector1Pipeline"]


class _DQInitThenHotPix(DQInitStep):  # type: ignore[misc]
    """dq_init, then the pipeline's own hotpix step, which thus has a parent and parameters."""

    @classmethod
    def get_config_reftype(cls) -> str:
        """Name the parameter reference of dq_init: its parameters are ours."""
        reftype: str = DQInitStep.get_config_reftype()
        return reftype

    def process(self, step_input: Any) -> Any:
        """Run both steps."""
        return self.parent.hotpix.run(super().process(step_input))


class HotPixDetector1Pipeline(Detector1Pipeline):  # type: ignore[misc]
    """
    ``calwebb_detector1`` with `~jwst_hotpix.step.HotPixStep` right after ``dq_init``.

    Takes every parameter of Detector1Pipeline and ``--steps.hotpix.*``; CRDS parameter references
    of Detector1Pipeline apply. Its products say in their headers what the step did.
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

        Returns
        -------
        JwstDataModel
            The rate product.
        """
        result = super().process(input_data)
        self._stamp(result)
        return result

    def save_model(self, model: Any, *args: Any, **kwargs: Any) -> Any:
        """Stamp and save a product; the only place that sees rateints."""
        self._stamp(model)
        return super().save_model(model, *args, **kwargs)

    def _stamp(self, model: Any) -> None:
        # ramp_fit makes new products, without what the step wrote into the ramp.
        if isinstance(model, JwstDataModel):
            stamp(model, self.hotpix.summary)
