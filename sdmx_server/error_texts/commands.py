"""Sentences of the command line: what was given to a command, and what it works on."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    # ---- what the database is
    "database-other": (
        "the database is empty or of another release; run: sdmx-server bootstrap",
        "پایگاه داده خالی یا از انتشاری دیگر است؛ اجرا کنید: sdmx-server bootstrap",
    ),
    "database-read-only": (
        "the database in SDMX_DATABASE_URL is a replica, which takes no writes; that variable names the primary, and SDMX_READ_DATABASE_URL the replica",
        "پایگاه دادهٔ SDMX_DATABASE_URL رونوشت (replica) است و نوشتن نمی‌پذیرد؛ این متغیر پایگاه اصلی را نام می‌برد و SDMX_READ_DATABASE_URL رونوشت را",
    ),
    "database-full": (
        "there is no room left for the database ({reason}); make room on the disk and do it again",
        "برای پایگاه داده جایی نمانده است ({reason})؛ روی دیسک جا باز کنید و دوباره انجام دهید",
    ),
    "database-lacks": (
        "the database lacks what this release keeps in it ({reason}); it is made by: sdmx-server init",
        "پایگاه داده آنچه را این انتشار در آن نگه می‌دارد ندارد ({reason})؛ با این فرمان ساخته می‌شود: sdmx-server init",
    ),
    "database-fails": (
        "the database does not answer as it should: {reason}; SDMX_DATABASE_URL names it",
        "پایگاه داده چنان‌که باید پاسخ نمی‌دهد: {reason}؛ SDMX_DATABASE_URL آن را نام می‌برد",
    ),
    "replica-none": (
        "there is no replica: SDMX_READ_DATABASE_URL is not set",
        "رونوشتی (replica) نیست: SDMX_READ_DATABASE_URL مقدار ندارد",
    ),
    "replica-not-postgresql": (
        "SDMX_READ_DATABASE_URL goes with PostgreSQL, as a replica of the database in SDMX_DATABASE_URL; one of the two is {found}",
        "SDMX_READ_DATABASE_URL برای PostgreSQL است، رونوشت پایگاه دادهٔ SDMX_DATABASE_URL؛ یکی از این دو {found} است",
    ),
    "setting-wrong": (
        "a setting is wrong: {reason}; docs/settings.md has them all",
        "تنظیمی نادرست است: {reason}؛ همهٔ تنظیم‌ها در docs/settings.md است",
    ),
    # ---- files
    "system": ("{reason}", "{reason}"),
    "system-full": (
        "{reason}; make room on the disk and do it again",
        "{reason}؛ روی دیسک جا باز کنید و دوباره انجام دهید",
    ),
    "no-file": ("there is no file {path}", "پروندهٔ {path} نیست"),
    "no-file-or-folder": ("there is no file or folder {path}", "پرونده یا پوشهٔ {path} نیست"),
    "no-shipped-folder": (
        "the folder of shipped {folder} is not there; looked in: {looked}",
        "پوشهٔ {folder} که همراه این نرم‌افزار است نیست؛ جست‌وجو شد در: {looked}",
    ),
    "not-a-folder": ("{path} is not a folder", "{path} پوشه نیست"),
    "no-structure-files": (
        "no .xml or .json files in {paths}",
        "هیچ پروندهٔ .xml یا .json در {paths} نیست",
    ),
    "no-metadata-files": (
        "no .xml, .json or .csv files in {paths}",
        "هیچ پروندهٔ .xml یا .json یا .csv در {paths} نیست",
    ),
    "format-unknown": (
        "no format {name!r}; there are: {known}",
        "قالب {name!r} نیست؛ این‌ها هست: {known}",
    ),
    # ---- loads and exports
    "recipe-names-flow": (
        "a recipe names its own dataflow; leave --dataflow out",
        "دستورالعمل خود جریان داده‌اش را نام می‌برد؛ --dataflow را ننویسید",
    ),
    "flow-not-stored": (
        "{file} has data of {reference.kind} {reference.short}, which is not stored here; import its structures first (structures import), or name the dataflow that is meant: --dataflow 'AGENCY:ID(VERSION)'",
        "{file} دادهٔ {reference.kind} {reference.short} را دارد که اینجا ذخیره نشده است؛ نخست ساختارهایش را وارد کنید (structures import)، یا جریان داده را نام ببرید: --dataflow 'AGENCY:ID(VERSION)'",
    ),
    "flow-unclear": (
        "{file} does not name one dataflow (found: {found}); say which: --dataflow 'AGENCY:ID(VERSION)'",
        "{file} یک جریان داده را نام نمی‌برد (یافته‌شده: {found})؛ بگویید کدام: --dataflow 'AGENCY:ID(VERSION)'",
    ),
    "flow-empty": ("{name} has no observations", "{name} مشاهده‌ای ندارد"),
    "no-metadata-sets": (
        "there are no metadata sets; load some: sdmx-server metadata load FILE",
        "مجموعهٔ فراداده‌ای نیست؛ بارگذاری کنید: sdmx-server metadata load FILE",
    ),
    "reference-wrong": ("{reason}; write it as '{example}'", "{reason}؛ بنویسید '{example}'"),
    # ---- pruning
    "prune-when": (
        "give either --older-than 400d or --before 2025-01-01T00:00:00Z",
        "یا --older-than 400d بدهید یا --before 2025-01-01T00:00:00Z",
    ),
    "prune-age": (
        "{text!r} is no age; write hours, days, weeks or years: 36h, 400d, 52w, 2y",
        "{text!r} مدت نیست؛ ساعت، روز، هفته یا سال بنویسید: 36h، 400d، 52w، 2y",
    ),
    "prune-age-large": (
        "{text!r} is longer ago than there are dates",
        "{text!r} از نخستین تاریخ شدنی هم دورتر است",
    ),
    "prune-future": (
        "{text} lies in the future; history is pruned up to a moment that has passed",
        "{text} در آینده است؛ تاریخچه تا لحظه‌ای که گذشته است هرس می‌شود",
    ),
    # ---- registrations
    "agreement-absent": (
        "the provision agreement {reference.short} is not stored here; import it first",
        "توافق ارائهٔ {reference.short} اینجا ذخیره نشده است؛ نخست آن را وارد کنید",
    ),
    "registration-source": (
        "a registration needs the address of a file (--file) or of a service (--query)",
        "ثبت به نشانی یک پرونده (--file) یا یک خدمت (--query) نیاز دارد",
    ),
    "registration-action": (
        "the action {action} is not for import, which adds and replaces; to take one away use: registrations remove ID",
        "کنش {action} کار import نیست که می‌افزاید و جایگزین می‌کند؛ برای برداشتن: registrations remove ID",
    ),
    "registration-twice": (
        "the registration {name} stands twice in what is imported, with different contents; keep one, or give one another id",
        "ثبت {name} دو بار با محتوای متفاوت آمده است؛ یکی را نگه دارید یا به یکی شناسهٔ دیگری بدهید",
    ),
    "no-registrations": (
        "there are no registrations; make one: sdmx-server registrations add",
        "ثبتی نیست؛ یکی بسازید: sdmx-server registrations add",
    ),
    "registration-address": (
        "{url} is no address; write it with http:// or https:// in front",
        "{url} نشانی نیست؛ آن را با http:// یا https:// آغاز کنید",
    ),
    "registration-id-wrong": (
        "{text} is no id: letters, digits and _ @ $ - are allowed",
        "{text} شناسه نیست: حرف، رقم و _ @ $ - رواست",
    ),
    "registration-moment": (
        "{name} {text} is no moment such as 2026-01-31T00:00:00Z",
        "{name} {text} لحظه‌ای مانند 2026-01-31T00:00:00Z نیست",
    ),
}
