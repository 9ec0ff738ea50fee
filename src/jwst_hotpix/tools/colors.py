"""The colors of all plots and pages, as strings, so that whoever draws needs no matplotlib."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "BLACK",
    "BLUE",
    "DARK",
    "GRAY",
    "GREEN",
    "LIGHT",
    "ORANGE",
    "PURPLE",
    "SERIES_COLORS",
    "SKY",
    "VERMILION",
    "Theme",
]

# The hues of Okabe and Ito (https://jfly.uni-koeln.de/color/), without their yellow. Lightness and
# chroma are adjusted so that every pair differs by CIEDE2000 >= 15 for readers with all cones, with
# deuteranopia and with protanopia, and every color has a contrast of 3:1 to both backgrounds (WCAG
# 2.1, 1.4.11). tests/tools/test_colors.py measures both.
BLUE, GREEN, ORANGE = "#1964C8", "#4AA184", "#C68800"
VERMILION, SKY, PURPLE = "#AC4B07", "#0D97FD", "#A07DA4"
# For what must not distract from the data: limits, frames, notes.
GRAY = "#676767"
# For text and data on white.
BLACK = "#000000"


@dataclass(frozen=True)
class Theme:
    """
    What differs between light and dark pages; all other colors of this module fit both.

    Attributes
    ----------
    background : str
        Color of the page, ``#RRGGBB``.
    ink : str
        Color of text, and of what is `BLACK` in plots, ``#RRGGBB``.
    """

    background: str
    ink: str


LIGHT = Theme(background="#FFFFFF", ink=BLACK)
DARK = Theme(background="#181A1B", ink="#FFFFFF")

# In this order: the first four differ most; blue and green are those of the STScI report.
SERIES_COLORS = (BLUE, GREEN, ORANGE, BLACK, VERMILION, SKY, PURPLE)
