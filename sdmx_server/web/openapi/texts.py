"""The words of the OpenAPI descriptions, in English and Persian: of parameters, resources and statuses.

A parameter is looked up by its key (``data.detail``), else by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    fa: str


PARAMETERS: Mapping[str, Text] = {
    "context": Text(
        "What kind of artefact the next parts name.",
        "بخش‌های بعدی نام چه گونه مصنوعی را می‌برند.",
    ),
    "artefactType": Text("The type of artefact; `*` for any.", "گونهٔ مصنوع؛ `*` یعنی هر گونه."),
    "resource": Text(
        "The type of artefact; `structure` for any.",
        "گونهٔ مصنوع؛ `structure` یعنی هر گونه.",
    ),
    "agencyID": Text(
        "The agency that maintains the artefact. Several are separated by commas; `*` for any.",
        "نهاد نگه‌دارندهٔ مصنوع. چند نهاد با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "resourceID": Text(
        "The id of the artefact. Several are separated by commas; `*` for any.",
        "شناسهٔ مصنوع. چند شناسه با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "version": Text(
        "A version such as `1.0.0`, `+` (the latest stable one), `~` (the latest of any kind), `*` (all), or with a "
        "wildcard such as `1+.0.0`. Several are separated by commas.",
        "نسخه‌ای مانند `1.0.0`، یا `+` (آخرین نسخهٔ پایدار)، `~` (آخرین نسخه از هر نوع)، `*` (همه)، یا با نویسهٔ جانشین "
        "مانند `1+.0.0`. چند نسخه با ویرگول لاتین جدا می‌شوند.",
    ),
    "schema.agencyID": Text("The agency that maintains the artefact.", "نهاد نگه‌دارندهٔ مصنوع."),
    "schema.resourceID": Text("The id of the artefact.", "شناسهٔ مصنوع."),
    "schema.version": Text(
        "The version of the artefact; by default the latest one.", "نسخهٔ مصنوع؛ پیش‌فرض، آخرین نسخه است."
    ),
    "itemID": Text(
        "The id of an item of an item scheme, dotted for nested ones. It comes with its ancestors.",
        "شناسهٔ یک عضو از طرح، برای عضوهای تودرتو با نقطه. نیاکان آن نیز می‌آیند.",
    ),
    "key": Text(
        "Values of the dimensions in the order of the structure, joined by dots; `*` for any value, and those left out "
        "at the end count as `*`. Several keys are separated by commas.",
        "مقدار بُعدها به ترتیب ساختار، جداشده با نقطه؛ `*` یعنی هر مقدار، و آنچه در پایان نیاید `*` به شمار می‌رود. چند "
        "کلید با ویرگول لاتین جدا می‌شوند.",
    ),
    "componentID": Text(
        "The dimensions to answer for; `*` for all.", "بُعدهایی که دربارهٔ آن‌ها پرسیده می‌شود؛ `*` یعنی همه."
    ),
    "c": Text(
        "Filters by component: `c[SEX]=M,F`. A comma means OR, a plus sign AND; each value may have an operator: "
        "`eq:`, `ne:`, `lt:`, `le:`, `gt:`, `ge:`, `co:`, `nc:`, `sw:`, `ew:`. Periods are compared as ranges of time.",
        "صافی بر پایهٔ مؤلفه: `c[SEX]=M,F`. ویرگول یعنی «یا» و علامت جمع یعنی «و»؛ هر مقدار می‌تواند عملگر "
        "داشته باشد: `eq:`، `ne:`، `lt:`، `le:`، `gt:`، `ge:`، `co:`، `nc:`، `sw:`، `ew:`. دوره‌ها همچون بازهٔ زمانی "
        "سنجیده می‌شوند.",
    ),
    "updatedAfter": Text(
        "Only what has changed since this moment: added, revised and deleted observations.",
        "تنها آنچه پس از این لحظه دگرگون شده است: مشاهده‌های افزوده، بازنگری‌شده و حذف‌شده.",
    ),
    "availability.updatedAfter": Text(
        "Only of the data that have changed since this moment.", "تنها از داده‌هایی که پس از این لحظه دگرگون شده‌اند."
    ),
    "registration.updatedAfter": Text(
        "Registrations updated after this moment.", "ثبت‌هایی که پس از این لحظه به‌روز شده‌اند."
    ),
    "updatedBefore": Text("Registrations updated before this moment.", "ثبت‌هایی که پیش از این لحظه به‌روز شده‌اند."),
    "firstNObservations": Text(
        "At most so many observations of each series, from its first.", "از هر سری، حداکثر این شمار مشاهده از آغاز آن."
    ),
    "lastNObservations": Text(
        "At most so many observations of each series, back from its last.",
        "از هر سری، حداکثر این شمار مشاهده از پایان آن.",
    ),
    "dimensionAtObservation": Text(
        "The dimension at the observation: `TIME_PERIOD` for time series, another one for cross-sections, "
        "`AllDimensions` for a flat list. By default time, if there is time.",
        "بُعدی که در سطح مشاهده می‌آید: `TIME_PERIOD` برای سری‌های زمانی، بُعدی دیگر برای مقطع‌ها، `AllDimensions` برای "
        "فهرستی ساده. پیش‌فرض، زمان است اگر زمان باشد.",
    ),
    "schema.dimensionAtObservation": Text(
        "The dimension at the observation in the data that the schema is to validate.",
        "بُعد سطح مشاهده در داده‌هایی که با این طرح سنجیده می‌شوند.",
    ),
    "attributes": Text(
        "Which attributes to return: ids, or `dsd` (those of the data structure), `msd` (metadata attributes that it "
        "uses), `dataset`, `series`, `obs` (those of the data structure at that level), `all`, `none`.",
        "کدام ویژگی‌ها بیایند: شناسه‌ها، یا `dsd` (ویژگی‌های ساختار داده)، `msd` (ویژگی‌های فراداده‌ای که ساختار به کار "
        "می‌برد)، `dataset`، `series`، `obs` (ویژگی‌های ساختار داده در آن سطح)، `all`، `none`.",
    ),
    "measures": Text(
        "Which measures to return: ids, `all` or `none`.", "کدام سنجه‌ها بیایند: شناسه‌ها، `all` یا `none`."
    ),
    "includeHistory": Text(
        "Also all earlier versions of the data, one or two data sets for each dissemination.",
        "همراه همهٔ نسخه‌های پیشین داده‌ها؛ برای هر انتشار یک یا دو مجموعه‌داده.",
    ),
    "offset": Text("How many observations to leave out from the beginning.", "چند مشاهده از آغاز کنار گذاشته شود."),
    "limit": Text("At most so many observations.", "حداکثر این شمار مشاهده."),
    "sort": Text(
        "Components to sort by, joined by `+`, each with `:asc` or `:desc`; `*` for all dimensions, `series_key` for "
        "those of the series.",
        "مؤلفه‌هایی که ترتیب بر پایهٔ آن‌هاست، جداشده با `+` و هر یک با `:asc` یا `:desc`؛ `*` یعنی همهٔ بُعدها "
        "و `series_key` یعنی بُعدهای سری.",
    ),
    "asOf": Text("The state at this moment of the past.", "وضع در این لحظه از گذشته."),
    "data.asOf": Text(
        "The data as they were at this moment of the past, told by the structure of today.",
        "داده‌ها چنان که در این لحظه از گذشته بودند، با ساختار امروز.",
    ),
    "reportingYearStartDay": Text(
        "The day on which reporting years begin, `--MM-DD`, where the data do not say it.",
        "روز آغاز سال گزارش، `--MM-DD`، جایی که داده‌ها آن را نگفته‌اند.",
    ),
    "structure.detail": Text(
        "How much of each artefact: all of it, or stubs with identification and names only.",
        "چه اندازه از هر مصنوع: همهٔ آن، یا تنها شناسه و نام.",
    ),
    "data.detail": Text(
        "How much of the data: everything, without attributes, or series without observations.",
        "چه اندازه از داده‌ها: همه، بی ویژگی‌ها، یا سری‌ها بی مشاهده‌ها.",
    ),
    "reports.detail": Text(
        "The whole reports, or with `dataonly` without annotations; the other words are not offered for reports.",
        "گزارش‌های کامل، یا با `dataonly` بی حاشیه‌نویسی؛ واژه‌های دیگر برای گزارش‌ها عرضه نمی‌شوند.",
    ),
    "metadata.detail": Text(
        "The whole metadata sets, or stubs without the reported attributes.",
        "مجموعه‌فراداده‌ها به‌طور کامل، یا بی ویژگی‌های گزارش‌شده.",
    ),
    "structure.references": Text(
        "Which related artefacts come too: by their relation, or by their type.",
        "کدام مصنوع‌های وابسته نیز بیایند: بر پایهٔ رابطه یا گونهٔ آن‌ها.",
    ),
    "availability.references": Text(
        "Which artefacts come with the constraint; codelists hold only the codes that have data, and their parents.",
        "کدام مصنوع‌ها همراه قید بیایند؛ فهرست‌های کد تنها کدهای دارای داده و نیاکانشان را دارند.",
    ),
    "mode": Text(
        "`exact`: the values in the data asked for; `available`: those that could be chosen besides.",
        "`exact`: مقدارهای موجود در داده‌های پرسیده‌شده؛ `available`: مقدارهایی که افزون بر آن می‌توان برگزید.",
    ),
    "deletion": Text("The schema is to validate deletions.", "طرح برای سنجیدن پیام‌های حذف است."),
    "explicitMeasure": Text(
        "For data with another dimension than time at the observation: observations have types of their own.",
        "برای داده‌هایی که در سطح مشاهده بُعدی جز زمان دارند: مشاهده‌ها گونهٔ ویژهٔ خود را دارند.",
    ),
    "v1.agencyID": Text(
        "The agency that maintains the artefact. Several are joined by `+`; `all` for any.",
        "نهاد نگه‌دارندهٔ مصنوع. چند نهاد با `+` به هم می‌پیوندند؛ `all` یعنی همه.",
    ),
    "v1.resourceID": Text(
        "The id of the artefact. Several are joined by `+`; `all` for any.",
        "شناسهٔ مصنوع. چند شناسه با `+` به هم می‌پیوندند؛ `all` یعنی همه.",
    ),
    "v1.version": Text(
        "A version such as `1.0`, `latest` or `all`. Several are joined by `+`.",
        "نسخه‌ای مانند `1.0`، یا `latest` (آخرین) یا `all` (همه). چند نسخه با `+` به هم می‌پیوندند.",
    ),
    "flowRef": Text(
        "The dataflow: `ID`, `AGENCY,ID` or `AGENCY,ID,VERSION`.",
        "جریان داده: `ID`، `AGENCY,ID` یا `AGENCY,ID,VERSION`.",
    ),
    "v1.key": Text(
        "Values of the dimensions in the order of the structure, joined by dots; an empty place for any value, `+` "
        "between alternatives; `all` for everything.",
        "مقدار بُعدها به ترتیب ساختار، جداشده با نقطه؛ جای خالی یعنی هر مقدار، `+` میان گزینه‌ها؛ `all` یعنی همه.",
    ),
    "providerRef": Text(
        "The data provider: `ID` or `AGENCY,ID`. Several are joined by `+`; `all` for any.",
        "فراهم‌آورندهٔ داده: `ID` یا `AGENCY,ID`. چندتا با `+` به هم می‌پیوندند؛ `all` یعنی همه.",
    ),
    "v2.providerRef": Text(
        "The metadata provider: `ID` or `AGENCY.ID`. Several are separated by commas; `*` for any.",
        "فراهم‌آورندهٔ فراداده: `ID` یا `AGENCY.ID`. چندتا با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "v1.componentID": Text(
        "The dimensions to answer for, joined by `+`; `all` for all.",
        "بُعدهایی که دربارهٔ آن‌ها پرسیده می‌شود، جداشده با `+`؛ `all` یعنی همه.",
    ),
    "startPeriod": Text(
        "Only periods that begin on or after the beginning of this one.",
        "تنها دوره‌هایی که از آغاز این دوره به بعد آغاز می‌شوند.",
    ),
    "endPeriod": Text(
        "Only periods that end on or before the end of this one.",
        "تنها دوره‌هایی که تا پایان این دوره به پایان می‌رسند.",
    ),
    "providerID": Text(
        "The provider. Several are separated by commas; `*` for any.",
        "فراهم‌آورنده. چندتا با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "metadatasetID": Text(
        "The id of the metadata set. Several are separated by commas; `*` for any.",
        "شناسهٔ مجموعه‌فراداده. چندتا با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "flowAgencyID": Text(
        "The agency that maintains the metadataflow. Several are separated by commas; `*` for any.",
        "نهاد نگه‌دارندهٔ جریان فراداده. چند نهاد با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "flowID": Text(
        "The id of the metadataflow. Several are separated by commas; `*` for any.",
        "شناسهٔ جریان فراداده. چند شناسه با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "flowVersion": Text(
        "The version of the metadataflow: exact, `+`, `~`, `*`, or with a wildcard.",
        "نسخهٔ جریان فراداده: دقیق، `+`، `~`، `*`، یا با نویسهٔ جانشین.",
    ),
    "metadata.flowRef": Text(
        "The metadataflow: `ID`, `AGENCY,ID` or `AGENCY,ID,VERSION`.",
        "جریان فراداده: `ID`، `AGENCY,ID` یا `AGENCY,ID,VERSION`.",
    ),
    "metadata.key": Text(
        "`all`; reports are about artefacts here, so that a key of data finds none.",
        "`all`؛ گزارش‌ها اینجا دربارهٔ مصنوع‌ها هستند، پس کلید داده چیزی نمی‌یابد.",
    ),
    "providerAgencyID": Text(
        "The agency that maintains the provider's scheme. Several are separated by commas; `*` for any.",
        "نهاد نگه‌دارندهٔ طرح فراهم‌آورنده. چند نهاد با ویرگول لاتین جدا می‌شوند؛ `*` یعنی همه.",
    ),
    "registrationID": Text("The id of the registration.", "شناسهٔ ثبت."),
    "format": Text(
        "The format by a short name; it wins over the header Accept.",
        "قالب پاسخ با نامی کوتاه؛ بر سرآیند Accept چیره است.",
    ),
    "formatVersion": Text("The version of the format, with `format`.", "نسخهٔ قالب، همراه `format`."),
    "compression": Text(
        "The content coding; it wins over the header Accept-Encoding.",
        "فشرده‌سازی پاسخ؛ بر سرآیند Accept-Encoding چیره است.",
    ),
    "lang": Text(
        "The language of the texts, or `all`; it wins over the header Accept-Language.",
        "زبان متن‌ها، یا `all` (همه)؛ بر سرآیند Accept-Language چیره است.",
    ),
    "Accept-Language": Text(
        "Languages of the texts, best first. Without it all languages are there.",
        "زبان متن‌ها، بهترین نخست. بی آن همهٔ زبان‌ها می‌آیند.",
    ),
    "Accept-Encoding": Text("Content codings.", "روش‌های فشرده‌سازی."),
    "If-None-Match": Text(
        "The ETag of the answer that the client has: 304 when it is still right.",
        "ETag پاسخی که نزد کارخواه است: اگر هنوز درست باشد، 304.",
    ),
    "If-Modified-Since": Text(
        "When the client's answer was made: 304 when it is still right.",
        "زمان پاسخی که نزد کارخواه است: اگر هنوز درست باشد، 304.",
    ),
}

RESOURCES: Mapping[str, Text] = {
    "data": Text("Data", "داده‌ها"),
    "availability": Text("Data availability", "موجود بودن داده‌ها"),
    "availableconstraint": Text("Data availability", "موجود بودن داده‌ها"),
    "structure": Text("Structures", "ساختارها"),
    "{resource}": Text("Structures", "ساختارها"),
    "schema": Text("Schemas", "طرح‌های سنجش"),
    "metadata": Text("Reference metadata", "فرادادهٔ مرجع"),
    "registration": Text("Data registrations", "ثبت داده‌ها"),
}

ABOUT: Mapping[str, Text] = {
    "data": Text(
        "Observations: whole data sets, single series, or anything between.",
        "مشاهده‌ها: مجموعه‌دادهٔ کامل، یک سری، یا هر چیز میان آن دو.",
    ),
    "availability": Text(
        "Which values of the dimensions have data, and how many series and observations.",
        "کدام مقدار بُعدها داده دارند، و شمار سری‌ها و مشاهده‌ها.",
    ),
    "availableconstraint": Text(
        "Which values of the dimensions have data, and how many series and observations.",
        "کدام مقدار بُعدها داده دارند، و شمار سری‌ها و مشاهده‌ها.",
    ),
    "structure": Text(
        "Dataflows, data structures, codelists, concepts and all other artefacts.",
        "جریان‌های داده، ساختارهای داده، فهرست‌های کد، مفهوم‌ها و همهٔ مصنوع‌های دیگر.",
    ),
    "{resource}": Text(
        "Dataflows, data structures, codelists, concepts and all other artefacts.",
        "جریان‌های داده، ساختارهای داده، فهرست‌های کد، مفهوم‌ها و همهٔ مصنوع‌های دیگر.",
    ),
    "schema": Text(
        "What data are valid: an XML schema, or the artefacts that define it, with the constraints applied.",
        "چه داده‌ای معتبر است: طرح XML، یا مصنوع‌هایی که آن را تعریف می‌کنند، با قیدهای جاری.",
    ),
    "metadata": Text(
        "Reports about data and structures, such as quality reports.",
        "گزارش‌هایی دربارهٔ داده‌ها و ساختارها، مانند گزارش کیفیت.",
    ),
    "registration": Text("Where data have been registered, and when.", "داده‌ها کجا و کی ثبت شده‌اند."),
}

STATUSES: Mapping[int, Text] = {
    200: Text("The answer.", "پاسخ."),
    204: Text("Nothing matches the query.", "چیزی با پرسش جور نیست."),
    304: Text("The answer that the client has is still right.", "پاسخی که نزد کارخواه است هنوز درست است."),
    400: Text("The query does not comply with the syntax.", "پرسش با دستور زبان جور نیست."),
    403: Text("A semantic error: the query contradicts the structure.", "خطای معنایی: پرسش با ساختار ناسازگار است."),
    404: Text("There is no such artefact.", "چنین مصنوعی نیست."),
    406: Text(
        "The format, language or coding is not offered; the text lists what is.",
        "قالب، زبان یا فشرده‌سازی خواسته‌شده عرضه نمی‌شود؛ متن خطا آنچه را هست برمی‌شمارد.",
    ),
    413: Text(
        "The answer would be larger than this service sends at once.", "پاسخ بزرگ‌تر از آن است که یک‌باره فرستاده شود."
    ),
    414: Text("The address is too long.", "نشانی بیش از اندازه بلند است."),
    422: Text("A semantic error: the query contradicts the structure.", "خطای معنایی: پرسش با ساختار ناسازگار است."),
    500: Text("An unexpected error; it has been logged.", "خطایی پیش‌بینی‌نشده؛ ثبت شده است."),
    501: Text("Part of the standard that this service does not offer.", "بخشی از استاندارد که این سامانه عرضه نمی‌کند."),
    503: Text(
        "The service is busy or its database away; try again after Retry-After seconds.",
        "سامانه سرگرم است یا پایگاه داده در دسترس نیست؛ پس از Retry-After ثانیه دوباره بپرسید.",
    ),
}
EMPTY_V1 = Text("Nothing matches the query.", "چیزی با پرسش جور نیست.")
"""404 in REST 1.5.0, which has no 204."""

HEADERS: Mapping[str, Text] = {
    "ETag": Text("A strong validator of this answer.", "نشان دقیق همین پاسخ."),
    "Last-Modified": Text("When the answer last changed.", "زمان آخرین دگرگونی پاسخ."),
    "Content-Language": Text(
        "The language of the texts, when one was chosen.", "زبان متن‌ها، اگر یکی برگزیده شده باشد."
    ),
    "Vary": Text("Request headers that the answer depends on.", "سرآیندهایی که پاسخ به آن‌ها وابسته است."),
}
