"""HotPixStep: flag the hot pixels that the active mask does not flag."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from inspect import currentframe
from pathlib import Path
from typing import Any

from jwst.dq_init import DQInitStep
from jwst.stpipe import Step
from stdatamodels.jwst import datamodels

from jwst_hotpix.exceptions import (
    FrameMismatchError,
    HotPixError,
    MissingListError,
    MissingMaskError,
    naming,
)
from jwst_hotpix.exposure import in_memory
from jwst_hotpix.exposure.ask_crds import CRDS
from jwst_hotpix.exposure.description import Exposure
from jwst_hotpix.flag import apply
from jwst_hotpix.flag.stamp import Counts, StepRecord, stamp
from jwst_hotpix.flag.suffix import SUFFIX, remove_suffix
from jwst_hotpix.flag.targets import Neighbors, Policy, active_targets, recovered
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.births import BIRTHS
from jwst_hotpix.hotlist.choose import Choice, Lists
from jwst_hotpix.hotlist.pixellist import Onset, PixelList
from jwst_hotpix.masks.make_supplement import supplement, supplement_header
from jwst_hotpix.masks.of_exposure import Masks
from jwst_hotpix.masks.reference_mask import Mask, read_mask

__all__ = ["HotPixStep"]

# Below "stpipe", so that the pipeline's log handlers, and with them cal_logs, get every line
# in every way in: a pipeline asks only its own class, not its hooks, which loggers to record.
log = logging.getLogger(f"stpipe.{__name__}")


class HotPixStep(Step):  # type: ignore[misc]
    """
    Flag hot pixels that are newer than the active mask, at the exposure's own time.

    Runs right after ``dq_init`` (as a hook, or in ``hotpix_detector1``), or on rate and
    calibrated products. Pixels that the DQ does not mask already get HOT and DO_NOT_USE in
    ``pixeldq`` and DO_NOT_USE in ``groupdq``, or the same bits in ``dq`` and NaN in the data.

    The list is ``override_hotpix``, else that of the CRDS context in use if it serves reftype
    ``hotpix``, else the best file of ``library`` or ``$JWST_HOTPIX_LIBRARY``; the word ``builtin``
    in place of this folder stands for the lists that come with the package.

    Parameters
    ----------
    override_hotpix : str, Path or HotPixModel, optional
        The list to use.
    library : str, optional
        Folder of lists to choose from, or ``"builtin"``; ``$JWST_HOTPIX_LIBRARY`` by default.
    threshold : float, optional
        Dark rate in DN/s above which pixels are flagged; entries without a rate always are. That of
        the list by default.
    neighbors : str
        ``"none"`` flags centers only, ``"threshold"`` also neighbors whose own rate is above the
        threshold, ``"cross"`` all four neighbors of every center, of the list and of the active
        mask. Default: ``"threshold"``.
    onset : str
        Which end of the onset interval, last cold to first hot, to use: ``"earliest"``,
        ``"midpoint"`` or ``"latest"``. Default: ``"earliest"``.
    min_confidence : float
        Entries of lower confidence, from 0 to 1, are ignored. Default: 0.
    promote_hot : bool
        Set DO_NOT_USE for pixels that the mask flags only as HOT, as masks before 2023 do. Default:
        False.
    unflag_recovered : bool
        Clear HOT and DO_NOT_USE of recovered pixels that have no other flag, in ramps only.
        Default: False.
    on_missing : str, optional
        When no list fits: ``"error"``, or ``"skip"`` with a warning. By default an error if the
        step is run alone, and ``"skip"`` if another step calls it.
    save_supplement : bool
        Write ``<root>_hotpix.asdf``: what the list adds to the mask of this exposure. Default:
        False.
    """

    class_alias: str = "hotpix"

    #: What the last run did; the pipeline stamps its products with it.
    summary = StepRecord()

    spec = """
        override_hotpix = is_string_or_datamodel(default=None)  # Hot pixel list to use
        library = string(default=None)  # Folder of hot pixel lists, or builtin [$JWST_HOTPIX_LIBRARY]
        threshold = float(default=None, min=0.0)  # Flag above this dark rate in DN/s [the list's]
        neighbors = option('none', 'threshold', 'cross', default='threshold')  # Neighbors to flag
        onset = option('earliest', 'midpoint', 'latest', default='earliest')  # Which end of the onset interval to use
        min_confidence = float(default=0.0, min=0.0, max=1.0)  # Ignore entries of lower confidence
        promote_hot = boolean(default=False)  # Add DO_NOT_USE to pixels that the mask flags as HOT only
        unflag_recovered = boolean(default=False)  # Clear the mask's bits of recovered pixels (ramps)
        on_missing = option('skip', 'error', default=None)  # What to do when no list fits [error if run alone, else skip]
        save_supplement = boolean(default=False)  # Write what the list adds to the mask, as ASDF
    """  # noqa: E501

    #: Whether no other step called this one, so that without a list there is nothing to do.
    _is_alone = True

    # reference_file_types stays empty: prefetch would fail on a type the context does not know,
    # even when an override is given.

    def run(self, *args: Any) -> Any:
        """
        Run the step; see `process`.

        Parameters
        ----------
        *args
            The exposure.

        Returns
        -------
        JwstDataModel
            As `process`.
        """
        self._is_alone = self.parent is None and not self._is_called()
        with nullcontext() if self._is_alone else _nothing_to_collect():
            return super().run(*args)

    def process(self, input_data: Any) -> Any:
        """
        Flag the hot pixels of one exposure.

        Parameters
        ----------
        input_data : str, Path, JwstDataModel or tuple of JwstDataModel
            A ramp after ``dq_init``, a rate or rateints product, or a calibrated exposure or slit.
            As a hook of ``ramp_fit``, both its products, the second of which may be None.

        Returns
        -------
        JwstDataModel
            The same product, flagged. Inside a pipeline the input itself, else a new model.
            Of several, a tuple of them.

        Raises
        ------
        ExposureError, FrameMismatchError, ListFormatError
            When the exposure or the list cannot be used; the input is left as it was.
        MissingListError
            When no list fits and ``on_missing`` is ``"error"``, as it is by default unless another
            step runs this one.
        """
        if not isinstance(input_data, tuple):
            result, self.summary = self._process(input_data)
            return result
        # The first is the product of the exposure, whose summary is kept.
        done = [(one, StepRecord()) if one is None else self._process(one) for one in input_data]
        self.summary = done[0][1]
        return tuple(result for result, _ in done)

    def default_suffix(self) -> str:
        """Name products ``<root>_hotpix.fits``, however the step was started."""
        return SUFFIX

    def remove_suffix(self, name: str) -> tuple[str, str]:
        """Remove the suffix of a product, including that of this step; see `remove_suffix`."""
        return remove_suffix(name)

    def _is_called(self) -> bool:
        """Return whether another step is running this one; a hook may have no parent."""
        frame = currentframe()
        while frame is not None:
            # Elsewhere nothing is read: a copy of the locals would keep models beyond an error.
            names = frame.f_code.co_varnames + frame.f_code.co_freevars
            caller = frame.f_locals.get("self") if "self" in names else None
            if isinstance(caller, Step) and caller is not self:
                return True
            frame = frame.f_back
        return False

    def _process(self, input_data: Any) -> tuple[Any, StepRecord]:
        """Flag one product; return it and what was done."""
        model = self.prepare_output(input_data, make_copy=False)
        with naming(in_memory.name_of(model)):
            found = self._choose(model)
        result = model if self._may_change(input_data) else in_memory.copy_of(model)
        summary = StepRecord()
        if found is not None:
            exposure, choice = found
            if self.save_supplement:
                self._save_supplement(result, exposure, choice.pixels)
            summary = self._flag(result, choice, exposure.epoch)
        stamp(result, summary)
        return result, summary

    # CRDS has no parameters for this step: asked for them it logs an error, and without a server
    # it ends the interpreter. The second name is what pipelines of stpipe >= 1.1 call.
    @classmethod
    def get_config_from_reference(
        cls, dataset: Any, disable: bool | None = None, crds_observatory: str | None = None
    ) -> Any:
        """Return no parameters."""
        del disable
        return super().get_config_from_reference(
            dataset, disable=True, crds_observatory=crds_observatory
        )

    @classmethod
    def _get_crds_parameters(cls, dataset: Any) -> Any:
        # With its name stpipe asks only for such parameters, and would open the file once more.
        return ({}, "jwst") if isinstance(dataset, str) else super()._get_crds_parameters(dataset)

    @classmethod
    def _get_config_from_parameters(cls, *_args: Any) -> Any:
        return cls._empty_config()

    def _may_change(self, input_data: Any) -> bool:
        """
        Return whether the input may be changed: a file, or passed on within a pipeline.

        A hook given as an instance has no parent, but stpipe renames it to its alias.
        """
        is_model = isinstance(input_data, datamodels.JwstDataModel)
        return not is_model or self.parent is not None or self.name == self.class_alias

    def _choose(self, model: Any) -> tuple[Exposure, Choice] | None:
        """
        Choose the list, and refuse what cannot be flagged before anything is changed.

        None when no list fits and the exposure is to pass without one.
        """
        if self.override_hotpix is not None:
            # A list that was asked for is meant for this exposure.
            in_memory.check_product(model)
        exposure = in_memory.describe_model(model)
        try:
            choice = Lists(self.override_hotpix, self.library).choose(exposure)
            pixels = choice.pixels
        except MissingListError as error:
            missing = self.on_missing or ("error" if self._is_alone else "skip")
            if missing == "error" or self.override_hotpix is not None:
                raise
            log.warning("No hot pixel list, step skipped: %s", error)
            return None
        if self.override_hotpix is None:
            # Not before: any exposure passes that there is no list for.
            in_memory.check_product(model)
        log.info("Hot pixel list %s: %s", choice.name, choice.reason)
        if choice.doubt:
            log.warning("%s: %s", choice.name, choice.doubt)
        misfit = choice.misfit(exposure.readout)
        if misfit and self.on_missing == "error":
            raise FrameMismatchError(
                "readout of the list", expected=exposure.readout, found=pixels.readout,
                sentence=f"{choice.name}: {misfit}",
            )  # fmt: skip
        if misfit:
            log.warning("%s: %s", choice.name, misfit)
        if choice.name.startswith(CRDS):
            # The list is in the cache by now; this makes stpipe record the context in the header.
            self.get_reference_file(model, asdf_file.REFTYPE)
        return exposure, choice

    def _flag(self, result: Any, choice: Choice, epoch: float) -> StepRecord:
        pixels = choice.pixels
        policy = Policy(
            threshold=self.threshold,
            neighbors=Neighbors(self.neighbors),
            onset=Onset(self.onset),
            min_confidence=self.min_confidence,
        )
        targets = active_targets(pixels, epoch, policy)
        is_ramp = isinstance(result, datamodels.RampModel)
        if self.unflag_recovered and not is_ramp:
            log.warning("unflag_recovered works on ramps only: later products have lost the values")
        counts = Counts()
        for window, part in in_memory.parts_of(result):
            # Recovered pixels first: an arm of a cross that falls on one must stay flagged.
            if self.unflag_recovered and is_ramp:
                counts += apply.unflag(window, part, *recovered(pixels, epoch, policy))
            crosses = policy.neighbors is Neighbors.CROSS
            counts += apply.flag_hot(window, part, targets, crosses=crosses)
            if self.promote_hot:
                counts += apply.promote(part)
        summary = StepRecord(
            status="COMPLETE",
            name=choice.name,
            digest=pixels.digest(),
            pedigree=pixels.provenance.pedigree,
            age=pixels.provenance.age(epoch),
            counts=counts,
        )
        _report(summary, pixels.provenance.expected_unlisted(epoch))
        return summary

    def _save_supplement(self, model: Any, exposure: Exposure, pixels: PixelList) -> None:
        """
        Write what the list adds to the exposure's own mask to ``<root>_hotpix.asdf``.

        The product does not depend on it, so a failure is only a warning.
        """
        path = self.make_output_path(basepath=model.meta.filename, suffix=SUFFIX, ext=".asdf")
        try:
            mask = self._mask_of(model, exposure)
            added = supplement(pixels, mask)
            asdf_file.write(added, path, supplement_header(mask))
        except (HotPixError, OSError) as error:
            log.warning("No supplement written: %s", error)
            return
        log.info("Wrote %s: %d entries that %s lacks", Path(path).name, len(added), mask.name)

    def _mask_of(self, model: Any, exposure: Exposure) -> Mask:
        """
        Find the mask of the exposure.

        While hooks run, ``meta.ref_file.mask`` is not written yet: ask the dq_init that is running,
        which also knows its override.
        """
        for owner in (self.parent, getattr(self.parent, "dq_init", None)):
            if isinstance(owner, DQInitStep):
                used = owner.get_reference_file(model, "mask")
                if used in ("", "N/A"):
                    sentence = "dq_init used no MASK"
                    raise MissingMaskError(
                        "MASK", expected="that of dq_init", found=used, sentence=sentence
                    )
                return read_mask(used)
        return Masks().of(exposure)


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """
    Exempt what is in memory from garbage collection for a while.

    stpipe collects garbage before every step, looking through all modules of the pipeline: in a
    small subarray that takes ten times as long as flagging. The next step collects again.
    """
    # A worker of `reprocess` has exempted its modules for good.
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _report(summary: StepRecord, unlisted: float | None) -> None:
    """Log what was done, and what a list older than the exposure cannot hold."""
    counts = summary.counts
    log.info(
        "%d entries active in this exposure: %d masked already, newly flagged %d hot pixels and "
        "%d neighbors",
        counts.active,
        counts.masked,
        counts.centers,
        counts.neighbors,
    )
    if counts.promoted or counts.cleared:
        log.info(
            "Mask: %d HOT pixels given DO_NOT_USE, %d recovered", counts.promoted, counts.cleared
        )
    if summary.age is None:
        log.warning("%s does not give the date of its last dark", summary.name)
    elif summary.age > 0:
        expected = "an unknown number of" if unlisted is None else f"about {unlisted:.0f}"
        log.info(
            "%s is %.0f days older than the exposure: expect %s new hot pixels on the detector "
            "that it does not list (%s)",
            summary.name,
            summary.age,
            expected,
            BIRTHS,
        )
