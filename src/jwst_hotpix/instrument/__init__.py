"""What JWST's detectors are: shapes, readouts, frames, crosses. Imports numpy only."""
