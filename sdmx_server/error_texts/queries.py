"""Sentences about the syntax of queries: versions, paths, keys, parameters, and what they name of a structure."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

QUERIES: dict[str, tuple[str, str]] = {
    # ---- versions and references
    "version-wrong": (
        "not a version: {version!r} (expected e.g. 1.0.0, 1.0.0-draft or 1.0)",
        "{version!r} نسخه نیست (نمونه‌های درست: 1.0.0، 1.0.0-draft یا 1.0)",
    ),
    "version-extension": (
        "not a version: {version!r} (only a version of three parts has an extension)",
        "{version!r} نسخه نیست (تنها نسخهٔ سه‌بخشی پسوند می‌گیرد)",
    ),
    "version-length": (
        "a version expression has 1 to {most} characters",
        "عبارت نسخه از 1 تا {most} نویسه دارد",
    ),
    "version-form": (
        "version {version!r} cannot be read: use numbers and at most one of + ~ *, e.g. 1.0.0, 1.2+.0 or ~",
        "نسخهٔ {version!r} خوانده نمی‌شود: عدد و حداکثر یکی از + ~ * به کار ببرید، مانند 1.0.0، 1.2+.0 یا ~",
    ),
    "version-parts": (
        "version {version!r} cannot be read: a version has at most three parts",
        "نسخهٔ {version!r} خوانده نمی‌شود: نسخه حداکثر سه بخش دارد",
    ),
    "version-from": (
        "version {version!r} cannot be read: write {version}.0.0 for versions from {least}.0.0 on",
        "نسخهٔ {version!r} خوانده نمی‌شود: برای نسخه‌های {least}.0.0 به بعد بنویسید {version}.0.0",
    ),
    "version-after-wildcard": (
        "version {version!r} cannot be read: after a part that is fully wildcarded only 0 may follow",
        "نسخهٔ {version!r} خوانده نمی‌شود: پس از بخشی که تنها نویسهٔ جانشین است فقط 0 می‌آید",
    ),
    "version-stable-parts": (
        "version {version!r} cannot be read: stable versions have three parts, so + needs three, e.g. 2.3+.0",
        "نسخهٔ {version!r} خوانده نمی‌شود: نسخهٔ پایدار سه بخش دارد، پس + نیز سه بخش می‌خواهد، مانند 2.3+.0",
    ),
    "version-stable-least": (
        "version {version!r} cannot be read: stable versions begin at 1.0.0",
        "نسخهٔ {version!r} خوانده نمی‌شود: نسخه‌های پایدار از 1.0.0 آغاز می‌شوند",
    ),
    "version-wildcards": (
        "version {version!r} cannot be read: exactly one of + ~ * may be used within one version",
        "نسخهٔ {version!r} خوانده نمی‌شود: در یک نسخه تنها یکی از + ~ * به کار می‌رود",
    ),
    "version-joined": (
        "version {version!r} is not a version such as 1.0, nor all or latest",
        "{version!r} نه نسخه‌ای مانند 1.0 است و نه all یا latest",
    ),
    "version-several": (
        "version {version!r} names several versions; a schema query names one artefact",
        "{version!r} چند نسخه را نام می‌برد؛ پرس‌وجوی schema تنها یک شیء را نام می‌برد",
    ),
    "urn-wrong": ("not an SDMX URN: '{urn:.500}'", "«{urn:.500}» نشانی URN در SDMX نیست"),
    "urn-class": ("unknown class {name!r} in URN '{urn:.500}'", "ردهٔ {name!r} در URN «{urn:.500}» شناخته نیست"),
    "reference-form": (
        "not of the form AGENCY:ID(VERSION): {text!r}",
        "{text!r} به شکل AGENCY:ID(VERSION) نیست",
    ),
    # ---- the path
    "path-length": ("the path is longer than {most} characters", "مسیر از {most} نویسه بلندتر است"),
    "path-parts": (
        "the path has too many parts; expected at most {expected}",
        "مسیر بیش از اندازه بخش دارد؛ حداکثر {expected} پذیرفته است",
    ),
    "path-part-empty": (
        "the path has an empty part; write {word} for any",
        "بخشی از مسیر خالی است؛ برای «هر چه باشد» {word} بنویسید",
    ),
    "path-gap": (
        "the path has an empty part; leave parts out at its end only",
        "بخشی از مسیر خالی است؛ بخش‌ها را تنها از پایان مسیر می‌توان کنار گذاشت",
    ),
    "path-ids": (
        "{name} {text!r} is not well formed; expected ids separated by commas, or *",
        "{name} با مقدار {text!r} درست نیست؛ شناسه‌ها را با ویرگول لاتین جدا کنید یا * بنویسید",
    ),
    "path-ids-joined": (
        "{name} {text!r} is not well formed; expected ids joined by +, or all",
        "{name} با مقدار {text!r} درست نیست؛ شناسه‌ها را با + به هم بپیوندید یا all بنویسید",
    ),
    "path-word": (
        "unknown {name} {text!r}; use one of {allowed}",
        "{name} با مقدار {text!r} شناخته نیست؛ یکی از این‌ها را بنویسید: {allowed}",
    ),
    "path-id": (
        "{name} {text!r} is not an id; a schema query names one artefact",
        "{name} با مقدار {text!r} شناسه نیست؛ پرس‌وجوی schema تنها یک شیء را نام می‌برد",
    ),
    "type-without-items": (
        "artefactType {name} has no items; an itemID is for {allowed}",
        "نوع {name} (artefactType) قلم ندارد؛ itemID برای این‌هاست: {allowed}",
    ),
    "resource-without-items": (
        "{name} has no items; an itemID is for {allowed}",
        "{name} قلم ندارد؛ itemID برای این‌هاست: {allowed}",
    ),
    "context-missing": (
        "the query names no context; write /availability/CONTEXT/AGENCY/ID/VERSION, where CONTEXT is one of {allowed}, or * for any",
        "پرس‌وجو context ندارد؛ بنویسید /availability/CONTEXT/AGENCY/ID/VERSION، که CONTEXT یکی از این‌هاست: {allowed}، یا * برای همه",
    ),
    "schema-path": (
        "a schema query names one artefact: context/agencyID/resourceID/version",
        "پرس‌وجوی schema یک شیء را نام می‌برد: context/agencyID/resourceID/version",
    ),
    "metadata-form": (
        "/metadata/{form:.100} is no query for metadata; use one of {allowed}",
        "/metadata/{form:.100} پرس‌وجوی فراداده نیست؛ یکی از این‌ها را بنویسید: {allowed}",
    ),
    "registration-id": (
        "registrationID {text!r} is not an id; write /registration/id/ID",
        "registrationID با مقدار {text!r} شناسه نیست؛ بنویسید /registration/id/ID",
    ),
    "flow-form": (
        "flowRef {text!r} is not of the form [AGENCY,]ID[,VERSION], e.g. CPI or SCI,CPI,1.0.0",
        "flowRef با مقدار {text!r} به شکل [AGENCY,]ID[,VERSION] نیست، مانند CPI یا SCI,CPI,1.0.0",
    ),
    "flow-agency": (
        "flowRef {text!r}: {value!r} is not the agency of a dataflow",
        "flowRef با مقدار {text!r}: {value!r} نهاد نگه‌دارندهٔ جریان داده نیست",
    ),
    "flow-id": (
        "flowRef {text!r}: {value!r} is not the id of a dataflow",
        "flowRef با مقدار {text!r}: {value!r} شناسهٔ جریان داده نیست",
    ),
    "flow-missing": (
        "the query names no dataflow; write /{resource}/FLOW or /{resource}/AGENCY,FLOW,VERSION",
        "پرس‌وجو جریان داده‌ای را نام نمی‌برد؛ بنویسید /{resource}/FLOW یا /{resource}/AGENCY,FLOW,VERSION",
    ),
    "provider-form": (
        "providerRef {text!r} is not of the form [AGENCY,]ID, joined by +, or all",
        "providerRef با مقدار {text!r} به شکل [AGENCY,]ID و پیوسته با + نیست، و all هم نیست",
    ),
    # ---- keys
    "key-plus": (
        "key {key!r} holds +, which keys of REST 2.x do not have; write several keys with commas, or use c[DIMENSION]=A,B",
        "کلید {key!r} علامت + دارد که در کلیدهای REST 2.x نیست؛ کلیدها را با ویرگول لاتین جدا کنید یا c[DIMENSION]=A,B بنویسید",
    ),
    "key-comma": (
        "key {key!r} holds ,, which keys of REST 1.5.0 do not have; join codes with +",
        "کلید {key!r} ویرگول لاتین دارد که در کلیدهای REST 1.5.0 نیست؛ کدها را با + به هم بپیوندید",
    ),
    "key-blanks": ("key {key!r} holds blanks", "کلید {key!r} نویسهٔ فاصله دارد"),
    "key-empty": ("a key is empty; write * for any value", "کلیدی خالی است؛ برای هر مقدار * بنویسید"),
    "key-code-empty": (
        "key {key!r} has an empty code beside a +",
        "در کلید {key!r} کنار + کدی نیامده است",
    ),
    "keys-many": (
        "more than {most} keys; ask with wildcards or several times",
        "بیش از {most} کلید آمده است؛ نویسهٔ جانشین به کار ببرید یا در چند نوبت بپرسید",
    ),
    "key-parts": (
        "key {key!r} has {found} parts but the structure has {expected} dimensions: {dimensions}",
        "کلید {key!r} دارای {found} بخش است ولی ساختار {expected} بُعد دارد: {dimensions}",
    ),
    # ---- parameters
    "escapes": (
        "{text!r} holds percent escapes that are not UTF-8",
        "{text!r} نویسه‌هایی به شکل درصدی (%XX) دارد که UTF-8 نیست",
    ),
    "control-characters": ("{text!r} holds control characters", "{text!r} نویسهٔ کنترلی دارد"),
    "query-length": (
        "the query string is longer than {most} characters",
        "رشتهٔ پارامترها از {most} نویسه بلندتر است",
    ),
    "parameter-unknown": (
        "unknown parameter {name!r}; known here: {known}",
        "پارامتر {name!r} شناخته نیست؛ پارامترهای این نشانی: {known}",
    ),
    "parameter-twice": (
        "parameter {name} is given twice; give it once, with all its values",
        "پارامتر {name} دو بار آمده است؛ آن را یک بار و با همهٔ مقدارها بنویسید",
    ),
    "parameter-not-offered": (
        "the parameter {name} is not offered by this server; ask without it",
        "این سامانه پارامتر {name} را عرضه نمی‌کند؛ بدون آن بپرسید",
    ),
    "word": (
        "{name}={text!r} is not allowed; use one of {allowed}",
        "{name}={text!r} پذیرفته نیست؛ یکی از این‌ها را بنویسید: {allowed}",
    ),
    "words": (
        "{name}={text!r} is not allowed; use some of {allowed}",
        "{name}={text!r} پذیرفته نیست؛ از میان این‌ها بنویسید: {allowed}",
    ),
    "word-alone": (
        "{name}: {word} stands alone; it cannot be combined with other values",
        "{name}: {word} تنها می‌آید؛ آن را کنار مقدارهای دیگر نمی‌توان نوشت",
    ),
    "whole-number": (
        "{name}={text!r} is not a whole number from {least} on",
        "{name}={text!r} پذیرفته نیست؛ باید عدد صحیح {least} یا بزرگ‌تر باشد",
    ),
    "number-large": (
        "{name}={text!r} is too large; it may have {most} digits at most",
        "{name}={text!r} بیش از اندازه بزرگ است؛ حداکثر {most} رقم پذیرفته است",
    ),
    "moment": (
        "{name}={text!r} is not a date and time such as 2024-05-01T12:00:00Z",
        "{name}={text!r} تاریخ و زمانی مانند 2024-05-01T12:00:00Z نیست",
    ),
    "moments-order": (
        "updatedAfter is later than asOf; it must be earlier",
        "updatedAfter پس از asOf است؛ باید پیش از آن باشد",
    ),
    "year-start": (
        "reportingYearStartDay={text!r} is not a day of every year such as --07-01",
        "reportingYearStartDay={text!r} روزی از هر سال مانند --07-01 نیست",
    ),
    "ids": ("{name}: {text!r} is not an id", "{name}: {text!r} شناسه نیست"),
    "id": ("{name}={text!r} is not an id", "{name}={text!r} شناسه نیست"),
    "period": (
        "{name}={text!r} is not a time period such as 2023, 2023-05, 2023-05-21 or 2023-Q1",
        "{name}={text!r} دورهٔ زمانی مانند 2023، 2023-05، 2023-05-21 یا 2023-Q1 نیست",
    ),
    "periods-order": (
        "startPeriod={start} lies after endPeriod={end}",
        "startPeriod={start} پس از endPeriod={end} است",
    ),
    "language-tag": (
        "lang={text!r} is not a language tag such as en or fa-IR, nor all",
        "lang={text!r} نه نشانهٔ زبان مانند en یا fa-IR است و نه all",
    ),
    "language-of-page": ("lang is not one of {known}", "lang یکی از این‌ها نیست: {known}"),
    "sort-form": (
        "sort={text!r}: {part!r} is not a component, * or series_key, each with :asc or :desc; write it as COMPONENT:desc+COMPONENT",
        "sort={text!r}: {part!r} نه مؤلفه است، نه * و نه series_key (هر یک با :asc یا :desc)؛ آن را به شکل COMPONENT:desc+COMPONENT بنویسید",
    ),
    "sort-twice": (
        "sort names {name} twice; name it once",
        "sort از {name} دو بار نام می‌برد؛ یک بار نام ببرید",
    ),
    "filter-component": (
        "c[{component:.100}]: {component!r} is not the id of a component",
        "c[{component:.100}]: {component!r} شناسهٔ مؤلفه نیست",
    ),
    "filter-empty": (
        "c[{component}] has an empty value; write e.g. c[{component}]=A,B or c[{component}]=ge:2020",
        "c[{component}] مقداری خالی دارد؛ برای نمونه بنویسید c[{component}]=A,B یا c[{component}]=ge:2020",
    ),
    "filter-values": (
        "c[{component}] has more than {most} values; ask several times",
        "c[{component}] بیش از {most} مقدار دارد؛ در چند نوبت بپرسید",
    ),
    "filter-period": (
        "c[{component}]: {text!r} is not a time period such as 2023, 2023-05, 2023-Q1 or 2023-03-21/P365D",
        "c[{component}]: {text!r} دورهٔ زمانی مانند 2023، 2023-05، 2023-Q1 یا 2023-03-21/P365D نیست",
    ),
    "filter-number": (
        "c[{component}]: {text!r} is not a number such as 10, -2.5 or 1e6 (the plus of an exponent is left out)",
        "c[{component}]: {text!r} عددی مانند 10، -2.5 یا 1e6 نیست (علامت جمع توان نوشته نمی‌شود)",
    ),
    # ---- what a query names of a structure
    "observation-dimension-unknown": (
        "dimensionAtObservation {name!r} is not in the structure; it has {known}",
        "dimensionAtObservation با مقدار {name!r} در ساختار نیست؛ در ساختار هست: {known}",
    ),
    "filter-unknown": (
        "the component of c {name!r} is not in the structure; it has {known}",
        "مؤلفهٔ {name!r} که در c آمده در ساختار نیست؛ در ساختار هست: {known}",
    ),
    "sort-unknown": (
        "the component of sort {name!r} is not in the structure; it has {known}",
        "مؤلفهٔ {name!r} که در sort آمده در ساختار نیست؛ در ساختار هست: {known}",
    ),
    "attribute-unknown": (
        "attribute {name!r} is not in the structure; it has {known}",
        "ویژگی {name!r} در ساختار نیست؛ ویژگی‌های ساختار: {known}",
    ),
    "measure-unknown": (
        "measure {name!r} is not in the structure; it has {known}",
        "سنجهٔ {name!r} در ساختار نیست؛ سنجه‌های ساختار: {known}",
    ),
    "dimension-unknown": (
        "the dimension {name!r} is not in the structure; it has {known}",
        "بُعد {name!r} در ساختار نیست؛ بُعدهای ساختار: {known}",
    ),
    "sort-series": (
        "sort=series_key is for answers with one dimension at the observation, and here it is AllDimensions; sort by * or by components",
        "sort=series_key برای پاسخ‌هایی است که یک بُعد در سطح مشاهده دارند و اینجا AllDimensions است؛ با * یا با مؤلفه‌ها مرتب کنید",
    ),
}
