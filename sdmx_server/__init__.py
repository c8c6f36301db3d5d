"""sdmx-server: an SDMX exchange server for statistical offices."""

__version__ = "0.1.0"
