"""The findings about metadata sets: for each code what is wrong and the way out, in English and Persian."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

METADATA: dict[str, tuple[str, str]] = {
    "metadata-set-twice": (
        "The metadata set {value} stands twice in what is loaded, with different contents. Keep one, or give one another id or version.",
        "مجموعهٔ فرادادهٔ {value} دو بار با محتوای متفاوت آمده است. یکی را نگه دارید یا به یکی شناسه یا نسخهٔ دیگری بدهید.",
    ),
    "metadata-delete": (
        "The message asks for the deletion of {value}, which a load does not do. Use: metadata remove.",
        "پیام حذف {value} را می‌خواهد و بارگذاری حذف نمی‌کند. از فرمان metadata remove استفاده کنید.",
    ),
    "metadata-version": (
        "The version {value} is neither semantic nor 1.0. Write it with three parts, e.g. 1.0.0, or leave it out.",
        "نسخهٔ {value} نه معنایی است و نه 1.0. آن را سه‌بخشی بنویسید، مانند 1.0.0، یا ننویسید.",
    ),
    "metadata-period": (
        "{value} is not what {column} may be, a {type}. Write it like {example}, or leave it out.",
        "مقدار {value} برای {column} که از نوع {type} است درست نیست. آن را مانند {example} بنویسید یا ننویسید.",
    ),
    "metadata-flow": (
        "The set is reported for {value}, which is not stored here. Register its metadataflow, structure and agreement first.",
        "مجموعه برای {value} گزارش شده که اینجا ذخیره نشده است. نخست جریان فراداده، ساختار و توافق آن را ثبت کنید.",
    ),
    "metadata-structure": (
        "The structure of {value} cannot be used: {reason}.",
        "ساختار {value} به کار نمی‌آید: {reason}.",
    ),
    "metadata-flow-unclear": (
        "The set follows {value}, of which {found} metadataflows are made, not one. Name the metadataflow in the message.",
        "مجموعه از {value} پیروی می‌کند که {found} جریان فراداده از آن ساخته شده، نه یکی. جریان فراداده را در پیام بنویسید.",
    ),
    "metadata-provider": (
        "The set is reported by {value}, and the agreement is with {provider}. Make them agree.",
        "مجموعه را {value} گزارش کرده و توافق با {provider} است. این دو را یکسان کنید.",
    ),
    "metadata-target-none": (
        "The set names no target. Name the artefact that it is about.",
        "مجموعه هیچ هدفی ندارد. شیئی را که دربارهٔ آن است نام ببرید.",
    ),
    "metadata-target": (
        "The target {value} is no URN of an artefact. Write urn:sdmx:org.sdmx.infomodel.PACKAGE.CLASS=AGENCY:ID(VERSION).",
        "هدف {value} نشانی URN یک شیء نیست. بنویسید urn:sdmx:org.sdmx.infomodel.PACKAGE.CLASS=AGENCY:ID(VERSION).",
    ),
    "metadata-target-absent": (
        "The target {value} is not stored here. Register it first, or correct the URN.",
        "هدف {value} اینجا ذخیره نشده است. نخست آن را ثبت کنید یا URN را درست کنید.",
    ),
    "metadata-target-item": (
        "The target {value} names an item that {scheme} does not have. Register it first, or correct the URN.",
        "هدف {value} قلمی را نام می‌برد که {scheme} ندارد. نخست آن را ثبت کنید یا URN را درست کنید.",
    ),
    "metadata-target-other": (
        "The target {value} is not among those that {flow} is about: {allowed}. Correct it, or widen the flow.",
        "هدف {value} در میان هدف‌های {flow} نیست: {allowed}. آن را درست کنید یا هدف‌های جریان را گسترش دهید.",
    ),
    "metadata-attribute-unknown": (
        "The metadata structure has no attribute {column} here{hint}. Correct its id or its place.",
        "ساختار فراداده در اینجا ویژگی {column} ندارد{hint}. شناسه یا جای آن را درست کنید.",
    ),
    "metadata-attribute-missing": (
        "The metadata attribute {column} is required and is not reported. Report it.",
        "ویژگی فرادادهٔ {column} الزامی است و گزارش نشده است. آن را گزارش کنید.",
    ),
    "metadata-occurrences": (
        "The metadata attribute {column} is reported {found} times, {least} to {most} are allowed. Correct the number.",
        "ویژگی فرادادهٔ {column} {found} بار گزارش شده و {least} تا {most} بار رواست. شمار را درست کنید.",
    ),
    "metadata-presentational": (
        "The metadata attribute {column} only holds others and takes no value. Move the value into one of them.",
        "ویژگی فرادادهٔ {column} تنها ویژگی‌های دیگر را در بر دارد و مقدار نمی‌پذیرد. مقدار را به یکی از آن‌ها ببرید.",
    ),
    "metadata-value-missing": (
        "The metadata attribute {column} has no value. Give one, or leave the attribute out.",
        "ویژگی فرادادهٔ {column} مقدار ندارد. مقدار بدهید یا ویژگی را ننویسید.",
    ),
    "metadata-languages": (
        "The metadata attribute {column} takes a single value, not texts in languages. Give the value alone.",
        "ویژگی فرادادهٔ {column} یک مقدار می‌پذیرد، نه متن به زبان‌ها. تنها مقدار را بدهید.",
    ),
    "metadata-xhtml": (
        "The value of {column} is not XHTML as it may be published: {reason}. Correct the markup.",
        "مقدار {column} از نوع XHTML قابل انتشار نیست: {reason}. نشانه‌گذاری را درست کنید.",
    ),
    "metadata-too-deep": (
        "Attributes stand inside each other deeper than {most} levels. Flatten them.",
        "ویژگی‌ها بیش از {most} سطح در هم آمده‌اند. آن‌ها را کم‌عمق‌تر کنید.",
    ),
}
