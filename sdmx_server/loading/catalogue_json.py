"""Findings about SDMX-JSON data messages: what is wrong and the way out, in English and Persian."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

JSON_MESSAGES: dict[str, tuple[str, str]] = {
    # ---- any JSON
    "json-too-large": (
        "The message has more than {most} bytes, and JSON is held whole in memory. Split it, or send SDMX-CSV or SDMX-ML, which are read piece by piece.",
        "پیام از {most} بایت بزرگ‌تر است و JSON یکجا در حافظه می‌ماند. آن را بخش کنید، یا SDMX-CSV یا SDMX-ML بفرستید که تکه‌تکه خوانده می‌شوند.",
    ),
    "json-encoding": (
        "The message is not UTF-8 text. Save it as UTF-8.",
        "پیام متن UTF-8 نیست. آن را با UTF-8 ذخیره کنید.",
    ),
    "json-truncated": (
        "The message ends too early, it was probably cut off: {reason}. Give the whole file.",
        "پیام ناتمام است و شاید بریده شده باشد: {reason}. پروندهٔ کامل را بدهید.",
    ),
    "json-syntax": (
        "This is not JSON: {reason}. Correct the text here, or write the message again.",
        "این JSON نیست: {reason}. متن را در همین جا درست کنید یا پیام را از نو بسازید.",
    ),
    "json-twice": (
        "The key {value} stands twice in one object. Keep one.",
        "کلید {value} در یک شیء دو بار آمده است. یکی را نگه دارید.",
    ),
    "json-depth": (
        "Objects and lists are nested more than {most} deep, which no data message needs. Correct the message.",
        "شیءها و فهرست‌ها بیش از {most} لایه تودرتو هستند که هیچ پیام داده‌ای لازم ندارد. پیام را درست کنید.",
    ),
    # ---- SDMX-JSON
    "json-not-data": (
        "This is not an SDMX-JSON data message: there is no list dataSets. Give a data message.",
        "این پیام دادهٔ SDMX-JSON نیست: فهرست dataSets ندارد. پیام داده بدهید.",
    ),
    "json-kind": (
        "This SDMX-JSON message holds {value}, not data. Load structures and metadata where they belong, and give a data message here.",
        "این پیام SDMX-JSON دارای {value} است نه داده. ساختار و فراداده را در جای خود بار کنید و این‌جا پیام داده بدهید.",
    ),
    "json-error-message": (
        "The message is an error of the service that sent it: {value}. Ask that service again.",
        "این پیام خطای سرویس فرستنده است: {value}. دوباره از آن سرویس درخواست کنید.",
    ),
    "json-missing": (
        "The key {key} is missing here. Add it.",
        "کلید {key} در این‌جا نیست. آن را بیفزایید.",
    ),
    "json-type": (
        "What stands here must be a {wanted} (dict: an object, list: an array). Correct the message.",
        "آن‌چه در این‌جاست باید {wanted} باشد (dict: شیء، list: آرایه). پیام را درست کنید.",
    ),
    "json-structure": (
        "The data set names the structure {value}, and the message has {most}, counted from 0. Correct the number.",
        "مجموعهٔ داده ساختار {value} را می‌خواهد و پیام {most} ساختار دارد که از 0 شمرده می‌شوند. شماره را درست کنید.",
    ),
    "json-fixed": (
        "The dimension {column} stands at the level dataSet and has {found} values there; it must have one. Put it into the key of series or observations.",
        "بُعد {column} در سطح dataSet است و {found} مقدار دارد، در حالی که باید یکی باشد. آن را به کلید سری یا مشاهده ببرید.",
    ),
    "json-key": (
        "The key {value} does not fit the dimensions: it needs one index for each, counted from 0 in the list of its values. Correct the key.",
        "کلید {value} با بُعدها نمی‌خواند: برای هر بُعد یک شماره می‌خواهد که از 0 در فهرست مقدارهایش شمرده می‌شود. کلید را درست کنید.",
    ),
    "json-length": (
        "The array has more members than the {most} that the structure lists, and {value} is no index of an annotation. Correct the array.",
        "آرایه بیش از {most} عضوی دارد که ساختار برمی‌شمارد و {value} شمارهٔ یادداشت نیست. آرایه را درست کنید.",
    ),
    "json-value": (
        "The value {value} of {column} cannot be read: {reason}. Correct it.",
        "مقدار {value} برای {column} خوانده نمی‌شود: {reason}. آن را درست کنید.",
    ),
}
