"""What a hot pixel does to a spectrum: where it falls, and how far it stands out."""
