"""Evidence that is not here yet: DARK references from CRDS, exposures from MAST."""
