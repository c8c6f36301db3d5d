"""Findings about SDMX messages and packed files: what is wrong and the way out, in English and Persian."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    # ---- packed files
    "archive-damaged": (
        "The packed file cannot be opened: {reason}. Pack it again, without a password.",
        "پروندهٔ فشرده باز نمی‌شود: {reason}. آن را دوباره و بی‌گذرواژه فشرده کنید.",
    ),
    "archive-files": (
        "The archive holds {found} files, one is wanted. Unpack it and load the files one by one.",
        "بایگانی {found} پرونده دارد و باید یکی داشته باشد. آن را باز کنید و پرونده‌ها را یکی‌یکی بدهید.",
    ),
    "needs-recipe": (
        "The loader {value} reads such files, but they do not say themselves what their columns are. Write a recipe for this one and load that.",
        "بارگذار {value} چنین پرونده‌هایی را می‌خواند ولی آن‌ها خود نمی‌گویند ستون‌هایشان چیست. برای این پرونده دستورالعملی بنویسید و همان را بارگذاری کنید.",
    ),
    "partial-key": (
        "The row carries attributes of several observations, and a recipe maps observations. Leave such rows out with where ({column} not_equals ~) and give the attributes under components, or load the message without a recipe.",
        "این سطر ویژگی‌های چند مشاهده را دارد و دستورالعمل مشاهده‌ها را نگاشت می‌کند. چنین سطرهایی را با where کنار بگذارید ({column} not_equals ~) و ویژگی‌ها را در components بنویسید، یا پیام را بی دستورالعمل بارگذاری کنید.",
    ),
    # ---- SDMX-ML: any XML
    "xml-empty": (
        "The file is empty. Give the whole message.",
        "پرونده خالی است. پیام کامل را بدهید.",
    ),
    "xml-encoding": (
        "The text is not in the encoding that the XML declares: {reason}. Save it as UTF-8.",
        "متن با کدگذاری اعلام‌شده در XML نمی‌خواند: {reason}. آن را با UTF-8 ذخیره کنید.",
    ),
    "xml-truncated": (
        "The message ends too early, it was probably cut off: {reason}. Give the whole file.",
        "پیام ناتمام است و شاید بریده شده باشد: {reason}. پروندهٔ کامل را بدهید.",
    ),
    "xml-syntax": (
        "This is not well-formed XML: {reason}. Correct the text here, or write the message again.",
        "این XML درستی نیست: {reason}. متن را در همین جا درست کنید یا پیام را از نو بسازید.",
    ),
    "xml-doctype": (
        "A message must not have a document type declaration (DOCTYPE). Remove it.",
        "پیام نباید تعریف نوع سند (DOCTYPE) داشته باشد. آن را بردارید.",
    ),
    "xml-depth": (
        "Elements are nested more than {most} deep, which no data message needs. Correct the message.",
        "عنصرها بیش از {most} لایه تودرتو هستند که هیچ پیام داده‌ای لازم ندارد. پیام را درست کنید.",
    ),
    "xml-names": (
        "The message has more than {most} different names of elements and attributes. Correct it.",
        "پیام بیش از {most} نام گوناگون برای عنصر و صفت دارد. آن را درست کنید.",
    ),
    # ---- SDMX-ML: which message
    "xml-not-sdmx": (
        "The root element {value} is no SDMX-ML message. Give a data message of SDMX-ML 2.1, 3.0 or 3.1.",
        "عنصر ریشهٔ {value} پیام SDMX-ML نیست. پیام داده‌ای از SDMX-ML نسخهٔ 2.1، 3.0 یا 3.1 بدهید.",
    ),
    "xml-version": (
        "This is a message of SDMX-ML {value}, which is not read. Convert it to 2.1, 3.0 or 3.1.",
        "این پیام SDMX-ML نسخهٔ {value} است که خوانده نمی‌شود. آن را به 2.1، 3.0 یا 3.1 تبدیل کنید.",
    ),
    "xml-message-kind": (
        "This is a {value} message, which holds no data. Give a data message; structures go in with structures import.",
        "این پیام از نوع {value} است و داده ندارد. پیام داده بدهید؛ ساختارها با structures import وارد می‌شوند.",
    ),
    "xml-error-message": (
        "This is an error message of a service, not data; it says: {value}. Ask that service again and give its answer.",
        "این پیام خطای یک سرویس است نه داده؛ می‌گوید: {value}. دوباره از آن سرویس بپرسید و پاسخش را بدهید.",
    ),
    "xml-structure-missing": (
        "The header has no Structure {value} with a reference to the structure of this data set. Add it to the header.",
        "سرآیند هیچ Structure با نام {value} که به ساختار این مجموعه ارجاع دهد ندارد. آن را به سرآیند بیفزایید.",
    ),
    "xml-reference": (
        "The reference {value} cannot be read: {reason}. Refer by URN or Ref to a dataflow or data structure.",
        "ارجاع {value} خوانده نمی‌شود: {reason}. با URN یا Ref به جریان داده یا ساختار داده ارجاع دهید.",
    ),
    # ---- SDMX-ML: data sets
    "xml-action": (
        "The action {value} is unknown. Use Merge, Append, Information, Replace or Delete.",
        "کنش {value} ناشناخته است. Merge، Append، Information، Replace یا Delete بنویسید.",
    ),
    "xml-element": (
        "The element {value} must not stand here, or cannot be loaded. Remove it, or put it where the SDMX-ML schema wants it.",
        "عنصر {value} نباید اینجا باشد یا بارگذاری‌پذیر نیست. آن را بردارید یا در جای خود در طرح‌وارهٔ SDMX-ML بگذارید.",
    ),
    "xml-metadata-set": (
        "A metadata set stands within the data (here its {value}), which is not loaded with them. Leave the element Metadata out, and load the set as a message of its own with metadata load.",
        "در میان داده‌ها یک مجموعهٔ فراداده آمده است (در اینجا {value} آن) که همراه داده بارگذاری نمی‌شود. عنصر Metadata را بردارید و مجموعه را در پیامی جداگانه با metadata load بارگذاری کنید.",
    ),
    "xml-incomplete": (
        "The value {value} lacks its id or its value. Write both.",
        "مقدار {value} شناسه (id) یا value ندارد. هر دو را بنویسید.",
    ),
    "xml-twice": (
        "{value} is given twice in one element. Keep one of them.",
        "{value} در یک عنصر دو بار آمده است. یکی را نگه دارید.",
    ),
    "xml-values": (
        "{column} has {found} values or languages, the data structure allows one. Keep one of them.",
        "{column} دارای {found} مقدار یا زبان است و ساختار داده تنها یکی را روا می‌دارد. یکی را نگه دارید.",
    ),
    "xml-delete-nothing": (
        "The data set with the action Delete names nothing. Name what is to be deleted; an empty Series stands for everything.",
        "مجموعهٔ داده با کنش Delete چیزی را نام نمی‌برد. آنچه باید پاک شود بنویسید؛ یک Series خالی به معنای همه چیز است.",
    ),
}
