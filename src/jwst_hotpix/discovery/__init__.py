"""New hot pixels from an observer's own science exposures."""
