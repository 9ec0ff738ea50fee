"""Buttons that choose the threshold that plots show."""

from __future__ import annotations

from collections.abc import Sequence

from bokeh.model import Model
from bokeh.models import CustomJS, RadioButtonGroup

from jwst_hotpix.report.section import script
from jwst_hotpix.report.theme import BUTTON_STYLE

__all__ = ["threshold_buttons"]


def threshold_buttons(
    thresholds: Sequence[float],
    drawn: Sequence[Sequence[Sequence[Model]]],
    *,
    every: bool = False,
) -> RadioButtonGroup:
    """
    Make a button per threshold; the first is pressed.

    Parameters
    ----------
    thresholds : sequence of float
        DN/s.
    drawn : sequence of sequence of sequence of bokeh.model.Model
        What each plot shows while each button is pressed: anything with a property ``visible``.
    every : bool
        Add a button that shows all.

    Returns
    -------
    bokeh.models.RadioButtonGroup
        One row of buttons.
    """
    shown = [
        [model for of_plot in drawn for model in of_plot[number]]
        for number in range(len(thresholds))
    ]
    for models in shown[1:]:
        for model in models:
            model.visible = False
    labels = [f"> {threshold:g} DN/s" for threshold in thresholds]
    buttons = RadioButtonGroup(
        labels=[*labels, "all"] if every else labels,
        active=0,
        name="threshold",
        stylesheets=[BUTTON_STYLE],
    )
    show = CustomJS(args={"shown": shown}, code=script("show_chosen.js"))
    buttons.js_on_change("active", show)
    return buttons
