"""``hotpix trend``: how fast hot pixels grow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from jwst_hotpix.cli.output import DATE, Finite, emit, print_rows, print_table
from jwst_hotpix.exceptions import HotPixError, TrendError
from jwst_hotpix.hotlist.births import BIRTHS_AND_NET_GROWTH
from jwst_hotpix.instrument.detectors import Detector, get_detector
from jwst_hotpix.instrument.published_growth import THRESHOLDS
from jwst_hotpix.ledger.record import Record
from jwst_hotpix.tools.dates import iso
from jwst_hotpix.trending.fit_trend import Trend, trend
from jwst_hotpix.trending.from_ledger import KINDS, Gathered, Wanted, gather
from jwst_hotpix.trending.growth_table import rows_of, threshold_name, write_table
from jwst_hotpix.trending.series import Series

if TYPE_CHECKING:
    from jwst_hotpix.trending.dated_masks import DatedMask

__all__ = ["command"]

_FILE = click.Path(path_type=Path)
# Pixels that people are shown.
_LISTED = 20


@click.command("trend")
@click.argument("sources", metavar="LEDGER|[DATE=]MASK...", nargs=-1, required=True)
@click.option("--detector", help="E.g. NRS1 [all of the ledger].")
@click.option("--readout", type=click.Choice(["irs2", "trad"], case_sensitive=False), help="[both]")
@click.option(
    "--kind", type=click.Choice(KINDS),
    help="CRDS DARKs, or single darks [each for itself].",
)  # fmt: skip
@click.option(
    "--threshold", "thresholds", type=Finite(min=0, min_open=True), multiple=True,
    help="DN/s; more than once for several [1 3 10 100].",
)  # fmt: skip
@click.option("--since", type=DATE, help="Only darks or masks from this date on (ISO, UTC).")
@click.option("--as-of", type=DATE, help="Only darks or masks known by this date (ISO, UTC).")
@click.option("--mask", "checked", type=_FILE, multiple=True,
              help="Compare what this MASK calls hot with the DARK nearest to it.")  # fmt: skip
@click.option("--bit", type=int, help="Of masks: value of the bit that means hot.")
@click.option(
    "--edge", type=click.IntRange(min=0), help="Of masks: pixels to leave out on all sides."
)
@click.option("--plot", "plots", type=_FILE, multiple=True, help=".png, .svg or .pdf")
@click.option("-o", "--output", metavar="TABLE", type=_FILE,
              help="Table 1 of the report: .txt, .md, or .ecsv.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def command(  # noqa: PLR0913, PLR0917 (one parameter per option)
    sources: tuple[str, ...], detector: str | None, readout: str | None, kind: str | None,
    thresholds: tuple[float, ...], since: float | None, as_of: float | None,
    checked: tuple[Path, ...], bit: int | None, edge: int | None, plots: tuple[Path, ...],
    output: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """
    Tell how fast hot pixels grow, in pixels a month, with errors that hold.

    From a ledger of darks, or from masks of several dates. A change of method is found and fitted
    as a step; darks that do not compare are refused.

    \b
    Examples:
      hotpix trend ledger --detector NRS1 --plot nrs1.png -o table.md
      hotpix trend ledger --mask jwst_nirspec_mask_0057.fits
      hotpix trend 2023-01-20=old.fits 2023-07-01=new.fits --detector NRCALONG --bit 1
    """
    wanted = Wanted(
        detector=detector, readout=readout, kind=kind, since=since, as_of=as_of,
        thresholds=tuple(sorted(set(thresholds or THRESHOLDS))),
    )  # fmt: skip
    ledger = Path(sources[0]) if len(sources) == 1 and Path(sources[0]).is_dir() else None
    read = partial(_read_mask, bit=bit, edge=edge)
    if ledger is None:
        if kind or thresholds:
            raise click.UsageError("--kind and --threshold are of darks: masks have neither")
        found = Gathered(trends=(trend(_of_masks(sources, wanted, read)),))
    else:
        found = gather(ledger, wanted)
    problems = list(found.problems)
    checks = [_check(path, found.records, wanted, read, problems) for path in checked]
    if output is not None and found.trends:
        write_table(found.trends, output)
    if plots and found.trends:
        # matplotlib takes most of a second to import.
        from jwst_hotpix.trending.plot_trends import draw_trends

        for plot in plots:
            draw_trends(found.trends, plot)
    _report(found.trends, [check for check in checks if check], problems, as_json=as_json)
    if problems:
        sys.exit(1)


def _read_mask(
    path: str | Path, chip: Detector, epoch: float | None = None, *,
    bit: int | None, edge: int | None,
) -> DatedMask:  # fmt: skip
    # With astropy, which takes a while to import.
    from jwst_hotpix.trending.dated_masks import read_dated_mask

    return read_dated_mask(path, chip, epoch=epoch, bit=bit, edge=edge)


def _of_masks(sources: Sequence[str], wanted: Wanted, read: Callable[..., DatedMask]) -> Series:
    from jwst_hotpix.trending.dated_masks import series_of_masks

    if wanted.detector is None:
        raise click.UsageError("masks need --detector (and a ledger is a folder)")
    chip = get_detector(wanted.detector)
    masks = []
    for source in sources:
        date, equals, path = source.rpartition("=")
        # A path may hold an equals sign itself.
        dated = bool(equals) and not Path(source).exists()
        epoch = DATE.convert(date, None, None) if dated else None
        masks.append(read(path if dated else source, chip, epoch))
    taken = [mask for mask in masks if _takes(wanted, mask)]
    if not taken:
        raise TrendError("masks", expected="some of that readout mode and time", found="none")
    return series_of_masks(taken)


def _takes(wanted: Wanted, mask: DatedMask) -> bool:
    mode = wanted.readout is None or wanted.readout.upper() == mask.readout
    return mode and wanted.spans(mask.epoch, mask.epoch)


def _check(
    path: Path,
    records: Sequence[Record],
    wanted: Wanted,
    read: Callable[..., DatedMask],
    problems: list[HotPixError],
) -> dict[str, Any] | None:
    from jwst_hotpix.trending.dark_against_mask import compare, matching

    try:
        mask = read(path, get_detector(wanted.detector or _detector_in(path)))
        dark = matching(mask, filter(wanted.takes, records))
        found = compare(mask, dark, wanted.thresholds[0])
    except HotPixError as error:
        problems.append(error if error.source else error.within(path.name))
        return None
    except OSError as error:
        expected = "a file that can be read"
        problems.append(TrendError("mask", expected=expected, found=error, source=path.name))
        return None
    listed = {
        name: [
            {"x": int(x), "y": int(y), "rate": float(rate) if isfinite(rate) else None}
            for x, y, rate in zip(found.x[row], found.y[row], found.rate[row], strict=True)
        ]
        for name, row in (("only_dark", ~found.flagged), ("only_mask", found.flagged))
    }
    return {
        "mask": mask.name,
        "mask_date": iso(mask.epoch, "seconds"),
        "dark_date": iso(found.dark.epoch, "seconds"),
        "threshold": found.threshold,
        "n_dark": found.n_dark,
        "n_mask": found.n_mask,
        "n_both": found.both,
        **listed,
    }


def _detector_in(path: Path) -> Any:
    from jwst_hotpix.exposure.fits_file import open_whole

    with open_whole(path, TrendError) as hdus:
        return hdus[0].header.get("DETECTOR")


def _report(
    trends: Sequence[Trend],
    checks: Sequence[dict[str, Any]],
    problems: Sequence[HotPixError],
    *,
    as_json: bool,
) -> None:
    notes = [
        f"{one.series.name}: left out {text}" for one in trends for text in one.series.left_out
    ]
    if as_json:
        rows = [row for one in trends for row in rows_of(one)]
        emit({"rows": rows, "consistency": checks, "left_out": notes}, as_json=True, title="")
    else:
        if trends:
            _print(trends)
            click.echo(BIRTHS_AND_NET_GROWTH)
        for check in checks:
            _print_check(check)
        for note in notes:
            click.echo(note)
    for problem in problems:
        click.echo(f"hotpix: {problem}", err=True)


def _print(trends: Sequence[Trend]) -> None:
    console = Console()
    for one in trends:
        series, rows = one.series, rows_of(one)
        period = f"{iso(series.epoch[0])[:10]} to {iso(series.epoch[-1])[:10]}"
        title = f"{series.name}, {series.epoch.size} epochs from {period}: hot pixels per month"
        table = Table(title=title, title_justify="left")
        for name in ("above", "net growth", "centers only", "linear fit", "% per year"):
            table.add_column(name, justify="right", no_wrap=True)
        for row in rows:
            table.add_row(
                threshold_name(row["threshold"]),
                f"{row['per_month']:z.1f} ± {row['error']:.1f}",
                f"{row['centers_per_month']:z.1f} ± {row['centers_error']:.1f}",
                f"{row['linear_fit']:z.1f} ± {row['linear_fit_error']:.1f}",
                f"{row['percent_per_year']:z.4f}",
            )
        console.print(table)
        lowest = threshold_name(series.thresholds[0])
        for found in rows[0]["breaks"]:
            step = f"{found['step']:+z.0f} ± {found['error']:.0f} ({lowest})"
            click.echo(
                f"Break at {found['date'][:10]}: {found['reason']}; step of {step}, "
                f"{found['new_neighbors']} neighbors new"
            )


def _print_check(check: dict[str, Any]) -> None:
    counts = {key: len(v) if isinstance(v, list) else v for key, v in check.items()}
    print_table(counts, "DARK against MASK")
    apart = [
        {"only in": name, **pixel}
        for name, key in (("DARK", "only_dark"), ("MASK", "only_mask"))
        for pixel in check[key]
    ]
    if apart:
        print_rows(apart[:_LISTED], "Pixels that only one of them has (zero-based)")
    if len(apart) > _LISTED:
        click.echo(f"and {len(apart) - _LISTED} more, which --json lists")
