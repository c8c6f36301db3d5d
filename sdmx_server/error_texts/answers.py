"""Sentences about answers: those that are too large, and those that a format cannot hold."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

ANSWERS: dict[str, tuple[str, str]] = {
    # ---- too large
    "flows-many": (
        "the query names more than {most} dataflows with data; ask in several queries",
        "پرس‌وجو بیش از {most} جریان داده‌ای را که داده دارند در بر می‌گیرد؛ در چند پرس‌وجو بپرسید",
    ),
    "disseminations-many": (
        "the data were disseminated more than {most} times in the time asked for; narrow it with updatedAfter and asOf, the first part with asOf={first}",
        "داده‌ها در زمان پرسیده‌شده بیش از {most} بار منتشر شده‌اند؛ آن زمان را با updatedAfter و asOf کوتاه کنید، بخش نخست را با asOf={first}",
    ),
    "cells-many-pages": (
        "the answer has {cells:,} cells (observations times measures), and the limit is {most:,}; ask for pages with limit and offset, or for SDMX-CSV, which is read as a stream and has no such limit",
        "پاسخ {cells:,} خانه دارد (شمار مشاهده‌ها ضرب در سنجه‌ها) و حد آن {most:,} است؛ با limit و offset صفحه‌به‌صفحه بپرسید، یا SDMX-CSV بخواهید که پیوسته خوانده می‌شود و چنین حدی ندارد",
    ),
    "cells-many": (
        "the answer has {cells:,} cells (observations times measures), and the limit is {most:,}; ask for less with the key, startPeriod, endPeriod, or for SDMX-CSV, which is read as a stream and has no such limit",
        "پاسخ {cells:,} خانه دارد (شمار مشاهده‌ها ضرب در سنجه‌ها) و حد آن {most:,} است؛ با کلید، startPeriod و endPeriod کمتر بپرسید، یا SDMX-CSV بخواهید که پیوسته خوانده می‌شود و چنین حدی ندارد",
    ),
    "sort-many": (
        "sort: there are more than {most:,} observations to sort; narrow the query, ask for the first ones with limit, or leave sort out: in the order of the server there is no limit",
        "sort: بیش از {most:,} مشاهده برای مرتب کردن هست؛ پرس‌وجو را محدود کنید، با limit نخستین‌ها را بخواهید، یا sort را ننویسید: به ترتیب خود سامانه حدی نیست",
    ),
    # ---- what a format cannot hold
    "format-history": (
        "{name} cannot hold a history (includeHistory); ask for SDMX-ML or SDMX-JSON, in REST 2.x also for SDMX-CSV 2.0 or 2.1, or for one state with asOf",
        "{name} تاریخچه را نشان نمی‌دهد (includeHistory)؛ SDMX-ML یا SDMX-JSON بخواهید، در REST 2.x نیز SDMX-CSV نسخهٔ 2.0 یا 2.1، یا تنها یک وضع را با asOf",
    ),
    "format-changes": (
        "{name} cannot say what changed (updatedAfter); ask for SDMX-ML or SDMX-JSON, in REST 2.x also for SDMX-CSV 2.0 or 2.1",
        "{name} دگرگونی‌ها را نشان نمی‌دهد (updatedAfter)؛ SDMX-ML یا SDMX-JSON بخواهید، در REST 2.x نیز SDMX-CSV نسخهٔ 2.0 یا 2.1",
    ),
    "parquet-types": (
        "the dataflows have a component {name} of different types, which one Parquet file cannot hold; ask for them one by one",
        "نوع مؤلفهٔ {name} در این جریان‌های داده یکسان نیست و در یک پروندهٔ Parquet نمی‌گنجد؛ آن‌ها را یک‌به‌یک بپرسید",
    ),
    "json-structures": (
        "SDMX-JSON 1.0 has one structure for all data sets of a message, and this answer has several; ask for one dataflow at a time, or for version 2.0.0 or 2.1.0",
        "در SDMX-JSON 1.0 همهٔ مجموعه‌داده‌های یک پیام یک ساختار دارند و این پاسخ چند ساختار دارد؛ جریان‌های داده را یک‌به‌یک بپرسید، یا نسخهٔ 2.0.0 یا 2.1.0 را بخواهید",
    ),
    "xml-structures": (
        "{name} holds the data of one structure; ask for GenericData",
        "{name} دادهٔ یک ساختار را در بر دارد؛ GenericData بخواهید",
    ),
    "xml-time": (
        "{name} has time at the observation, not {dimension}; ask for another form",
        "در {name} بُعد سطح مشاهده زمان است، نه {dimension}؛ شکل دیگری بخواهید",
    ),
    # ---- findings
    "findings": ("{findings}", "{findings}"),
    "findings-of-load": (
        "{count} findings, nothing was loaded: {findings}",
        "{count} یافته هست و چیزی بارگذاری نشد: {findings}",
    ),
}
