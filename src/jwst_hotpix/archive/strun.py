"""Pipelines and steps as ``strun`` takes them, run within this process."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from jwst_hotpix.exceptions import CallError, first_line

__all__ = ["Call"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """
    A pipeline or step and its parameters.

    Attributes
    ----------
    name : str
        A class (``"jwst.pipeline.Spec2Pipeline"``), an alias (``"calwebb_spec2"``) or a parameter
        file, as the first argument of ``strun``.
    parameters : tuple of (str, str)
        Name and value, e.g. ``("steps.jump.skip", "true")``.
    """

    name: str
    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Parse what follows ``strun`` on a command line, without the exposure.

        Parameters
        ----------
        text : str
            E.g. ``"calwebb_spec2 --steps.extract_1d.skip=true"``.

        Returns
        -------
        Call

        Raises
        ------
        CallError
            When there is no name, or anything after it is not ``--parameter=value``.
        """
        try:
            words = shlex.split(text)
        except ValueError as error:
            raise CallError("pipeline", expected="quotes that close", found=error) from None
        if not words:
            raise CallError("pipeline", expected="a class, an alias or a file", found="nothing")
        options = [word.removeprefix("--").partition("=") for word in words[1:]]
        for word, (name, equals, _) in zip(words[1:], options, strict=True):
            if not (word.startswith("--") and name and equals):
                expected = "--parameter=value"
                raise CallError("option", expected=expected, found=word, source=words[0])
        file = Path(words[0])
        name = str(file.absolute()) if file.is_file() else words[0]
        return cls(name=name, parameters=tuple((name, value) for name, _, value in options))

    def __str__(self) -> str:
        """Return a line that is the same for the same call; a file counts by its content."""
        file, name = Path(self.name), self.name
        if file.is_file():
            name = f"{file.name}@{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"
        return " ".join([name, *(f"--{name}={value}" for name, value in sorted(self.parameters))])

    def check(self) -> None:
        """
        Raise unless stpipe knows the pipeline and takes the parameters.

        Raises
        ------
        CallError
        """
        from stpipe import config_parser

        step, config_file = self._resolve()
        config = config_parser.ConfigObj()
        if config_file is not None:
            config_parser.merge_config(config, config_parser.load_config_file(config_file))
        config_parser.merge_config(config, config_parser.ConfigObj(_nest(self.parameters)))
        for key in ("class", "name"):
            config.pop(key, None)
        try:
            step.from_config_section(config, config_file=config_file)
        except Exception as error:  # noqa: BLE001
            # What a parameter can be wrong in is known to each step alone.
            found = " ".join(str(error).split())
            raise CallError(
                "parameters", expected="those it has", found=found, source=self.name,
                sentence=f"unknown or invalid parameters: {found}",
            ) from None  # fmt: skip

    def run(self, path: Path, *more: tuple[str, str], **options: Any) -> list[Any]:
        """
        Run on an exposure.

        Parameters
        ----------
        path : Path
            The exposure.
        *more : tuple of (str, str)
            Further parameters, name and value.
        **options
            Attributes of the step itself, e.g. ``output_dir=``; parameters of the same name win.

        Returns
        -------
        list of JwstDataModel
            What it returns; to be closed.
        """
        step, config_file = self._resolve()
        given = options | _nest((*self.parameters, *more))
        if config_file is not None:
            given["config_file"] = config_file
        result = step.call(str(path), configure_log=False, **given)
        return list(result) if isinstance(result, list | tuple) else [result]

    def _resolve(self) -> tuple[Any, str | None]:
        from stpipe import config_parser

        name, config_file = self.name, None
        try:
            if Path(name).is_file():
                config_file = name
                name = config_parser.load_config_file(config_file)["class"]
            return _class_of(name), config_file
        except Exception as error:
            # For a damaged parameter file stpipe raises whatever asdf and configobj raise.
            expected = "a class, an alias or a parameter file, as strun takes it"
            found = f"{self.name} ({first_line(error)})"
            raise CallError("pipeline", expected=expected, found=found) from error


def _nest(parameters: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Turn dotted names into sections; values are read as in a parameter file."""
    from stpipe.config_parser import ConfigObj

    nested: dict[str, Any] = {}
    for name, text in parameters:
        *sections, last = name.split(".")
        section = nested
        try:
            for key in sections:
                section = section.setdefault(key, {})
            section[last] = ConfigObj([f"value = {text}"], interpolation=False)["value"]
        except (AttributeError, TypeError, SyntaxError):
            # A parameter in place of a section, or quotes that do not close.
            expected, found = "NAME=VALUE as strun takes it", f"{name}={text}"
            raise CallError("parameter", expected=expected, found=found) from None
    return nested


@cache
def _class_of(name: str) -> Any:
    """Return a pipeline by its class or alias, for which stpipe searches all installed packages."""
    from stpipe import Step, utilities

    return utilities.import_class(utilities.resolve_step_class_alias(name), Step)
