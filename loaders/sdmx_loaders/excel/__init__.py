"""Workbooks of statistical offices (.xls, .xlsx, .xlsm): crosstabs become tidy rows."""

from .loader import ExcelLoader

__all__ = ["ExcelLoader"]
