"""Three hot pixels at places that all tested subarrays show."""

from jwst_hotpix.simulate import World

EARLY, LATE = "2023-01-01", "2023-07-01"

# Places in every subarray that is tested, centers of hot pixels; one-based corners in modes.py.
PLACES = {
    "NRS1": ([985, 990, 995], [1405, 1411, 1417]),
    "NRS2": ([1066, 1070, 1080], [1405, 1411, 1417]),
}
ONSETS = (59000.0, 60000.0, 60200.0)  # known early, known late only, never known


def planted(detector, readout, rate):
    """A quiet world with three hot pixels."""
    y, x = PLACES[detector]
    return World.quiet(detector=detector, readout=readout).with_pixels(y, x, rate, onset=ONSETS)
