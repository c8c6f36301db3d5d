"""SDMX-ML data messages of 2.1, 3.0 and 3.1: generic and structure-specific, for time series or not."""

from .loader import SdmxMlLoader

__all__ = ["SdmxMlLoader"]
