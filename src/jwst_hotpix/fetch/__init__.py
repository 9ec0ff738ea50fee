"""Evidence to download: DARK references from CRDS, exposures from MAST."""
