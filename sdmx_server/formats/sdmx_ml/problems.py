"""The catalogue of findings about SDMX-ML messages: what is wrong and the way out, in English and Persian."""

from __future__ import annotations

from typing import Any

from lxml import etree

from ...errors import Problem, Refused

_LONGEST = 200
"""Characters of a value or reason that a finding shows."""

_TEXTS: dict[str, tuple[str, str]] = {
    "xml.too-large": (
        "the message is larger than {limit} bytes; split it into several",
        "پیام از {limit} بایت بزرگ‌تر است؛ آن را به چند پیام تقسیم کنید",
    ),
    "xml.empty": ("the message is empty; send the whole file", "پیام خالی است؛ پروندهٔ کامل را بفرستید"),
    "xml.not-xml": (
        "this is not XML (it does not begin with '<'); send an SDMX-ML structure message",
        "این پرونده XML نیست (با «<» آغاز نمی‌شود)؛ یک پیام ساختاری SDMX-ML بفرستید",
    ),
    "xml.encoding": (
        "the text is not in the encoding that the message declares: {reason}; save it as UTF-8",
        "متن با کدگذاری اعلام‌شده نمی‌خواند: {reason}؛ آن را با UTF-8 ذخیره کنید",
    ),
    "xml.truncated": (
        "the message ends too early, it was probably cut off: {reason}; send the whole file",
        "پیام ناتمام است و شاید هنگام فرستادن بریده شده: {reason}؛ پروندهٔ کامل را بفرستید",
    ),
    "xml.depth": (
        "the message is nested too deeply: {reason}; flatten it",
        "تودرتویی پیام بیش از اندازه است: {reason}؛ آن را کم کنید",
    ),
    "xml.syntax": (
        "this is not well-formed XML: {reason}; correct the text at this place",
        "این متن XML درستی نیست: {reason}؛ متن را در همین جا اصلاح کنید",
    ),
    "xml.doctype": (
        "a message must not hold a document type declaration (DOCTYPE); remove it",
        "پیام نباید تعریف نوع سند (DOCTYPE) داشته باشد؛ آن را حذف کنید",
    ),
    "xml.version": (
        "this is an SDMX-ML {value} message, which is not read; convert it to 2.1, 3.0 or 3.1",
        "این پیام SDMX-ML نسخهٔ {value} است که خوانده نمی‌شود؛ آن را به نسخهٔ 2.1، 3.0 یا 3.1 تبدیل کنید",
    ),
    "xml.not-sdmx": (
        "the root element {value} is no SDMX-ML message; send a Structure message of SDMX-ML 2.1, 3.0 or 3.1",
        "عنصر ریشهٔ {value} پیام SDMX-ML نیست؛ یک پیام Structure از SDMX-ML نسخهٔ 2.1، 3.0 یا 3.1 بفرستید",
    ),
    "xml.message-type": (
        "this is a {value} message, not a Structure message; send it where such messages are taken",
        "این پیام از نوع {value} است نه Structure؛ آن را به جای مربوط به خود بفرستید",
    ),
    "xml.metadata-type": (
        "this is a {value} message, not a GenericMetadata message; send it where such messages are taken",
        "این پیام از نوع {value} است نه GenericMetadata؛ آن را به جای مربوط به خود بفرستید",
    ),
    "xml.registry-type": (
        "this {value} holds no registrations; send a SubmitRegistrationsRequest or a QueryRegistrationResponse",
        "این {value} ثبتی ندارد؛ یک SubmitRegistrationsRequest یا QueryRegistrationResponse بفرستید",
    ),
    "xml.schema": (
        "this breaks the SDMX-ML {version} schema: {reason}",
        "این بخش با طرح‌وارهٔ SDMX-ML نسخهٔ {version} نمی‌خواند: {reason}",
    ),
    "xml.unsupported": (
        "this server does not hold {value}; leave it out of the message",
        "این سرور {value} را نگه نمی‌دارد؛ آن را از پیام بردارید",
    ),
    "xml.reference": (
        "the reference cannot be read: {reason}; refer by URN to a {expected}",
        "این ارجاع خوانده نمی‌شود: {reason}؛ با URN به {expected} ارجاع دهید",
    ),
    "xml.language": (
        "two different texts are given in the language {value!r}; keep one",
        "دو متن متفاوت به زبان {value!r} آمده است؛ یکی را نگه دارید",
    ),
    "xml.incomplete": (
        "the element is incomplete: {reason}; add what is missing",
        "این عنصر کامل نیست: {reason}؛ بخش ناموجود را بیفزایید",
    ),
    "xml.error-message": (
        "this is an error message of the service that it was asked of, not a Structure message: {reason}",
        "این پیام خطای سرویسی است که از آن پرسیده شده، نه یک پیام Structure: {reason}",
    ),
    "xml.submission": (
        "this submission asks for the action {value}; artefacts are registered by Append and Replace alone",
        "این درخواست عمل {value} را می‌خواهد؛ مصنوعات تنها با Append و Replace ثبت می‌شوند",
    ),
    # -- remarks: not as the standard has it, but read
    "xml.lenient.header": (
        "the header is missing or is not as it should be; of headers nothing is stored",
        "سرآیند نیست یا چنان‌که باید نیست؛ از سرآیند چیزی نگه داشته نمی‌شود",
    ),
    "xml.lenient.measure": (
        "2.1 names the primary measure by its id alone, here it is a URN; it was read as OBS_VALUE",
        "نسخهٔ 2.1 سنجهٔ اصلی را تنها با شناسه می‌نامد و این‌جا URN آمده است؛ OBS_VALUE خوانده شد",
    ),
    "xml.more": (
        "there are {value} more findings; correct these first",
        "{value} یافتهٔ دیگر هم هست؛ نخست این‌ها را اصلاح کنید",
    ),
}


def short(text: str) -> str:
    """The text, cut to what a finding shows."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def problem(
    code: str,
    name: str | None,
    *,
    row: int | None = None,
    path: str | None = None,
    value: str | None = None,
    **more: Any,
) -> Problem:
    """A finding of the catalogue about the file ``name``; ``more`` fills the sentence."""
    en, fa = _TEXTS[code]
    shown = {key: short(str(text)) for key, text in more.items()} | {"value": short(value or "")}
    return Problem(
        code=code,
        texts={"en": en.format(**shown), "fa": fa.format(**shown)},
        file=name,
        row=row,
        path=path,
        value=None if value is None else short(value),
    )


def refused(code: str, name: str | None, **more: Any) -> Refused:
    """One finding as the error that refuses the message."""
    return Refused([problem(code, name, **more)])


def _step(element: etree._Element) -> str:
    local = etree.QName(element).localname
    key = element.get("id")
    return f"{local}[@id='{key}']" if key is not None else local


def place(element: etree._Element) -> str:
    """A path for people: local names with the ids of what they name, ``/Structure/Structures/…/Code[@id='A']``."""
    steps = [_step(element), *(_step(above) for above in element.iterancestors())]
    return "/" + "/".join(reversed(steps))


def line_of(element: etree._Element) -> int | None:
    """The line of the element's start tag, None when the parser knows none."""
    line: Any = element.sourceline
    return line or None
