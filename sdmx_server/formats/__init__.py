"""Formats: one folder each, the same file names in all; this table lists them."""
