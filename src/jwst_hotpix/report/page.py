"""Sections put together as one page, which needs no other file and no network."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bokeh.document import Document
from bokeh.embed import components
from bokeh.embed.bundle import bundle_for_objs_and_resources
from bokeh.resources import INLINE

from jwst_hotpix.report.section import Section, render, script, trusted
from jwst_hotpix.report.theme import PAIRS

__all__ = ["page_of"]

_NAME = "Hot pixels"


def page_of(title: str, subtitle: str, sections: Sequence[Section], footer: str = "") -> str:
    """
    Put sections together as one page.

    Parameters
    ----------
    title, subtitle, footer : str
        At the top and the end of the page; escaped.
    sections : sequence of Section
        In order. All plots are in one document, so that they may share sources and callbacks.

    Returns
    -------
    str
        HTML, with the parts of Bokeh that the plots need.
    """
    models = {
        f"{section.anchor}-{number}": model
        for section in sections
        for number, model in enumerate(section.models)
    }
    places: dict[str, str] = {}
    code = library = ""
    if models:
        document = Document()
        # Otherwise Bokeh collects all models anew for each that is added, which takes a second.
        with document.models.freeze():
            for model in models.values():
                document.add_root(model)
        code, places = components(models, wrap_script=False)
        library = bundle_for_objs_and_resources([*models.values()], INLINE).scripts()
    return render(
        "page.html",
        name=_NAME,
        title=title,
        subtitle=subtitle,
        footer=footer,
        sections=sections,
        style=trusted(script("page.css")),
        # What Bokeh writes is escaped by Bokeh: the models are JSON in a string of JavaScript, in
        # which markup is written with entities.
        library=trusted(library),
        script=trusted(code),
        places={name: trusted(place) for name, place in places.items()},
        behavior=trusted(script("page.js")),
        pairs=trusted(json.dumps(PAIRS)),
    )
