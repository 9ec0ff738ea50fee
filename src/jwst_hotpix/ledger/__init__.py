"""The ledger: append-only records of what every dark saw."""
