"""A page that shows what a ledger holds and what it means: ``hotpix report``."""
