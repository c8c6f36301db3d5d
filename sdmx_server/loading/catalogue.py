"""The catalogue of findings: for each code what is wrong and the way out, in English and Persian.

Templates take ``{value}``, ``{column}`` and the parameters that the check gives.
"""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

from .catalogue_json import JSON_MESSAGES
from .catalogue_messages import MESSAGES
from .catalogue_metadata import METADATA

CATALOGUE: dict[str, tuple[str, str]] = {
    **MESSAGES,
    **JSON_MESSAGES,
    **METADATA,
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
    # ---- workbooks
    "workbook-empty": (
        "The file has no bytes. Save the workbook again.",
        "پرونده تهی است. کارپوشه را دوباره ذخیره کنید.",
    ),
    "workbook-kind": (
        "The content is no workbook of Excel (.xls of Excel 97 or later, .xlsx, .xlsm), whatever its name says. Open it and save it as .xlsx.",
        "محتوا کارپوشهٔ Excel (نوع xls از نسخهٔ ۹۷ به بعد، xlsx یا xlsm) نیست، نامش هر چه باشد. آن را باز کنید و با نوع xlsx ذخیره کنید.",
    ),
    "workbook-password": (
        "The workbook is encrypted with a password. Save it without one.",
        "کارپوشه با گذرواژه رمز شده است. آن را بی گذرواژه ذخیره کنید.",
    ),
    "workbook-damaged": (
        "The workbook is cut off or damaged: {reason}. Copy it again, or open it in Excel and save it anew.",
        "کارپوشه ناقص یا خراب است: {reason}. آن را دوباره رونوشت کنید، یا در Excel باز و از نو ذخیره کنید.",
    ),
    "workbook-too-large": (
        "The workbook unpacks to {size} bytes, {most} are allowed. Split it, or export the sheets as CSV.",
        "کارپوشهٔ بازشده {size} بایت دارد و بیشینه {most} است. آن را بخش کنید یا کاربرگ‌ها را به CSV ببرید.",
    ),
    "workbook-dtd": (
        "The part {part} of the workbook has a DTD, which no workbook may have. Save it anew in Excel.",
        "بخش {part} کارپوشه DTD دارد که در هیچ کارپوشه‌ای روا نیست. آن را در Excel از نو ذخیره کنید.",
    ),
    "too-many-cells": (
        "The sheet reaches over more than {most} cells. Remove what lies far from the table, or split it.",
        "کاربرگ بیش از {most} خانه دارد. آنچه را دور از جدول است پاک کنید یا آن را بخش کنید.",
    ),
    "sheet-missing": (
        "The workbook has no sheet {value}{hint}. It has: {known}.",
        "کارپوشه کاربرگ {value} ندارد{hint}. کاربرگ‌هایش: {known}.",
    ),
    "sheet-none": (
        "No visible sheet with content fits {value}. The workbook has: {known}.",
        "هیچ کاربرگ پیدای پُری با {value} نمی‌خواند. کاربرگ‌ها: {known}.",
    ),
    "sheet-choice": (
        "The workbook has several sheets: {known}. Say in sheets which are meant.",
        "کارپوشه چند کاربرگ دارد: {known}. در sheets بگویید کدام‌ها.",
    ),
    "sheet-empty": (
        "The sheet is empty. Fill it, or leave it out of sheets.",
        "کاربرگ خالی است. آن را پر کنید یا در sheets نیاورید.",
    ),
    "sheet-count": (
        "{found} sheets fit, the recipe expects {expected}: {known}. Complete the workbook, or correct expect.",
        "{found} کاربرگ یافت شد و دستورالعمل {expected} کاربرگ گفته است: {known}. کارپوشه را کامل یا expect را درست کنید.",
    ),
    "head-not-found": (
        "No cell holds the label {value} by which the head is found. Correct the sheet, or label under head.",
        "هیچ خانه‌ای برچسب {value} را که نشان سر جدول است ندارد. کاربرگ یا label در head را درست کنید.",
    ),
    "table-empty": (
        "There is no row of data below the head. Complete the sheet, or correct head, until and skip.",
        "زیر سر جدول هیچ سطر داده‌ای نیست. کاربرگ را کامل کنید یا head و until و skip را درست کنید.",
    ),
    "stub-column": (
        "The column of row labels {value} is not there. Correct the sheet, or stubs.",
        "ستون برچسب سطرهای {value} نیست. کاربرگ یا stubs را درست کنید.",
    ),
    "head-missing": (
        "The column has data but no head here: a merged head was taken apart or is lost. Merge it again, write it in each cell, or set fill_heads.",
        "ستون داده دارد ولی اینجا عنوان ندارد: عنوان ادغام‌شده از هم باز یا گم شده است. دوباره ادغام کنید، در هر خانه بنویسید یا fill_heads بگذارید.",
    ),
    "head-twice": (
        "The head {value} stands over column {first} already. Give each column its own head, or remove one.",
        "عنوان {value} پیش‌تر بالای ستون {first} آمده است. به هر ستون عنوانی جدا بدهید یا یکی را بردارید.",
    ),
    "label-missing": (
        "The row has data but no label here. Write it, or set fill for this column if it is written once over a block.",
        "سطر داده دارد ولی اینجا برچسب ندارد. آن را بنویسید، یا اگر یک بار بر بالای بلوک نوشته می‌شود fill بگذارید.",
    ),
    "label-twice": (
        "The row label {value} stands in row {first} already. Remove one of the rows, or correct the label.",
        "برچسب {value} پیش‌تر در سطر {first} آمده است. یکی از سطرها را بردارید یا برچسب را درست کنید.",
    ),
    "label-unexpected": (
        "Here {expected} is expected, but {value} stands: a row or column is missing, added or shifted. Correct the sheet, or expect.",
        "اینجا {expected} انتظار می‌رود ولی {value} آمده است: سطر یا ستونی کم یا زیاد یا جابه‌جا شده است. کاربرگ یا expect را درست کنید.",
    ),
    "rows-expected": (
        "The table has {found} rows, {expected} are expected. Complete the sheet, or correct expect.",
        "جدول {found} سطر دارد و {expected} سطر انتظار می‌رود. کاربرگ را کامل یا expect را درست کنید.",
    ),
    "letter-arabic": (
        "The label {value} has the Arabic letter {letter}; write the Persian {persian}, or set arabic_letters = true to read both as one.",
        "برچسب {value} حرف عربی {letter} دارد؛ {persian} فارسی بنویسید، یا برای یکی گرفتن هر دو arabic_letters = true بگذارید.",
    ),
    "labels-disagree": (
        "The label {value} stands beside {found}, but {expected} belongs to it. Correct one of them, or agree.",
        "برچسب {value} کنار {found} آمده است ولی {expected} از آنِ آن است. یکی از آن‌ها یا agree را درست کنید.",
    ),
    "cell-error": (
        "The cell shows the error {value}. Correct its formula.",
        "خانه خطای {value} را نشان می‌دهد. فرمول آن را درست کنید.",
    ),
    "formula-unsaved": (
        "The cell has a formula whose result was never saved. Open the workbook in Excel and save it, or write the value.",
        "خانه فرمولی دارد که نتیجه‌اش ذخیره نشده است. کارپوشه را در Excel باز و ذخیره کنید یا خود مقدار را بنویسید.",
    ),
    "cell-text": (
        "The cell holds the text {value} where a number is wanted. Make it a number, list it under missing or drop, or set numbers_as_text.",
        "خانه به جای عدد متن {value} دارد. آن را عدد کنید، در missing یا drop بیاورید یا numbers_as_text بگذارید.",
    ),
    "cell-percent": (
        "The cell shows {value} in percent. Say in percent whether 12% is to be read as 0.12 (fraction) or 12 (hundred).",
        "خانه {value} را به درصد نشان می‌دهد. در percent بگویید ۱۲٪ چون 0.12 خوانده شود (fraction) یا 12 (hundred).",
    ),
    "cell-merged": (
        "The merged range {value} lies over several cells of data. Take it apart and write each value.",
        "محدودهٔ ادغام‌شدهٔ {value} چند خانهٔ داده را می‌پوشاند. آن را باز کنید و هر مقدار را بنویسید.",
    ),
    "hidden": (
        "{value} hidden within the table. Unhide what counts and delete the rest, or set hidden to read or skip.",
        "{value} درون جدول پنهان است. آنچه را به شمار می‌آید آشکار و بقیه را پاک کنید، یا hidden را read یا skip بگذارید.",
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
