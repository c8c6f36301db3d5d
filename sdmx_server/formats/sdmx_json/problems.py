"""The catalogue of findings about structure messages: what is wrong and the way out, in English and Persian."""

from __future__ import annotations

from typing import Any

from ...errors import Problem, Refused

_LONGEST = 200
"""Characters of a value that a finding shows."""

_TEXTS: dict[str, tuple[str, str]] = {
    "json.too-large": (
        "the message is larger than {limit} bytes; split it into several",
        "پیام از {limit} بایت بزرگ‌تر است؛ آن را به چند پیام تقسیم کنید",
    ),
    "json.encoding": (
        "the message is not UTF-8 text; save it as UTF-8",
        "پیام متن UTF-8 نیست؛ آن را با کدگذاری UTF-8 ذخیره کنید",
    ),
    "json.empty": ("the message is empty", "پیام خالی است"),
    "json.syntax": (
        "this is not JSON: {reason}; correct the text at this place, or send the whole file if it was cut off",
        "این متن JSON نیست: {reason}؛ متن را در همین جا اصلاح کنید، یا اگر پرونده ناقص رسیده آن را کامل بفرستید",
    ),
    "json.duplicate-key": (
        "the key {key!r} occurs twice in one object{where}; keep one",
        "کلید {key!r} در یک شیء دو بار آمده است{where}؛ یکی را نگه دارید",
    ),
    "json.depth": (
        "the message is nested deeper than {limit} levels; flatten it",
        "تودرتویی پیام بیش از {limit} سطح است؛ آن را کم کنید",
    ),
    "json.not-a-message": (
        "a {expected} message is a JSON object with the keys meta and data",
        "پیام {expected} یک شیء JSON با کلیدهای meta و data است",
    ),
    "json.message-type": (
        "this is a {found} message, not a {expected} message; send it where {found} messages are taken",
        "این پیام از نوع {found} است نه {expected}؛ آن را به جای مربوط به خود بفرستید",
    ),
    "json.version": (
        "this version of SDMX-JSON is not read; use 2.1.0, 2.0.0 or 1.0.0",
        "این نسخهٔ SDMX-JSON خوانده نمی‌شود؛ از نسخهٔ 2.1.0 یا 2.0.0 یا 1.0.0 استفاده کنید",
    ),
    "json.metadata-version": (
        "metadata messages of SDMX-JSON 1.0 are not read; use 2.1.0 or 2.0.0, or SDMX-ML 2.1",
        "پیام‌های فرادادهٔ SDMX-JSON 1.0 خوانده نمی‌شود؛ از نسخهٔ 2.1.0 یا 2.0.0 یا از SDMX-ML 2.1 استفاده کنید",
    ),
    "json.errors": (
        "the message reports errors of the service that sent it, so its content may be incomplete; fetch it again",
        "این پیام خطای سرویس فرستنده را گزارش می‌کند و شاید کامل نباشد؛ دوباره آن را دریافت کنید",
    ),
    "json.unknown-key": (
        "SDMX-JSON {version} defines no key {key!r} here; correct its spelling or remove it",
        "در SDMX-JSON نسخهٔ {version} کلید {key!r} در این‌جا تعریف نشده است؛ املای آن را درست کنید یا حذفش کنید",
    ),
    "json.unsupported-kind": (
        "this server does not store {key}; leave them out",
        "این سرور {key} را نگه نمی‌دارد؛ آن‌ها را از پیام بردارید",
    ),
    "json.urn": (
        "this is not the URN of an SDMX artefact; write urn:sdmx:org.sdmx.infomodel.PACKAGE.CLASS=AGENCY:ID(VERSION)",
        "این URN یک شیء SDMX نیست؛ بنویسید urn:sdmx:org.sdmx.infomodel.PACKAGE.CLASS=AGENCY:ID(VERSION)",
    ),
    "json.duplicate-artefact": (
        "the artefact {key} occurs twice in the message; keep one",
        "شیء {key} دو بار در پیام آمده است؛ یکی را نگه دارید",
    ),
    "json.extension": (
        "an extension key x-sdmx-ml-... in here does not hold what this server writes there ({reason}); correct it, or "
        "take these keys out",
        "یک کلید افزودهٔ x-sdmx-ml-... در این‌جا آن‌چه را این سرور می‌نویسد ندارد ({reason})؛ آن را درست کنید یا این "
        "کلیدها را بردارید",
    ),
    "json.duplicate-alias": (
        "the alias {alias!r} stands for two artefacts in one VTL mapping scheme; give each mapping an alias of its own",
        "نام مستعار {alias!r} در یک طرح نگاشت VTL برای دو شیء آمده است؛ به هر نگاشت نامی جدا بدهید",
    ),
    "json.more": (
        "there are {count} more findings; correct these first",
        "{count} یافتهٔ دیگر هم هست؛ نخست این‌ها را اصلاح کنید",
    ),
    # -- remarks: not as the standard has it, but read
    "json.lenient.version": (
        "the message names SDMX-JSON {said}, but fits {found}; it was read as that",
        "پیام خود را SDMX-JSON {said} می‌نامد ولی با {found} می‌خواند؛ با همان خوانده شد",
    ),
    "json.lenient.head": (
        "the head has no {key}, which it must have; of heads nothing is stored",
        "سرآیند {key} ندارد که الزامی است؛ از سرآیند چیزی نگه داشته نمی‌شود",
    ),
    "json.lenient.rel": (
        "the link does not say what it is for; it was read as rel 'related'",
        "پیوند نمی‌گوید برای چیست؛ با rel برابر 'related' خوانده شد",
    ),
    "json.lenient.link": (
        "the URN of the link is none of SDMX; the address of the link stays, a link without address was left out",
        "URN این پیوند از SDMX نیست؛ نشانی پیوند ماند و پیوند بی‌نشانی کنار گذاشته شد",
    ),
    "json.lenient.links": (
        "there are no links here in the standard; they were left out",
        "در استاندارد این‌جا پیوندی نیست؛ پیوندها کنار گذاشته شد",
    ),
    "json.lenient.moment": (
        "the moment has no offset from UTC; it was understood as UTC",
        "این زمان اختلاف با UTC را ندارد؛ به وقت UTC فهمیده شد",
    ),
    "json.lenient.set-version": (
        "the version of a metadata set has three parts; .0 was added",
        "نسخهٔ مجموعهٔ فراداده سه بخش دارد؛ ‎.0 افزوده شد",
    ),
    "json.lenient.name": (
        "{key} is called {name} here; it was read as that",
        "{key} در این‌جا {name} نام دارد؛ با همان نام خوانده شد",
    ),
    # -- rules of the official schema, by its keywords
    "json.schema.required": ("the key {rule!r} is missing here; add it", "کلید {rule!r} در این‌جا نیست؛ آن را بیفزایید"),
    "json.schema.type": ("the value must be of type {rule}", "مقدار باید از نوع {rule} باشد"),
    "json.schema.pattern": (
        "the value does not have the form that is required: {rule}",
        "مقدار به شکل لازم نیست: {rule}",
    ),
    "json.schema.format": ("the value is not a valid {rule}", "مقدار یک {rule} معتبر نیست"),
    "json.schema.enum": ("the value must be one of {rule}", "مقدار باید یکی از این‌ها باشد: {rule}"),
    "json.schema.const": ("the value must be {rule}", "مقدار باید {rule} باشد"),
    "json.schema.minItems": (
        "the list needs at least {rule} members; add some or leave the key out",
        "فهرست دست‌کم {rule} عضو می‌خواهد؛ عضو بیفزایید یا کلید را بردارید",
    ),
    "json.schema.uniqueItems": ("the list holds a member twice; keep one", "یک عضو فهرست تکراری است؛ یکی را نگه دارید"),
    "json.schema.unknown": (
        "no key {rule} is defined here; correct its spelling, remove it, or begin it with x-",
        "کلید {rule} در این‌جا تعریف نشده است؛ املای آن را درست کنید، حذفش کنید، یا با x- آغازش کنید",
    ),
    "json.schema.other": (
        "the official schema refuses the value: {rule}",
        "شِمای رسمی این مقدار را نمی‌پذیرد: {rule}",
    ),
}


def problem(
    code: str, file: str, path: str | None = None, value: object = None, row: int | None = None, **words: str | int
) -> Problem:
    """A finding of the catalogue. ``words`` fill its text; ``value`` is shown shortened."""
    english, persian = _TEXTS[code]
    shown = None if value is None else str(value)
    if shown is not None and len(shown) > _LONGEST:
        shown = shown[:_LONGEST] + "…"
    return Problem(
        code=code,
        texts={"en": english.format(**words), "fa": persian.format(**words)},
        file=file,
        path=path,
        row=row,
        value=shown,
    )


def refused(code: str, file: str, **about: Any) -> Refused:
    """The refusal of a message for one finding."""
    return Refused([problem(code, file, **about)])
