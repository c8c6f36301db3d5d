"""The catalogue of findings: for each code what is wrong and the way out, in English and Persian.

Templates take ``{value}``, ``{column}`` and the parameters that the check gives.
"""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

from .catalogue_messages import MESSAGES

CATALOGUE: dict[str, tuple[str, str]] = {
    **MESSAGES,
    # ---- files
    "file-missing": (
        "The file cannot be read: {reason}. Put it there or correct the path.",
        "پرونده خوانده نمی‌شود: {reason}. آن را در جای خود بگذارید یا مسیر را درست کنید.",
    ),
    "file-empty": (
        "The file has no head row. Give a file with a head row and data.",
        "پرونده سطر عنوان ندارد. پرونده‌ای با سطر عنوان و داده بدهید.",
    ),
    "file-too-large": (
        "The file has {size} bytes, {most} are allowed. Split it.",
        "پرونده {size} بایت دارد و بیشینه {most} است. آن را به چند پرونده بخش کنید.",
    ),
    "encoding": (
        "The text is not {encoding}: {reason}. Give the right encoding in the options, or save the file as UTF-8.",
        "متن {encoding} نیست: {reason}. کدگذاری درست را در options بنویسید یا پرونده را با UTF-8 ذخیره کنید.",
    ),
    "nul-byte": (
        "The line has a NUL byte. Export the file again as plain text.",
        "در این سطر بایت تهی (NUL) هست. پرونده را دوباره به صورت متن ساده بسازید.",
    ),
    "line-too-long": (
        "The record is longer than {most} bytes; perhaps a quotation mark is not closed. Correct it.",
        "این رکورد از {most} بایت بلندتر است؛ شاید گیومه‌ای بسته نشده باشد. آن را درست کنید.",
    ),
    "ragged-row": (
        "The row has {found} fields, the head has {expected}. Quote fields that hold the separator, or add what lacks.",
        "این سطر {found} خانه دارد و عنوان {expected} خانه. خانه‌هایی را که جداکننده دارند در گیومه بگذارید یا کمبود را بیفزایید.",
    ),
    "truncated-quote": (
        "A quoted field opens here and never closes: the file is cut off or a quotation mark is missing. Export it again.",
        "خانه‌ای که اینجا با گیومه باز شده بسته نمی‌شود: پرونده ناقص است یا گیومه‌ای کم است. آن را دوباره بسازید.",
    ),
    "malformed-quote": (
        "Quotation marks are wrong in this record. Enclose the field in quotes and double those inside.",
        "گیومه‌های این رکورد درست نیست. خانه را در گیومه بگذارید و گیومه‌های درون آن را دوتایی بنویسید.",
    ),
    "too-many-columns": (
        "The head has {found} columns, {most} are allowed. Check the separator.",
        "عنوان {found} ستون دارد و بیشینه {most} است. جداکننده را بررسی کنید.",
    ),
    "column-twice": (
        "The column {column} occurs twice in the head. Give each column its own name.",
        "ستون {column} در عنوان دو بار آمده است. به هر ستون نامی جدا بدهید.",
    ),
    "column-missing": (
        "The source has no column {column}{hint}. It has: {columns}.",
        "منبع ستون {column} ندارد{hint}. ستون‌هایش: {columns}.",
    ),
    "column-unknown": (
        "The data structure has no component {column}{hint}. Correct its name, or list it under ignore.",
        "ساختار داده مؤلفهٔ {column} ندارد{hint}. نامش را درست کنید یا آن را در ignore بیاورید.",
    ),
    "row-count": (
        "The source has {found} rows, the recipe declares {expected}. Check whether rows are lost, or correct rows.",
        "منبع {found} سطر دارد و دستورالعمل {expected} سطر گفته است. ببینید سطری گم شده یا نه، یا rows را درست کنید.",
    ),
    # ---- recipes
    "recipe-syntax": (
        "The recipe is not TOML: {reason}. Correct that line.",
        "دستورالعمل TOML درست نیست: {reason}. آن سطر را درست کنید.",
    ),
    "recipe-key": (
        "The recipe has an unknown key {value} at {place}{hint}. Known here: {known}.",
        "در دستورالعمل کلید ناشناختهٔ {value} در {place} هست{hint}. کلیدهای ممکن: {known}.",
    ),
    "recipe-value": (
        "The recipe is wrong at {place}: {reason}. See the recipe documentation.",
        "دستورالعمل در {place} نادرست است: {reason}. راهنمای دستورالعمل را ببینید.",
    ),
    "recipe-name": (
        "The recipe names {value} at {place}, which does not exist{hint}. Known: {known}.",
        "دستورالعمل در {place} از {value} نام می‌برد که وجود ندارد{hint}. شناخته‌ها: {known}.",
    ),
    # ---- mapping
    "label-unmapped": (
        "The label {value} is not in the table {table}{hint}. Add it to the table or leave the rows out with where.",
        "برچسب {value} در جدول {table} نیست{hint}. آن را به جدول بیفزایید یا با where کنار بگذارید.",
    ),
    "label-ambiguous": (
        "The label {value} names several codes: {codes}. Use a table of your own.",
        "برچسب {value} نام چند کد است: {codes}. جدولی از خود به کار ببرید.",
    ),
    "extract-failed": (
        "The value {value} does not match {pattern}. Correct extract or leave the rows out with where.",
        "مقدار {value} با {pattern} نمی‌خواند. extract را درست کنید یا سطرها را با where کنار بگذارید.",
    ),
    "value-empty": (
        "The value is empty. Give it, or list the empty text under missing or drop.",
        "مقدار خالی است. آن را بنویسید یا متن خالی را در missing یا drop بیاورید.",
    ),
    # ---- values
    "code-unknown": (
        "The code {value} of {column} is not in {codelist}{hint}. Correct it, or register a new minor version.",
        "کد {value} برای {column} در {codelist} نیست{hint}. آن را درست کنید یا نسخهٔ تازه‌ای از فهرست ثبت کنید.",
    ),
    "dimension-missing": (
        "The dimension {column} has no value. Every observation needs one.",
        "بُعد {column} مقدار ندارد. هر مشاهده به آن نیاز دارد.",
    ),
    "type-wrong": (
        "The value {value} of {column} is not of the type {type}. Write it as the type demands.",
        "مقدار {value} برای {column} از نوع {type} نیست. آن را مطابق نوع بنویسید.",
    ),
    "facet": (
        "The value {value} of {column} breaks {facet} = {limit}. Correct the value.",
        "مقدار {value} برای {column} از {facet} = {limit} بیرون است. مقدار را درست کنید.",
    ),
    "control-character": (
        "The value of {column} has a control character that no XML can carry. Remove it.",
        "در مقدار {column} نویسهٔ کنترلی هست که در XML روا نیست. آن را بردارید.",
    ),
    "occurrences": (
        "{column} has {found} values, {least} to {most} are allowed. Correct the number of values.",
        "{column} دارای {found} مقدار است و {least} تا {most} رواست. شمار مقدارها را درست کنید.",
    ),
    "period-invalid": (
        "{value} is no period: {reason}. Write it as the data structure or the recipe's calendar demands.",
        "{value} دورهٔ زمانی نیست: {reason}. آن را مطابق ساختار داده یا تقویم دستورالعمل بنویسید.",
    ),
    "period-shape": (
        "The period {value} is not of the type {type}. For Solar Hijri labels declare the calendar in the recipe.",
        "دورهٔ {value} از نوع {type} نیست. برای برچسب‌های هجری خورشیدی در دستورالعمل calendar را بنویسید.",
    ),
    "period-solar-hijri": (
        "The period {value} is no Solar Hijri year, quarter or month such as 2023-03-21/P365D. Declare the calendar in the recipe to load national labels.",
        "دورهٔ {value} سال، فصل یا ماه هجری شمسی مانند 2023-03-21/P365D نیست. برای بارگذاری برچسب‌های ملی، تقویم را در دستور بارگذاری اعلام کنید.",
    ),
    "period-calendar": (
        'The period {value} would lie before the year {earliest} AD. Declare calendar = "solar-hijri" if it is meant so.',
        'دورهٔ {value} پیش از سال {earliest} میلادی است. اگر هجری خورشیدی است در دستورالعمل calendar = "solar-hijri" بنویسید.',
    ),
    "attribute-missing": (
        "The attribute {column} is mandatory and has no value. Give one, in the source or as a constant.",
        "ویژگی {column} اجباری است و مقدار ندارد. در منبع یا به صورت ثابت مقدار بدهید.",
    ),
    "constraint": (
        "{value} is not among the content that the constraint on {column} allows. Correct it, or change the constraint.",
        "{value} در محتوایی که محدودیت برای {column} روا می‌دارد نیست. آن را درست کنید یا محدودیت را تغییر دهید.",
    ),
    "duplicate-key": (
        "The observation {value} occurs more than once (first in {first}). Keep one of them.",
        "مشاهدهٔ {value} بیش از یک بار آمده است (نخست در {first}). یکی را نگه دارید.",
    ),
    "group-conflict": (
        "{column} has several values for {key}, where only one is possible: {values}. Make them agree.",
        "{column} برای {key} چند مقدار دارد و تنها یکی ممکن است: {values}. آن‌ها را یکسان کنید.",
    ),
    # ---- SDMX-CSV
    "not-sdmx-csv": (
        "The head begins neither with STRUCTURE and STRUCTURE_ID (SDMX-CSV 2.x) nor with DATAFLOW (1.0): this is not SDMX-CSV. Convert the file or write a recipe.",
        "عنوان نه با STRUCTURE و STRUCTURE_ID آغاز می‌شود (SDMX-CSV 2.x) و نه با DATAFLOW (نسخهٔ 1.0): این SDMX-CSV نیست. پرونده را تبدیل کنید یا دستورالعمل بنویسید.",
    ),
    "structure-wrong": (
        "The data belong to {value}, the load is for {expected}. Correct the structure that the file names, or choose that dataflow.",
        "داده از آنِ {value} است و بارگذاری برای {expected}. ساختاری را که پرونده نام می‌برد درست کنید یا همان جریان را برگزینید.",
    ),
    "action-unknown": (
        "The action {value} is unknown. Use M, R or D (I and A mean M).",
        "کنش {value} ناشناخته است. M یا R یا D بنویسید (I و A همان M است).",
    ),
    "too-many-actions": (
        "The action changes more than {most} times. Sort the rows by action.",
        "کنش بیش از {most} بار عوض می‌شود. سطرها را بر پایهٔ کنش مرتب کنید.",
    ),
    "subfield": (
        "The value {value} of {column} cannot be split: {reason}. Declare the sub-field separator as STRUCTURE[;].",
        "مقدار {value} برای {column} جداشدنی نیست: {reason}. جداکنندهٔ درونی را به صورت STRUCTURE[;] بنویسید.",
    ),
    # ---- declared checks
    "total-wrong": (
        "{name}: {value} is {whole}, its parts give {parts} (difference {difference}, tolerance {tolerance}). Correct the source.",
        "{name}: {value} برابر {whole} است و جمع اجزا {parts} (اختلاف {difference}، رواداری {tolerance}). منبع را درست کنید.",
    ),
    "part-missing": (
        '{name}: {value} lacks {lacking} of {dimension}. Complete the source, or declare require = "any".',
        '{name}: برای {value} جزء {lacking} از {dimension} نیست. منبع را کامل کنید یا require = "any" بنویسید.',
    ),
    "mean-wrong": (
        "{name}: {value} is {whole}, its months average {parts} (tolerance {tolerance}). Correct the source.",
        "{name}: {value} برابر {whole} است و میانگین ماه‌ها {parts} (رواداری {tolerance}). منبع را درست کنید.",
    ),
    "figure-wrong": (
        "{name}: the {aggregate} is {found}, the published figure {value} (tolerance {tolerance}). Correct the source.",
        "{name}: {aggregate} برابر {found} است و رقم منتشرشده {value} (رواداری {tolerance}). منبع را درست کنید.",
    ),
    "figure-none": (
        "{name}: no observation is in its scope. Correct where, or complete the source.",
        "{name}: هیچ مشاهده‌ای در دامنهٔ آن نیست. where را درست کنید یا منبع را کامل کنید.",
    ),
}
