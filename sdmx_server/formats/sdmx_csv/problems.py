"""The findings about SDMX-CSV metadata messages: what is wrong and the way out, in English and Persian."""

from __future__ import annotations

from ...errors import Problem

_LONGEST = 200
"""Characters of a value that a finding shows."""

_TEXTS: dict[str, tuple[str, str]] = {
    "csv.too-large": (
        "the message is larger than {limit} bytes; split it into several",
        "پیام از {limit} بایت بزرگ‌تر است؛ آن را به چند پیام تقسیم کنید",
    ),
    "csv.encoding": (
        "the message is not UTF-8 text; save it as UTF-8",
        "پیام متن UTF-8 نیست؛ آن را با کدگذاری UTF-8 ذخیره کنید",
    ),
    "csv.head": (
        "the first line is not that of an SDMX-CSV metadata message; it begins with MDSTRUCTURE, MDSTRUCTURE_ID and "
        "METADATASET_ID",
        "سطر نخست سرستون پیام فرادادهٔ SDMX-CSV نیست؛ با MDSTRUCTURE و MDSTRUCTURE_ID و METADATASET_ID آغاز می‌شود",
    ),
    "csv.column-twice": ("the column occurs twice; keep one", "این ستون دو بار آمده است؛ یکی را نگه دارید"),
    "csv.column": (
        "the head is no path of metadata attributes such as CONTACT.EMAIL, PHONE[] or TITLE[en;fa]; correct it",
        "سرستون مسیر ویژگی فراداده مانند CONTACT.EMAIL یا PHONE[] یا TITLE[en;fa] نیست؛ آن را درست کنید",
    ),
    "csv.quote": (
        "a quotation mark opens here and does not close, or something follows the closing one; double those within",
        "گیومه‌ای اینجا باز شده و بسته نمی‌شود، یا پس از بسته‌شدن چیزی آمده است؛ گیومه‌های درونی را دوتایی بنویسید",
    ),
    "csv.ragged": (
        "the line has {found} cells, the head has {expected}; enclose cells that hold the separator in quotation marks",
        "این سطر {found} خانه دارد و سرستون {expected}؛ خانه‌هایی را که جداکننده دارند در گیومه بگذارید",
    ),
    "csv.context": (
        "the first column holds metadataflow or metadataprovision",
        "ستون نخست metadataflow یا metadataprovision است",
    ),
    "csv.identification": (
        "write it as AGENCY:ID(VERSION); a version that is not there may be left out with its brackets",
        "آن را به صورت AGENCY:ID(VERSION) بنویسید؛ نسخه‌ای که نیست با کمانک‌هایش نوشته نمی‌شود",
    ),
    "csv.target": (
        "TARGET_TYPES and TARGET_IDS name the targets one by one: types such as dataflow, ids as AGENCY:ID(VERSION)",
        "TARGET_TYPES و TARGET_IDS هدف‌ها را یک‌به‌یک نام می‌برند: نوع مانند dataflow و شناسه به صورت AGENCY:ID(VERSION)",
    ),
    "csv.sub-fields": (
        "the values within the cell cannot be told apart: {reason}; enclose each in doubled quotation marks",
        "مقدارهای درون خانه از هم شناخته نمی‌شوند: {reason}؛ هر یک را در گیومهٔ دوتایی بگذارید",
    ),
    "csv.more": (
        "there are {count} more findings; correct these first",
        "{count} یافتهٔ دیگر هم هست؛ نخست این‌ها را درست کنید",
    ),
}


def problem(
    code: str,
    file: str,
    *,
    row: int | None = None,
    column: str | None = None,
    value: str | None = None,
    **words: str | int,
) -> Problem:
    """A finding of the catalogue. ``words`` fill its text; ``value`` is shown shortened."""
    english, persian = _TEXTS[code]
    shown = value if value is None or len(value) <= _LONGEST else value[:_LONGEST] + "…"
    return Problem(
        code=code,
        texts={"en": english.format(**words), "fa": persian.format(**words)},
        file=file,
        row=row,
        column=column,
        value=shown,
    )
