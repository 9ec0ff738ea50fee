"""How the number of hot pixels grows, beside Table 1 of the report."""

from __future__ import annotations

from string import ascii_uppercase

from jwst_hotpix.instrument.published_growth import GROWTH, THRESHOLDS
from jwst_hotpix.report.growth_plot import growth_plot
from jwst_hotpix.report.material import Material
from jwst_hotpix.report.section import Section, render
from jwst_hotpix.report.threshold_buttons import threshold_buttons
from jwst_hotpix.trending.series import Series
from jwst_hotpix.trending.trend_rows import period_of, rows_of, series_name

__all__ = ["growth"]


def growth(material: Material) -> Section:
    """
    Show how fast the number of hot pixels grows, as ``hotpix trend`` reports it.

    Parameters
    ----------
    material : Material
        What the page is made of.

    Returns
    -------
    Section
        Counts with fits, one plot per series; Table 1 beside the published one.
    """
    trends = material.growth.trends
    drawn = [growth_plot(trend) for trend in trends]
    series = [
        {
            "name": series_name(one.series.detector, one.series.readout, one.series.kind),
            "rows": rows_of(one),
            "published": _published(one.series),
            "breaks": [
                (ascii_uppercase[number % 26], period_of(each, one.series), found)
                for number, (each, found) in enumerate(
                    zip(one.breaks, rows_of(one)[0]["breaks"], strict=True)
                )
            ],
        }
        for one in trends
    ]
    thresholds = trends[0].series.thresholds if trends else ()
    shown = [models for _, models in drawn]
    buttons = [threshold_buttons(thresholds, shown, every=True)] if trends else []
    values = {"material": material, "series": series, "thresholds": thresholds}
    return Section(
        anchor="growth",
        title="Growth",
        words=render("growth.html", **values),
        models=(*buttons, *(plot for plot, _ in drawn)),
        narrow=range(1, len(drawn) + 1),
        notes=render("table_1.html", **values),
    )


def _published(series: Series) -> dict[float, float]:
    """Return Table 1 of the report by threshold; empty for detectors that it does not have."""
    row = GROWTH.get((series.detector, series.readout))
    return {} if row is None else dict(zip(THRESHOLDS, row, strict=True))
