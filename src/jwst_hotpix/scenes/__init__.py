"""Science exposures with a known truth: spectra on a detector of a simulated world."""

from jwst_hotpix.scenes.exposures import Setup, write_science
from jwst_hotpix.scenes.modes import MODES, Scene, draw_scene

__all__ = ["MODES", "Scene", "Setup", "draw_scene", "write_science"]
