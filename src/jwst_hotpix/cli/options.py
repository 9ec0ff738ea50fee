"""Options that several verbs have, each defined once: same name, same type, same check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from jwst_hotpix.cli.parameter_types import (
    DATE,
    DETECTOR,
    OVERWRITE,
    FiguresPath,
    Finite,
    InputPath,
    OutputPath,
    keep_apart,
)
from jwst_hotpix.exposure.find import EXPOSURES, Dated, expand, expand_dated
from jwst_hotpix.hotlist.pixellist import Onset
from jwst_hotpix.instrument.readouts import IRS2, POOLED, TRAD
from jwst_hotpix.tools.plot_file import PLOT_ENDINGS

__all__ = [
    "allow_simulated_option",
    "as_of_option",
    "at_option",
    "check_span",
    "detector_option",
    "detector_threshold_option",
    "dry_run_option",
    "figures_option",
    "files_argument",
    "folder_option",
    "input_argument",
    "input_option",
    "json_option",
    "ledger_argument",
    "list_options",
    "min_confidence_option",
    "neighbors_option",
    "onset_option",
    "output_option",
    "overwrite_option",
    "plot_option",
    "readout_option",
    "since_option",
    "strict_option",
    "threshold_option",
    "top_option",
    "until_option",
    "workers_options",
]

_F = TypeVar("_F", bound=Callable[..., Any])


def json_option(function: _F) -> _F:
    """Add ``--json``, as ``as_json``."""
    option = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
    return option(function)


def detector_option(
    text: str = "Detector, e.g. NRS1.", *, required: bool = False
) -> Callable[[_F], _F]:
    """Add ``--detector``: the name of a detector, in upper case; None if it is not given."""
    return click.option("--detector", metavar="NAME", type=DETECTOR, required=required, help=text)


def readout_option(
    text: str, *, pooled: bool = False, required: bool = False
) -> Callable[[_F], _F]:
    """Add ``--readout``: ``"IRS2"``, ``"TRAD"`` or, if allowed, ``"POOLED"``."""
    modes = [mode.lower() for mode in (IRS2, TRAD, POOLED)]
    return click.option(
        "--readout",
        type=click.Choice(modes if pooled else modes[:2], case_sensitive=False),
        callback=lambda _ctx, _param, mode: mode and mode.upper(),
        required=required,
        help=text,
    )


def threshold_option(
    text: str = "Dark rate in DN/s above which a pixel is hot [that of the list].",
    *,
    multiple: bool = False,
    above_zero: bool = False,
) -> Callable[[_F], _F]:
    """Add ``--threshold``: a finite number of DN/s, as ``threshold`` or ``thresholds``."""
    return click.option(
        "--threshold",
        "thresholds" if multiple else "threshold",
        metavar="RATE",
        type=Finite(min=0, min_open=above_zero),
        multiple=multiple,
        help=text,
    )


def detector_threshold_option(what: str = "a pixel") -> Callable[[_F], _F]:
    """Add ``--threshold``, above zero; without it the detector has its own."""
    text = f"Dark rate in DN/s above which {what} is hot [that of the detector]."
    return threshold_option(text, above_zero=True)


def neighbors_option(*choices: str, default: str | None = "threshold") -> Callable[[_F], _F]:
    """Add ``--neighbors``: these values of `Neighbors`, which takes a second to import, or all."""
    values = choices or ("none", "threshold", "cross")
    return click.option(
        "--neighbors",
        type=click.Choice(values),
        default=default,
        show_default=default is not None,
        help="Which neighbors of a hot pixel to flag: "
        + ("none, all four, or " if "cross" in values else "none, or ")
        + "those above the threshold themselves.",
    )


def onset_option(default: Onset | None = Onset.EARLIEST) -> Callable[[_F], _F]:
    """Add ``--onset``."""
    return click.option(
        "--onset",
        type=click.Choice([end.value for end in Onset]),
        default=default and default.value,
        show_default=default is not None,
        help="Which end of the onset interval to use.",
    )


def min_confidence_option(default: float | None = 0.0) -> Callable[[_F], _F]:
    """Add ``--min-confidence``: a finite number from 0 to 1."""
    return click.option(
        "--min-confidence",
        metavar="P",
        type=Finite(0, 1),
        default=default,
        show_default=default is not None,
        help="Ignore entries of lower confidence.",
    )


def list_options(library_text: str) -> Callable[[_F], _F]:
    """Add ``--list`` and ``--library``, as ``listed`` and ``library``: paths or None."""
    # With asdf, which verbs that take no list do without.
    from jwst_hotpix.hotlist.library import BUILTIN, ENVIRONMENT

    of_list = click.option(
        "--list", "listed", metavar="LIST", type=InputPath(), callback=_one_of_two,
        help="Hot pixel list to use.",
    )  # fmt: skip
    of_library = click.option(
        "--library", metavar="DIR", type=InputPath(), callback=_one_of_two,
        help=f"{library_text}, or {BUILTIN!r} for those in the package [${ENVIRONMENT}].",
    )  # fmt: skip
    return lambda function: of_list(of_library(function))


def _one_of_two(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    other = "library" if param.name == "listed" else "listed"
    if value is not None and ctx.params.get(other) is not None:
        raise click.UsageError("give --list or --library, not both")
    return value


def allow_simulated_option(function: _F) -> _F:
    """Add ``--allow-simulated``."""
    option = click.option(
        "--allow-simulated", is_flag=True,
        help="Also use lists with pedigree SIMULATION, MODEL or DUMMY for real exposures.",
    )  # fmt: skip
    return option(function)


def at_option(text: str) -> Callable[[_F], _F]:
    """Add ``--at``, as ``epoch``: MJD (UTC) or None."""
    return click.option("--at", "epoch", metavar="DATE", type=DATE, help=text)


def since_option(text: str) -> Callable[[_F], _F]:
    """Add ``--since``: MJD (UTC) or None."""
    return click.option("--since", metavar="DATE", type=DATE, help=text)


def until_option(text: str) -> Callable[[_F], _F]:
    """Add ``--until``: MJD (UTC) or None."""
    return click.option("--until", metavar="DATE", type=DATE, help=text)


def check_span(since: float, until: float) -> None:
    """
    Refuse a range of dates that ends before it begins.

    Parameters
    ----------
    since, until : float
        MJD (UTC), or infinite.

    Raises
    ------
    click.UsageError
        When ``since`` is later than ``until``.
    """
    if since > until:
        raise click.UsageError("--since is later than --until")


def as_of_option(
    text: str = "Use only darks taken by this date (ISO 8601, UTC).",
) -> Callable[[_F], _F]:
    """Add ``--as-of``: MJD (UTC) or None."""
    return click.option("--as-of", metavar="DATE", type=DATE, help=text)


def top_option(text: str, default: int | None = None) -> Callable[[_F], _F]:
    """Add ``--top``: a number from 1, or None."""
    return click.option(
        "--top", metavar="N", type=click.IntRange(min=1), default=default,
        show_default=default is not None, help=text,
    )  # fmt: skip


def strict_option(function: _F) -> _F:
    """Add ``--strict``, for verbs that read a ledger."""
    option = click.option(
        "--strict", is_flag=True,
        help="Refuse a ledger with a damaged record, which is otherwise excluded with a warning.",
    )  # fmt: skip
    return option(function)


def workers_options(function: _F) -> _F:
    """Add ``--workers``, a number from 1, and ``--scheduler``, an address or None."""
    number = click.option(
        "--workers", metavar="N", type=click.IntRange(min=1), default=1, show_default=True,
        help="Processes to use.",
    )  # fmt: skip
    address = click.option(
        "--scheduler", metavar="ADDRESS", help="Use the workers of this dask scheduler."
    )
    return number(address(function))


def input_argument(name: str, metavar: str) -> Callable[[_F], _F]:
    """Add one file to read."""
    return click.argument(name, metavar=metavar, type=InputPath())


def files_argument(
    name: str = "files",
    metavar: str = "FILE...",
    *,
    required: bool = True,
    kinds: Sequence[str] = EXPOSURES,
    dated: bool = False,
    **of_folders: Any,
) -> Callable[[_F], _F]:
    """
    Add an argument for many input files: files, folders of exposures, ``@list.txt``, ``@-``.

    It is a tuple of paths. Files in a folder are chosen as in
    `~jwst_hotpix.exposure.find.expand`; ``dated`` adds the release dates given in lists, and
    addresses such as ``https://…``, as in `~jwst_hotpix.exposure.find.expand_dated`.
    """

    def expanded(ctx: click.Context, _param: click.Parameter, given: Any) -> tuple[Any, ...]:
        listing: Callable[..., list[Any]] = expand_dated if dated else expand
        files = listing(given, kinds, **of_folders)
        paths = [file.path if isinstance(file, Dated) else file for file in files]
        keep_apart(ctx, read=[path for path in paths if isinstance(path, Path)])
        return tuple(files)

    kind = InputPath(remote=dated)
    return click.argument(
        name, metavar=metavar, nargs=-1, required=required, type=kind, callback=expanded
    )


def input_option(
    flag: str, name: str, metavar: str, text: str, *, required: bool = False, multiple: bool = False
) -> Callable[[_F], _F]:
    """Add an option that names a file to read, or several."""
    return click.option(
        flag, name, metavar=metavar, type=InputPath(), required=required, multiple=multiple,
        help=text,
    )  # fmt: skip


def output_option(
    metavar: str, text: str, *endings: str, required: bool = False
) -> Callable[[_F], _F]:
    """Add ``-o``, as ``output``: a file whose name ends so, new unless ``--overwrite`` is given."""
    option = click.option(
        "-o", "--output", metavar=metavar, type=OutputPath(*endings), required=required, help=text
    )
    return lambda function: option(overwrite_option(function))


def folder_option(name: str, text: str, *, required: bool = False) -> Callable[[_F], _F]:
    """Add ``-o``: a folder to write to, which need not be there."""
    return click.option(
        "-o", "--output", name, metavar="DIR", type=click.Path(file_okay=False, path_type=Path),
        required=required, help=text,
    )  # fmt: skip


def ledger_argument(function: _F) -> _F:
    """Add a ledger to write to, which need not be there, as ``ledger``."""
    folder = click.Path(file_okay=False, path_type=Path)
    return click.argument("ledger", metavar="LEDGER", type=folder)(function)


def dry_run_option(function: _F) -> _F:
    """Add ``--dry-run``, for verbs that fetch."""
    option = click.option(
        "--dry-run", is_flag=True, help="List the files with their sizes; fetch nothing."
    )
    return option(function)


def plot_option(text: str, *, multiple: bool = False) -> Callable[[_F], _F]:
    """Add ``--plot``, as ``plot`` or ``plots``: a figure, new unless ``--overwrite`` is given."""
    option = click.option(
        "--plot",
        "plots" if multiple else "plot",
        metavar="FILE",
        type=OutputPath(*PLOT_ENDINGS),
        multiple=multiple,
        help=f"{text} (.png, .svg or .pdf).",
    )
    return lambda function: option(overwrite_option(function))


def figures_option(text: str, *names: str) -> Callable[[_F], _F]:
    """Add ``--figures``, as `FigureFolder` or None; figures of these names must be new."""
    option = click.option(
        "--figures",
        metavar="DIR",
        type=FiguresPath(*names),
        help=f"{text} as PNG, SVG and PDF into this folder.",
    )
    return lambda function: option(overwrite_option(function))


def overwrite_option(function: _F) -> _F:
    """Add ``--overwrite`` once; the type of an output looks it up, the function does not get it."""
    present: Sequence[click.Parameter] = getattr(function, "__click_params__", ())
    if any(parameter.name == "overwrite" for parameter in present):
        return function
    option = click.option(
        "--overwrite", is_flag=True, is_eager=True, expose_value=False, callback=_keep,
        help="Replace existing files.",
    )  # fmt: skip
    return option(function)


def _keep(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    ctx.meta[OVERWRITE] = value
