"""One section of the page: words, and the plots below them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from jwst_hotpix.report import words

if TYPE_CHECKING:
    from bokeh.model import Model

__all__ = ["Section", "render", "script", "trusted"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Section:
    """
    One section of the page.

    Attributes
    ----------
    anchor : str
        Name of the section in addresses: lower case, hyphens.
    title : str
        Heading, also in the navigation.
    words : markupsafe.Markup
        HTML above the plots, made by `render`, which escapes what comes from files.
    models : tuple of bokeh.model.Model
        Plots and widgets, one below the other.
    notes : markupsafe.Markup
        HTML below the plots.
    narrow : collection of int
        Which of the models are narrow: two of them share a row where the page is wide.
    """

    anchor: str
    title: str
    words: Markup = field(default_factory=Markup)
    models: tuple[Model, ...] = ()
    notes: Markup = field(default_factory=Markup)
    narrow: Collection[int] = ()


def render(template: str, **values: Any) -> Markup:
    """
    Fill in a template of this room; every value is escaped, except for `Markup`.

    Parameters
    ----------
    template : str
        Name of a file in ``templates/``.
    **values
        What the template names; a missing one is an error.

    Returns
    -------
    markupsafe.Markup
        HTML.
    """
    return trusted(_environment().get_template(template).render(values))


def script(name: str) -> str:
    """
    Return a file of ``templates/`` as it is, for example JavaScript for a callback.

    Parameters
    ----------
    name : str
        Name of the file.

    Returns
    -------
    str
        Its content.
    """
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


def trusted(text: str) -> Markup:
    """
    Mark text as HTML: written by a template or Bokeh, or a file of this room.

    Parameters
    ----------
    text : str
        Nothing from outside the package, unless it was escaped.

    Returns
    -------
    markupsafe.Markup
    """
    return Markup(text)  # noqa: S704 (the only place)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        age=words.age,
        count=words.count,
        counted=words.counted,
        day=words.day,
        percent=words.percent,
        rate=words.rate,
        share=words.share,
        uncertain=words.uncertain,
    )
    return environment
