"""Sentences about stored data: what is not there, contradicts what is stored, is in use, or is damaged."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

STORAGE: dict[str, tuple[str, str]] = {
    # ---- what is there
    "no-data": (
        "No data was loaded for the dataflow {dataflow.short} yet.",
        "برای جریان دادهٔ {dataflow.short} هنوز داده‌ای بارگذاری نشده است.",
    ),
    "data-gone": (
        "The data of {dataflow.short} are not there any more.",
        "داده‌های {dataflow.short} دیگر اینجا نیست.",
    ),
    "no-dataflow": (
        "Observations belong to a dataflow; the data structure {structure.agency}:{structure.id} alone holds none. Name a dataflow that uses it.",
        "مشاهده‌ها از آنِ جریان داده است؛ ساختار دادهٔ {structure.agency}:{structure.id} به‌تنهایی مشاهده‌ای ندارد. جریان داده‌ای را که آن را به کار می‌برد نام ببرید.",
    ),
    "data-pruned": (
        "The history of {dataflow.short} was pruned: the earliest moment that can be asked for is {earliest:%Y-%m-%dT%H:%M:%S.%f}Z. Ask for that or a later one, or for the present data.",
        "تاریخچهٔ {dataflow.short} هرس شده است: نخستین لحظه‌ای که می‌توان پرسید {earliest:%Y-%m-%dT%H:%M:%S.%f}Z است. همان یا پس از آن را بپرسید، یا داده‌های کنونی را.",
    ),
    "structures-pruned": (
        "Structures as they were then are no longer kept: the earliest moment that can be asked for is {earliest:%Y-%m-%dT%H:%M:%S.%f}Z. Ask for that or a later one, or for the present structures.",
        "ساختارها به صورت آن زمان دیگر نگه داشته نمی‌شوند: نخستین لحظه‌ای که می‌توان پرسید {earliest:%Y-%m-%dT%H:%M:%S.%f}Z است. همان یا پس از آن را بپرسید، یا ساختارهای کنونی را.",
    ),
    "metadata-pruned": (
        "Metadata sets as they were then are no longer kept: the earliest moment that can be asked for is {earliest:%Y-%m-%dT%H:%M:%S.%f}Z. Ask for that or a later one, or for the present metadata sets.",
        "مجموعه‌های فراداده به صورت آن زمان دیگر نگه داشته نمی‌شوند: نخستین لحظه‌ای که می‌توان پرسید {earliest:%Y-%m-%dT%H:%M:%S.%f}Z است. همان یا پس از آن را بپرسید، یا مجموعه‌های کنونی را.",
    ),
    # ---- conditions
    "not-a-number": (
        "{text!r} is not a number such as 10, -2.5 or 1e6",
        "{text!r} عددی مانند 10، -2.5 یا 1e6 نیست",
    ),
    "not-a-period": ("{text!r} is no SDMX time period.", "{text!r} دورهٔ زمانی SDMX نیست."),
    "filter-component-absent": (
        "There is no component {component} to filter by.",
        "مؤلفهٔ {component} نیست تا صافی بر پایهٔ آن باشد.",
    ),
    # ---- writing
    "column-unknown": (
        "No component {name!r} in this place; there are {known}.",
        "مؤلفهٔ {name!r} اینجا نیست؛ این‌ها هست: {known}.",
    ),
    "column-type": (
        "The column {name} must be {expected}, not {found}.",
        "ستون {name} باید {expected} باشد، نه {found}.",
    ),
    "dimension-empty": (
        "Dimension {name} has no value in some row; only a delete may leave one open.",
        "بُعد {name} در سطری مقدار ندارد؛ تنها در حذف می‌توان آن را باز گذاشت.",
    ),
    "no-attribute-there": (
        "No attribute attaches to ({dimensions}) in {dataflow.short}.",
        "در {dataflow.short} هیچ ویژگی‌ای به ({dimensions}) پیوسته نیست.",
    ),
    "storage-order": (
        "The storage order {order} must name each of {dimensions} once.",
        "ترتیب ذخیرهٔ {order} باید هر یک از {dimensions} را یک بار نام ببرد.",
    ),
    "dimensions-changed": (
        "The structure's dimensions {dimensions} are not those of the stored data ({stored}). Give the changed structure a new major version.",
        "بُعدهای ساختار ({dimensions}) با بُعدهای داده‌های ذخیره‌شده ({stored}) یکی نیست. به ساختار تغییریافته نسخهٔ اصلی تازه‌ای بدهید.",
    ),
    "component-changed": (
        "{component} is stored as {stored} attached to ({stored_at}); the structure now wants {wanted} attached to ({wanted_at}). Give the changed structure a new major version.",
        "{component} به صورت {stored} پیوسته به ({stored_at}) ذخیره شده است و ساختار اکنون {wanted} پیوسته به ({wanted_at}) می‌خواهد. به ساختار تغییریافته نسخهٔ اصلی تازه‌ای بدهید.",
    ),
    "cube-not-made": (
        "The cube of {dataflow.short} could not be made.",
        "مکعب دادهٔ {dataflow.short} ساخته نشد.",
    ),
    "structure-changed": (
        "The structure of {dataflow.short} changed during this load; load again.",
        "ساختار {dataflow.short} در میان این بارگذاری تغییر کرد؛ دوباره بارگذاری کنید.",
    ),
    # ---- in use
    "load-writing": (
        "Another load is writing; it was not waited for, nothing was changed.",
        "بارگذاری دیگری در حال نوشتن است؛ برای آن درنگ نشد و چیزی تغییر نکرد.",
    ),
    "load-writing-flow": (
        "Another load is writing the data of {dataflow.short}; it was not waited for, nothing was changed.",
        "بارگذاری دیگری در حال نوشتن داده‌های {dataflow.short} است؛ برای آن درنگ نشد و چیزی تغییر نکرد.",
    ),
    "in-use-database": (
        "The database is in use by another load or a long download; try again.",
        "پایگاه داده در دست بارگذاری یا دریافتی طولانی است؛ دوباره بکوشید.",
    ),
    "in-use-data": (
        "The data of {dataflow.short} is in use by another load or a long download; try again.",
        "داده‌های {dataflow.short} در دست بارگذاری یا دریافتی طولانی است؛ دوباره بکوشید.",
    ),
    "in-use-structures": (
        "The history of structures is in use by another load or a long download; try again.",
        "تاریخچهٔ ساختارها در دست بارگذاری یا دریافتی طولانی است؛ دوباره بکوشید.",
    ),
    "in-use-metadata": (
        "The history of metadata is in use by another load or a long download; try again.",
        "تاریخچهٔ فراداده در دست بارگذاری یا دریافتی طولانی است؛ دوباره بکوشید.",
    ),
    "compacting-busy": (
        "The history was pruned, but a load kept the file from being compacted; try again.",
        "تاریخچه هرس شد، ولی بارگذاری‌ای نگذاشت پرونده فشرده شود؛ دوباره بکوشید.",
    ),
    "compacting-failed": (
        "The history was pruned, but the file could not be compacted: {reason}.",
        "تاریخچه هرس شد، ولی پرونده فشرده نشد: {reason}.",
    ),
    # ---- damage
    "damaged-cube": (
        "What is stored of {dataflow.short} as a whole fails its checksum. Restore the database from a backup.",
        "آنچه دربارهٔ کل داده‌های {dataflow.short} ذخیره شده است با مجموع مقابله‌ای خود نمی‌خواند. پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-data": (
        "Stored data of {dataflow.short} fails its checksum ({reason}); restore it from a backup.",
        "داده‌های ذخیره‌شدهٔ {dataflow.short} با مجموع مقابله‌ای خود نمی‌خواند ({reason})؛ آن را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-row": (
        "Stored data of {dataflow.short} fails its checksum at {key} (column {column}). Restore the database from a backup.",
        "داده‌های ذخیره‌شدهٔ {dataflow.short} در {key} با مجموع مقابله‌ای خود نمی‌خواند (ستون {column}). پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-only-row": (
        "Stored data of {dataflow.short} fails its checksum at its only row (column {column}). Restore the database from a backup.",
        "داده‌های ذخیره‌شدهٔ {dataflow.short} در تنها سطر خود با مجموع مقابله‌ای نمی‌خواند (ستون {column}). پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-history": (
        "The history of {dataflow.short} fails its checksum (observations, column {column}). Restore the database from a backup.",
        "تاریخچهٔ {dataflow.short} با مجموع مقابله‌ای خود نمی‌خواند (مشاهده‌ها، ستون {column}). پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-attribute-history": (
        "The history of {dataflow.short} fails its checksum (attributes of {dimensions}, column {column}). Restore the database from a backup.",
        "تاریخچهٔ {dataflow.short} با مجموع مقابله‌ای خود نمی‌خواند (ویژگی‌های {dimensions}، ستون {column}). پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-data-set-history": (
        "The history of {dataflow.short} fails its checksum (attributes of the data set, column {column}). Restore the database from a backup.",
        "تاریخچهٔ {dataflow.short} با مجموع مقابله‌ای خود نمی‌خواند (ویژگی‌های مجموعه‌داده، ستون {column}). پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-column": (
        "row {row}, column {column}",
        "سطر {row}، ستون {column}",
    ),
    "damaged-dictionary": (
        "Stored data of {dataflow} is damaged: in the dictionary of {dictionary} {reason}. Restore the database from a backup.",
        "داده‌های ذخیره‌شدهٔ {dataflow} آسیب دیده است: در واژه‌نامهٔ {dictionary} {reason}. پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    "damaged-periods": ("periods", "دوره‌ها"),
    "damaged-entry": (
        "entry {entry} ({text!r}) fails its checksum",
        "مدخل {entry} ({text!r}) با مجموع مقابله‌ای خود نمی‌خواند",
    ),
    "lost-entries": (
        "there are {found} entries of {expected}",
        "{found} مدخل از {expected} هست",
    ),
    "damaged-index": (
        "Stored data of {dataflow.short} is damaged: the index of {name} does not add up to its {observations:,} observations. Restore the database from a backup.",
        "داده‌های ذخیره‌شدهٔ {dataflow.short} آسیب دیده است: جمع نمایهٔ {name} با {observations:,} مشاهدهٔ آن نمی‌خواند. پایگاه داده را از نسخهٔ پشتیبان بازگردانید.",
    ),
    # ---- backups
    "nothing-to-back-up": (
        "the database is empty: there is nothing to back up",
        "پایگاه داده خالی است: چیزی برای پشتیبان‌گیری نیست",
    ),
    "backup-not-a-file": (
        "{path} is no file; a backup is written to one, which it replaces",
        "{path} پرونده نیست؛ نسخهٔ پشتیبان در پرونده نوشته می‌شود و جای آن را می‌گیرد",
    ),
    "backup-none": ("{path} is no backup of sdmx-server", "{path} نسخهٔ پشتیبان sdmx-server نیست"),
    "backup-manifest-long": (
        "{path} is no backup of sdmx-server: its manifest is too long",
        "{path} نسخهٔ پشتیبان sdmx-server نیست: شناسنامهٔ آن بیش از اندازه بلند است",
    ),
    "backup-manifest-missing": (
        "{path} is no backup of sdmx-server: it has no {manifest}",
        "{path} نسخهٔ پشتیبان sdmx-server نیست: {manifest} ندارد",
    ),
    "backup-manifest-unreadable": (
        "{path}: its {manifest} cannot be read ({reason}); take another backup",
        "{path}: {manifest} آن خوانده نمی‌شود ({reason})؛ پشتیبان دیگری بگیرید",
    ),
    "backup-cut": (
        "{path} is not whole ({reason}); take another backup",
        "{path} کامل نیست ({reason})؛ پشتیبان دیگری بگیرید",
    ),
    "backup-format": (
        "{path} has version {found} of the format, this release reads version {expected}; restore it with the release that made it",
        "قالب {path} نسخهٔ {found} است و این انتشار نسخهٔ {expected} را می‌خواند؛ آن را با انتشاری که ساخته است بازگردانید",
    ),
    "backup-newer": (
        "{path} was made by a newer release (server {server}); restore it with that one",
        "{path} با انتشار تازه‌تری ساخته شده است (سرور {server})؛ با همان بازگردانید",
    ),
    "backup-older": (
        "the backup was made by an older release, and the database has the tables of this one; restore into a database without tables",
        "نسخهٔ پشتیبان با انتشاری کهنه‌تر ساخته شده است و پایگاه داده جدول‌های این انتشار را دارد؛ در پایگاهی بی جدول بازگردانید",
    ),
    "backup-database-full": (
        "the database is not empty ({tables} are there); restore into a new one, named by SDMX_DATABASE_URL or SDMX_DATA_DIR",
        "پایگاه داده خالی نیست (این‌ها در آن است: {tables})؛ در پایگاهی تازه بازگردانید که SDMX_DATABASE_URL یا SDMX_DATA_DIR نام می‌برد",
    ),
    "backup-damaged": (
        "{path} is damaged: table {table} cannot be read ({reason}); take another backup",
        "{path} آسیب دیده است: جدول {table} خوانده نمی‌شود ({reason})؛ پشتیبان دیگری بگیرید",
    ),
    "backup-block-long": ("a block is too long", "بلوکی بیش از اندازه بلند است"),
    "backup-rows-changed": ("its rows are not those that were written", "سطرهایش همان‌هایی نیست که نوشته شد"),
    "backup-value-kind": (
        "a value is of another kind than its column",
        "نوع مقداری با نوع ستونش یکی نیست",
    ),
    "backup-wrong": (
        "the backup cannot be restored: {reason}; take another backup",
        "نسخهٔ پشتیبان بازگرداندنی نیست: {reason}؛ پشتیبان دیگری بگیرید",
    ),
    "backup-tables-left": (
        "it has tables that belong to no cube: {tables}",
        "جدول‌هایی دارد که از آنِ هیچ مکعب داده‌ای نیست: {tables}",
    ),
    "backup-table-missing": ("the table {table} is missing", "جدول {table} نیست"),
    "backup-columns": ("the table {table} has other columns", "ستون‌های جدول {table} جز این است"),
    "backup-contradiction": (
        "the rows of {table} contradict one another",
        "سطرهای {table} با یکدیگر ناسازگار است",
    ),
    "backup-layout": ("the layout of {cube} cannot be read", "چیدمان {cube} خوانده نمی‌شود"),
}
