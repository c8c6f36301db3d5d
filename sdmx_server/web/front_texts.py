"""The words of the front page in both languages, and numbers and dates as each writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from persiantools.jdatetime import JalaliDate

from ..model.period import Period
from ..model.solar_hijri import time_label

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Statistical data",
        "lead": "Every figure of this service is free to use: as a file, or through SDMX, the standard with which "
        "statistical offices exchange data. No registration is needed.",
        "other": "فارسی",
        "flows": "Data sets",
        "observations": "observations",
        "series": "series",
        "updated": "Updated",
        "period": "Period",
        "no_data": "No data have been loaded yet.",
        "download": "Download everything",
        "queries": "Queries to begin with",
        "q_series": "one series",
        "q_last": "the last value of every series",
        "q_structure": "structure with all codes",
        "q_availability": "what data there are",
        "code": "Use it in a program",
        "code_note": "Each piece reads the same series:",
        "source": "Source and notes",
        "services": "Web services",
        "rest2": "SDMX REST 2.2.2, for SDMX 3.1 and 3.0",
        "rest1": "SDMX REST 1.5.0, for SDMX 2.1",
        "docs": "Documentation of both",
        "other_subjects": "Other data",
        "generic": "generic",
        "specific": "structure-specific",
        "timeseries": "time series",
        "draft": "draft",
        "empty": "There are no data sets here yet. Register structures and load data with the command sdmx-server.",
        "skip": "Skip to the data sets",
        "footer": "Served by sdmx-server",
        "curl": "Command line (curl)",
        "pandas": "Python: pandas",
        "sdmx1": "Python: sdmx1",
        "pysdmx": "Python: pysdmx",
    },
    "fa": {
        "title": "داده‌های آماری",
        "lead": "استفاده از همهٔ ارقام این سامانه آزاد است: به صورت پرونده، یا از راه SDMX، استانداردی که مراکز آمار با "
        "آن داده مبادله می‌کنند. نیازی به نام‌نویسی نیست.",
        "other": "English",
        "flows": "مجموعه‌های داده",
        "observations": "مشاهده",
        "series": "سری",
        "updated": "به‌روزرسانی",
        "period": "دوره",
        "no_data": "هنوز داده‌ای بارگذاری نشده است.",
        "download": "دریافت کل داده‌ها",
        "queries": "چند پرس‌وجو برای آغاز",
        "q_series": "یک سری",
        "q_last": "آخرین مقدار همهٔ سری‌ها",
        "q_structure": "ساختار با همهٔ کدها",
        "q_availability": "چه داده‌هایی هست",
        "code": "به‌کارگیری در برنامه",
        "code_note": "همهٔ این قطعه‌ها یک سری را می‌خوانند:",
        "source": "منبع و یادداشت‌ها",
        "services": "خدمات وب",
        "rest2": "SDMX REST 2.2.2، برای SDMX 3.1 و 3.0",
        "rest1": "SDMX REST 1.5.0، برای SDMX 2.1",
        "docs": "راهنمای هر دو",
        "other_subjects": "داده‌های دیگر",
        "generic": "عمومی",
        "specific": "ویژهٔ ساختار",
        "timeseries": "سری زمانی",
        "draft": "پیش‌نویس",
        "empty": "هنوز مجموعهٔ داده‌ای اینجا نیست. با فرمان sdmx-server ساختارها را ثبت و داده‌ها را بارگذاری کنید.",
        "skip": "رفتن به مجموعه‌های داده",
        "footer": "با sdmx-server",
        "curl": "خط فرمان (curl)",
        "pandas": "پایتون: pandas",
        "sdmx1": "پایتون: sdmx1",
        "pysdmx": "پایتون: pysdmx",
    },
}
"""Language -> name -> text. Both languages have the same names, and the template uses no other text."""

MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "fa": (
        *("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن"),
        *("ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"),
    ),
}
_SOLAR_MONTHS = {
    "en": (
        *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
        *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
    ),
    "fa": (
        *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
        *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    ),
}
_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_JALALI: Any = JalaliDate  # its constructor carries no types
_EPOCH = dt.datetime(1970, 1, 1)


def digits(text: str, language: str) -> str:
    """The text with the digits of the language."""
    return text.translate(_PERSIAN_DIGITS) if language == "fa" else text


def number(value: int, language: str) -> str:
    """A whole number with the language's digits and thousands separator."""
    return digits(f"{value:,}".replace(",", "٬"), "fa") if language == "fa" else f"{value:,}"


def date(moment: dt.datetime, language: str) -> str:
    """A day in both calendars, that of the language's readers first."""
    day = moment.date()
    solar = _JALALI.to_jalali(day)
    forms = [
        f"{solar.day} {_SOLAR_MONTHS[language][solar.month - 1]} {solar.year}",
        f"{day.day} {MONTHS[language][day.month - 1]} {day.year}",
    ]
    first, second = forms if language == "fa" else reversed(forms)
    return digits(f"{first} ({second})", language)


def coverage(first: Period, last: Period, language: str) -> str:
    """From the first period to the last: by their national labels where they have them, with the Gregorian days."""
    labels = [time_label(period) or period.text for period in (first, last)]
    shown = labels[0] if labels[0] == labels[1] else f"{labels[0]} – {labels[1]}"
    if labels == [first.text, last.text]:
        return digits(shown, language)
    begin = (_EPOCH + dt.timedelta(microseconds=first.start)).date()
    end = (_EPOCH + dt.timedelta(microseconds=last.end - 1)).date()
    months = [f"{MONTHS[language][day.month - 1]} {day.year}" for day in (begin, end)]
    return digits(f"{shown} ({months[0]} – {months[1]})", language)
