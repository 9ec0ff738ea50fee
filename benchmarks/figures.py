"""
Draw the figures of the docs.

    python benchmarks/figures.py DEMO

DEMO is a folder that ``hotpix demo`` has made. Writes docs/figures/*.png, with the commands and
functions that a user has.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from jwst_hotpix.explain import explain, pixels_figure
from jwst_hotpix.hotlist import asdf_file
from jwst_hotpix.hotlist.choose import Lists
from jwst_hotpix.simulate import Star, World, write_msata
from jwst_hotpix.target_acq import Stars, TaFlat, find_hits_in_files, read_lists, risk_of_lists
from jwst_hotpix.target_acq.risk_plot import risk_figure
from jwst_hotpix.testing import dark_schedule, perfect_list
from jwst_hotpix.tools.dates import iso, mjd
from jwst_hotpix.tools.plot_file import save_plot

FIGURES = Path(__file__).parents[1] / "docs" / "figures"
FLAT, TODAY = mjd("2023-07-01"), mjd("2024-03-01")
# In SUB32: zero-based row and column, DN/s.
IN_SUB32 = ((986, 1418, 30.0), (978, 1402, 6.0))


def world_of(detector: str) -> World:
    """Draw a detector, with pixels that a WATA sees."""
    world = World.draw(detector=detector, readout="TRAD", start="2022-07-01", months=24, seed=1)
    y, x, rate = zip(*IN_SUB32, strict=True)
    return world.with_pixels(y, x, rate, onset=FLAT + 50) if detector == "NRS1" else world


def target_acquisition(folder: Path) -> None:
    """Draw the risk of an acquisition on both detectors, and the stamps of one that was hit."""
    flat, lists = TaFlat(since=FLAT), []
    darks = dark_schedule("2022-07-01", 20.0)
    for detector in ("NRS1", "NRS2"):
        pixels = perfect_list(world_of(detector), darks)
        header = asdf_file.Header(useafter="2022-07-01T00:00:00")
        lists.append(asdf_file.write(pixels, folder / f"{detector}.asdf", header))
    seen = read_lists(lists, flat)
    new = seen[0].new
    bright = new.select(new.rate > 20)
    stars = [
        Star(name=str(101 + i), y=float(bright.y[i]) + 5.3, x=float(bright.x[i]) + 3.8)
        for i in (1, 3)
    ]
    exposure = write_msata(folder / "msata_uncal.fits", world_of("NRS1"), stars, start=iso(TODAY))
    hits = find_hits_in_files([exposure], [one.pixels for one in seen], flat)
    risk = risk_of_lists(seen, flat, Stars.on(2), months=6, risk=0.5)
    figure = risk_figure(risk.in_time(), [one.new for one in seen], hits.hits)
    save_plot(figure, FIGURES / "ta.png")


def lines(demo: Path) -> None:
    """Draw which features of a rate are hot pixels."""
    rate = next((demo / "practice" / "visit").glob("*_00001_*_rate.fits"))
    listed = next(demo.glob("*_hotpix_*.asdf"))
    save_plot(pixels_figure(explain(rate, Lists(listed, None)), 3), FIGURES / "explain.png")


def main() -> None:
    """Draw all figures."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    FIGURES.mkdir(exist_ok=True)
    for name in ("demo.png", "visit.png"):
        shutil.copyfile(Path(sys.argv[1]) / name, FIGURES / name)
    lines(Path(sys.argv[1]))
    with TemporaryDirectory() as folder:
        target_acquisition(Path(folder))


if __name__ == "__main__":
    main()
