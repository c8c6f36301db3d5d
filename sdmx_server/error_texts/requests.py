"""Sentences about requests as such: addresses, methods, sizes, and a service that cannot answer now."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

REQUESTS: dict[str, tuple[str, str]] = {
    # ---- by HTTP status, for what the web server itself refuses
    "http-400": ("The request is not valid HTTP.", "درخواست مطابق HTTP نیست."),
    "http-404": (
        "There is nothing at this address; the page /docs lists what this server answers.",
        "در این نشانی چیزی نیست؛ صفحهٔ /docs آنچه را این سامانه پاسخ می‌دهد برمی‌شمارد.",
    ),
    "http-405": (
        "The method is not allowed for this address; the header Allow lists those that are.",
        "این متد برای این نشانی پذیرفته نیست؛ سرآیند Allow متدهای پذیرفته را برمی‌شمارد.",
    ),
    "http-413": (
        "The body of the request is larger than this server reads.",
        "بدنهٔ درخواست بزرگ‌تر از آن است که این سامانه بخواند.",
    ),
    "http-414": (
        "The address is longer than this server reads (8,190 bytes); ask in several queries.",
        "نشانی بلندتر از آن است که این سامانه بخواند (8,190 بایت)؛ در چند پرس‌وجو بپرسید.",
    ),
    "http-431": (
        "The request's headers are larger than this server reads.",
        "سرآیندهای درخواست بزرگ‌تر از آن است که این سامانه بخواند.",
    ),
    "http-500": (
        "An unexpected error; it has been logged.",
        "خطایی پیش‌بینی‌نشده روی داد و ثبت شد.",
    ),
    "http-other": (
        "The request cannot be answered: {name} ({status}).",
        "به این درخواست نمی‌توان پاسخ داد: {name} ({status}).",
    ),
    "not-maintained": (
        "Nothing is written over HTTP here; whoever runs this service loads artefacts by sdmx-server structures import and registrations by sdmx-server registrations add",
        "اینجا از راه HTTP چیزی نوشته نمی‌شود؛ گردانندهٔ این سامانه شیءها را با sdmx-server structures import و ثبت‌ها را با sdmx-server registrations add وارد می‌کند",
    ),
    "database-away": (
        "The database does not answer at this moment; please try again in a few seconds.",
        "پایگاه داده در این لحظه پاسخ نمی‌دهد؛ لطفاً چند ثانیه دیگر دوباره بپرسید.",
    ),
    # ---- addresses
    "address-form": (
        "there is nothing at this address; write it as {prefix}/...",
        "در این نشانی چیزی نیست؛ آن را به شکل {prefix}/... بنویسید",
    ),
    "resource-unknown": (
        "there is no such resource in {api}; below {prefix} there are {known}",
        "چنین منبعی در {api} نیست؛ زیر {prefix} این‌ها هست: {known}",
    ),
    "nothing-matches": ("nothing matches the query", "چیزی با پرس‌وجو نمی‌خواند"),
    # ---- negotiation
    "format-not-offered": (
        "{wanted} is not offered here; offered: {offered}",
        "{wanted} اینجا عرضه نمی‌شود؛ عرضه می‌شود: {offered}",
    ),
    "coding-not-offered": (
        "compression={wanted:.100} is not offered; offered: {offered}",
        "compression={wanted:.100} عرضه نمی‌شود؛ عرضه می‌شود: {offered}",
    ),
    "coding-none-left": (
        "Accept-Encoding: {wanted:.200} leaves no content coding",
        "Accept-Encoding: {wanted:.200} هیچ روش فشرده‌سازی‌ای باقی نمی‌گذارد",
    ),
    "language-not-offered": (
        "there are no texts in {wanted}; there are: {offered}",
        "متنی به زبان {wanted} نیست؛ زبان‌های موجود: {offered}",
    ),
    # ---- room
    "too-many-queries": (
        "Too many queries over several dataflows at this moment; ask for one, or in a few seconds.",
        "در این لحظه شمار پرس‌وجوهایی که چند جریان داده را می‌خواهند بیش از اندازه است؛ یکی را بپرسید یا چند ثانیه دیگر دوباره بکوشید.",
    ),
    "answers-no-room": (
        "The room for large answers is taken; please try again in a minute.",
        "جای پاسخ‌های بزرگ پر است؛ لطفاً یک دقیقه دیگر دوباره بپرسید.",
    ),
    "answers-too-many": (
        "Too many large answers are being sent at this moment; please try again in a few seconds.",
        "در این لحظه پاسخ‌های بزرگ بسیاری در حال فرستادن است؛ لطفاً چند ثانیه دیگر دوباره بپرسید.",
    ),
    "workbook-no-room": (
        "There is no room for the workbook: {reason}; make room on the disk and try again.",
        "برای کارپوشه جا نیست: {reason}؛ روی دیسک جا باز کنید و دوباره بکوشید.",
    ),
}
