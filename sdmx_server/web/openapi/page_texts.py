"""The words of the documentation page in both languages."""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Web services",
        "lead": "Everything that this service answers, by both versions of SDMX REST. Every address can be tried in "
        "the browser as it stands; clients choose the format by the header Accept, people by the parameter format.",
        "other": "فارسی",
        "home": "Statistical data",
        "file": "OpenAPI description",
        "2.1": "for SDMX 2.1",
        "3.1 and 3.0": "for SDMX 3.1 and 3.0",
        "optional": "Parts shown lighter may be left out.",
        "try": "Example",
        "path": "Parts of the path",
        "query": "Parameters",
        "header": "Request headers",
        "default": "default",
        "example": "e.g.",
        "formats": "Media types, the default first",
        "statuses": "Statuses",
        "contents": "Contents",
        "skip": "Skip to the services",
        "footer": "Served by sdmx-server",
    },
    "fa": {
        "title": "خدمات وب",
        "lead": "همهٔ آنچه این سامانه با هر دو نسخهٔ SDMX REST پاسخ می‌دهد. هر نشانی را می‌توان همان‌گونه که هست در مرورگر "
        "آزمود؛ برنامه‌ها قالب پاسخ را با سرآیند Accept برمی‌گزینند و افراد با پارامتر format.",
        "other": "English",
        "home": "داده‌های آماری",
        "file": "توصیف OpenAPI",
        "2.1": "برای SDMX 2.1",
        "3.1 and 3.0": "برای SDMX 3.1 و 3.0",
        "optional": "بخش‌های کم‌رنگ را می‌توان کنار گذاشت.",
        "try": "نمونه",
        "path": "بخش‌های نشانی",
        "query": "پارامترها",
        "header": "سرآیندهای درخواست",
        "default": "پیش‌فرض",
        "example": "مثلاً",
        "formats": "قالب‌های پاسخ، نخست پیش‌فرض",
        "statuses": "وضعیت‌ها",
        "contents": "فهرست",
        "skip": "رفتن به خدمات",
        "footer": "با sdmx-server",
    },
}
"""Language -> name -> text. Both languages have the same names, and the template uses no other text."""
