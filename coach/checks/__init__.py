"""Checks of whole files: what a run of ``coach tone`` judges, sets aside, mends and reports."""
