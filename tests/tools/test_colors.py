"""Colors that readers can distinguish, whatever cones they have and whatever theme they use."""

import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from jwst_hotpix.tools import colors

CHROMATIC = ("BLUE", "GREEN", "ORANGE", "VERMILION", "SKY", "PURPLE", "GRAY")
THEMES = {"light": colors.LIGHT, "dark": colors.DARK}
# Linear RGB as readers without one kind of cones see it: Machado, Oliveira and Fernandes (2009),
# doi:10.1109/TVCG.2009.113, severity 1.0.
SEEN_BY = {
    "all cones": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}


def linear_rgb(color):
    """Decode sRGB, IEC 61966-2-1."""
    value = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(color, seen):
    """CIE L*a*b* of a color as it is seen."""
    linear = np.clip(seen @ linear_rgb(color), 0, 1)
    value = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return rgb2lab(value)


def contrast(one, other):
    """Contrast ratio of WCAG 2.1."""
    bright, dark = sorted(
        (float(linear_rgb(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other)),
        reverse=True,
    )
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("reader", SEEN_BY)
def test_every_pair_of_colors_differs_for_every_reader(reader, theme):
    shown = {name: getattr(colors, name) for name in CHROMATIC} | {"ink": THEMES[theme].ink}
    seen = {name: lab(color, SEEN_BY[reader]) for name, color in shown.items()}
    differences = {
        pair: float(deltaE_ciede2000(*(seen[name] for name in pair)))
        for pair in combinations(shown, 2)
    }
    closest = min(differences, key=differences.get)
    assert differences[closest] >= 15, (closest, differences[closest])


@pytest.mark.parametrize("reader", SEEN_BY)
def test_the_first_four_series_differ_most(reader):
    # CIE76, in which 2 is just noticeable side by side; thin lines and small markers need more.
    seen = [lab(color, SEEN_BY[reader]) for color in colors.SERIES_COLORS]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen[:4], 2)) > 50
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15


@pytest.mark.parametrize("theme", THEMES)
def test_marks_stand_out_from_the_background(theme):
    page = THEMES[theme]
    for name in CHROMATIC:
        assert contrast(getattr(colors, name), page.background) >= 3, name
    assert contrast(page.ink, page.background) >= 7


def test_all_colors_of_the_module_are_measured():
    named = {name for name in colors.__all__ if isinstance(getattr(colors, name), str)}
    assert named == {*CHROMATIC, "BLACK"}
    assert set(colors.SERIES_COLORS) < {getattr(colors, name) for name in named}


def test_colors_are_available_without_matplotlib():
    code = "import sys, jwst_hotpix.tools.colors; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
