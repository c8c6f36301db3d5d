"""SDMX-CSV data messages 1.0, 2.0 and 2.1, with any separator."""

from .loader import SdmxCsvLoader

__all__ = ["SdmxCsvLoader"]
