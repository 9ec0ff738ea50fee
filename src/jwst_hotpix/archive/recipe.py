"""What is to be done to every exposure of an archive, the same to all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import current_process
from pathlib import Path
from typing import Any, Self

from jwst_hotpix.archive.product_names import RAW
from jwst_hotpix.archive.strun import Call
from jwst_hotpix.exceptions import CallError
from jwst_hotpix.hotlist.library import BUILTIN, ENVIRONMENT

__all__ = ["Recipe"]

_DETECTOR1, _STEP = "jwst_hotpix.HotPixDetector1Pipeline", "jwst_hotpix.HotPixStep"
_OF_STEP = "steps.hotpix."

# Parameters that decide on files and lists, which is done here.
_OURS = {"output_dir", "save_results", "output_file"}
_OURS_FIRST = {"suffix", f"{_OF_STEP}override_hotpix", f"{_OF_STEP}library"} | {
    f"{_OF_STEP}{name}" for name in ("save_results", "suffix")
}
# Steps without which nothing is flagged, and values that stpipe reads as false.
_NEEDED, _FALSE = {"steps.dq_init.skip", f"{_OF_STEP}skip"}, {"false", "no", "off", "0"}
# Nor may any step within a pipeline choose where it writes.
_PLACES = {"output_dir", "output_file"}

# With these values a step does all by itself.
_ONE_PROCESS = {"none", "1"}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """
    Which list, which parameters, which pipelines.

    Attributes
    ----------
    list_path : str, optional
        The list to use; else CRDS and the library decide, as for the step.
    library : str, optional
        Folder of lists, or ``"builtin"``.
    parameters : tuple of (str, str)
        Of `~jwst_hotpix.HotPixDetector1Pipeline`; those under ``steps.hotpix.`` are the step's
        also where it runs alone.
    then : tuple of Call
        Pipelines that follow.
    allow_simulated : bool
        Use simulated lists and placeholders for real exposures.
    """

    list_path: str | None = None
    library: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    then: tuple[Call, ...] = ()
    allow_simulated: bool = False

    @classmethod
    def of(
        cls,
        *,
        listed: Path | None = None,
        library: Path | None = None,
        parameters: Sequence[str] = (),
        then: Sequence[str] = (),
        allow_simulated: bool = False,
        **of_step: Any,
    ) -> Self:
        """
        Read what somebody asks for, and check it as far as stpipe can.

        Parameters
        ----------
        listed : Path, optional
            The list to use.
        library : Path, optional
            Folder of lists, or ``builtin``; by default ``$JWST_HOTPIX_LIBRARY``.
        parameters : sequence of str
            ``NAME=VALUE``, as of the attribute.
        then : sequence of str
            Pipelines that follow, as `Call.parse` takes them.
        allow_simulated : bool
            As the attribute.
        **of_step
            Parameters of the step, e.g. ``threshold=5.0``; None leaves its default.

        Returns
        -------
        Recipe

        Raises
        ------
        CallError
            As `check`, and for a parameter without a value.
        """
        given = dict(map(_name_and_value, parameters))
        given |= {f"{_OF_STEP}{name}": str(v) for name, v in of_step.items() if v is not None}
        folder = str(library or os.environ.get(ENVIRONMENT) or "")
        is_folder = folder not in ("", BUILTIN)
        recipe = cls(
            list_path=None if listed is None else str(listed.absolute()),
            library=str(Path(folder).absolute()) if is_folder else folder or None,
            parameters=tuple(sorted(given.items())),
            then=tuple(map(Call.parse, then)),
            allow_simulated=allow_simulated,
        )
        # The options of the command have been checked already, and stpipe takes seconds to import.
        if parameters or then:
            recipe.check()
        return recipe

    def first(self, product: str) -> Call:
        """
        Return what comes before the pipelines of ``then``.

        Parameters
        ----------
        product : str
            Kind of the exposure, as `~jwst_hotpix.exposure.description.Exposure` has it.

        Returns
        -------
        Call
            Detector1 with the step, or the step alone.
        """
        if product == RAW:
            return Call(name=_DETECTOR1, parameters=self.parameters)
        ours = [
            (name.removeprefix(_OF_STEP), value)
            for name, value in self.parameters
            if name.startswith(_OF_STEP)
        ]
        return Call(name=_STEP, parameters=tuple(ours))

    def override(self, product: str, path: str) -> tuple[str, str]:
        """
        Return the parameter that names the list.

        Parameters
        ----------
        product, path : str
            Kind of the exposure, and where the list is.

        Returns
        -------
        tuple of (str, str)
        """
        prefix = _OF_STEP if product == RAW else ""
        return f"{prefix}override_hotpix", f'"{path}"'

    def text(self, product: str) -> str:
        """
        Return one line that is the same for the same treatment; the list is not in it.

        Parameters
        ----------
        product : str
            Kind of the exposure, as in `Exposure.product`.

        Returns
        -------
        str
        """
        return " | ".join(map(str, (self.first(product), *self.then)))

    def check(self) -> None:
        """
        Raise unless stpipe takes it.

        Raises
        ------
        CallError
            For an unknown pipeline or parameter, one that the user may not set, or one with which
            nothing would be flagged.
        """
        for name, value in self.parameters:
            if name in _NEEDED and value.lower() not in _FALSE:
                sentence = f"{name}={value}: nothing would be flagged"
                raise CallError(name, expected="false", found=value, sentence=sentence)
        _check(self.first(RAW), _OURS | _OURS_FIRST)
        for call in self.then:
            _check(call, _OURS)

    def check_processes(self) -> None:
        """
        Raise if this process must not start those that a parameter asks for.

        Raises
        ------
        CallError
            In a worker of dask that is a daemon, as it is by default.
        """
        if not current_process().daemon:
            return
        for call in (self.first(RAW), *self.then):
            for name, value in call.parameters:
                if name.rpartition(".")[2] == "maximum_cores" and value not in _ONE_PROCESS:
                    sentence = (
                        f"{name}={value} needs workers that may start processes: set "
                        "distributed.worker.daemon to false for the cluster"
                    )
                    raise CallError(name, expected="none", found=value, sentence=sentence)


def _name_and_value(parameter: str) -> tuple[str, str]:
    name, equals, value = parameter.partition("=")
    if not (name and equals):
        raise CallError("parameter", expected="NAME=VALUE", found=parameter)
    return name.removeprefix("--"), value.strip()


def _check(call: Call, ours: set[str]) -> None:
    for name, _ in call.parameters:
        if name in ours or name.rpartition(".")[2] in _PLACES:
            expected = "none that decides on files or the list"
            raise CallError("parameter", expected=expected, found=name, source=call.name)
    call.check()
