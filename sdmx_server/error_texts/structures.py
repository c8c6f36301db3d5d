"""Sentences about artefacts: those that are not there, and those that do not go together."""

# ruff: noqa: E501 - a sentence is not cut into lines
from __future__ import annotations

STRUCTURES: dict[str, tuple[str, str]] = {
    # ---- not there
    "not-stored": (
        "{reference.kind} {reference.short} is not stored here",
        "{reference.kind} {reference.short} اینجا ذخیره نشده است",
    ),
    "not-stored-then": (
        "{reference.kind} {reference.short} was not stored here then",
        "{reference.kind} {reference.short} در آن زمان اینجا ذخیره نشده بود",
    ),
    "not-stored-any-more": (
        "{reference.kind} {reference.short} is not stored here any more",
        "{reference.kind} {reference.short} دیگر اینجا ذخیره نیست",
    ),
    "no-artefact": (
        "no artefact matches {path}; a structure query with detail=allstubs lists what there is",
        "هیچ شیئی با {path} نمی‌خواند؛ پرس‌وجوی ساختار با detail=allstubs آنچه را هست برمی‌شمارد",
    ),
    "no-context": (
        "no artefact matches {path}; structure queries list what there is",
        "هیچ شیئی با {path} نمی‌خواند؛ پرس‌وجوهای ساختار آنچه را هست برمی‌شمارند",
    ),
    "no-data-context": (
        "there is no such {called:or}: {path}; structure queries list those that there are",
        "{called:or} با نشان {path} یافت نشد؛ پرس‌وجوهای ساختار آنچه را هست برمی‌شمارند",
    ),
    "called-dataflow": ("dataflow", "جریان داده"),
    "called-structure": ("data structure", "ساختار داده"),
    "called-agreement": ("provision agreement", "توافق ارائه"),
    "provider-none": (
        "none of the providers has agreed to provide these data; see the provision agreements",
        "هیچ‌یک از ارائه‌دهندگان برای ارائهٔ این داده‌ها توافقی ندارد؛ توافق‌های ارائه (provision agreement) را ببینید",
    ),
    # ---- structures of data
    "refers-to-absent": (
        "{by.kind} {by.short} refers to {reference.kind} {reference.short}, which is not stored here; register it first",
        "{by.kind} {by.short} به {reference.kind} {reference.short} ارجاع می‌دهد که اینجا ذخیره نشده است؛ نخست آن را ثبت کنید",
    ),
    "component-refers-to-absent": (
        "{by.kind} {by.short}, component {component}, refers to {reference.kind} {reference.short}, which is not stored here; register it first",
        "مؤلفهٔ {component} از {by.kind} {by.short} به {reference.kind} {reference.short} ارجاع می‌دهد که اینجا ذخیره نشده است؛ نخست آن را ثبت کنید",
    ),
    "concept-absent": (
        "{structure.kind} {structure.short}, component {component}, refers to concept {concept.item}, which ConceptScheme {concept.short} does not hold",
        "مؤلفهٔ {component} از {structure.kind} {structure.short} به مفهوم {concept.item} ارجاع می‌دهد که در ConceptScheme {concept.short} نیست",
    ),
    "values-from": (
        "{structure.kind} {structure.short}, component {component}, takes its values from {kind} {reference.short}; use a codelist or a value list",
        "مؤلفهٔ {component} از {structure.kind} {structure.short} مقدارهایش را از {kind} {reference.short} می‌گیرد؛ فهرست کد یا فهرست مقدار به کار ببرید",
    ),
    "attached-to-group": (
        "DataStructure {structure.short}: attribute {attribute} is attached to group {name}, which the structure does not have",
        "DataStructure {structure.short}: ویژگی {attribute} به گروه {name} پیوسته است که در ساختار نیست",
    ),
    "attached-to-dimension": (
        "DataStructure {structure.short}: attribute {attribute} is attached to dimension {name}, which the structure does not have",
        "DataStructure {structure.short}: ویژگی {attribute} به بُعد {name} پیوسته است که در ساختار نیست",
    ),
    "stub-of-structure": (
        "{reference.kind} {reference.short} is a stub that names no structure",
        "{reference.kind} {reference.short} تنها شناسه و نام دارد و ساختاری را نام نمی‌برد",
    ),
    "stub-of-dimensions": (
        "DataStructure {reference.short} is a stub without dimensions",
        "DataStructure {reference.short} تنها شناسه و نام دارد و بُعدی ندارد",
    ),
    "structure-unnamed": (
        "{reference.kind} {reference.short} names no structure; register it first",
        "{reference.kind} {reference.short} ساختاری را نام نمی‌برد؛ نخست آن را ثبت کنید",
    ),
    "structure-absent": (
        "{by.kind} {by.short} refers to {reference.kind} {reference.short}, which is not stored; register it first",
        "{by.kind} {by.short} به {reference.kind} {reference.short} ارجاع می‌دهد که ذخیره نشده است؛ نخست آن را ثبت کنید",
    ),
    "agreement-without-flow": (
        "ProvisionAgreement {reference.short} refers to a dataflow that is not stored; register it",
        "ProvisionAgreement {reference.short} به جریان داده‌ای ارجاع می‌دهد که ذخیره نشده است؛ آن را ثبت کنید",
    ),
    "holds-no-data": (
        "{reference.kind} {reference.short} holds no data; ask for a dataflow or data structure",
        "{reference.kind} {reference.short} داده ندارد؛ جریان داده یا ساختار داده را بپرسید",
    ),
    # ---- codelists and constraints
    "codelists-circle": (
        "codelists extend each other in a circle: {circle}; take one extension out",
        "فهرست‌های کد یکدیگر را در دوری بسته گسترش می‌دهند: {circle}؛ یکی از گسترش‌ها را بردارید",
    ),
    "codelist-extends-absent": (
        "Codelist {by.short} extends {reference.kind} {reference.short}, which is not stored here; register it first",
        "Codelist {by.short} گسترش {reference.kind} {reference.short} است که اینجا ذخیره نشده است؛ نخست آن را ثبت کنید",
    ),
    "codelist-too-large": (
        "Codelist {reference.short} extends to more than {most} codes",
        "Codelist {reference.short} با گسترش‌هایش بیش از {most} کد دارد",
    ),
    "constraint-regions": (
        "DataConstraint {reference.short} and those beside it combine to more than {most} cube regions; use fewer regions with more values each",
        "ترکیب DataConstraint {reference.short} و قیدهای کنار آن بیش از {most} ناحیه (cube region) می‌شود؛ ناحیه‌های کمتر با مقدارهای بیشتر به کار ببرید",
    ),
    # ---- metadata attributes within data
    "used-unnamed": (
        "DataStructure {structure.short} uses metadata attributes but names no metadata structure; name the one they are of",
        "DataStructure {structure.short} ویژگی فراداده به کار می‌برد ولی ساختار فراداده‌ای را نام نمی‌برد؛ ساختار آن‌ها را نام ببرید",
    ),
    "used-of-other-kind": (
        "DataStructure {structure.short} takes metadata attributes from {kind} {reference.short}",
        "DataStructure {structure.short} ویژگی‌های فراداده را از {kind} {reference.short} می‌گیرد",
    ),
    "used-absent": (
        "DataStructure {structure.short}: the metadata attribute {usage} is not in MetadataStructure {held.short}",
        "DataStructure {structure.short}: ویژگی فرادادهٔ {usage} در MetadataStructure {held.short} نیست",
    ),
    "used-ambiguous": (
        "DataStructure {structure.short}: the metadata attribute {usage} is more than once in MetadataStructure {held.short}",
        "DataStructure {structure.short}: ویژگی فرادادهٔ {usage} بیش از یک بار در MetadataStructure {held.short} آمده است",
    ),
    "used-presentational": (
        "DataStructure {structure.short}: the metadata attribute {usage} only holds others and has no value; use those in it",
        "DataStructure {structure.short}: ویژگی فرادادهٔ {usage} تنها ویژگی‌های دیگر را در بر دارد و مقدار ندارد؛ همان‌ها را به کار ببرید",
    ),
    "used-repeated": (
        "DataStructure {structure.short}: the metadata attribute {usage} stands in {above}, which may occur several times; data could not tell its occurrences apart",
        "DataStructure {structure.short}: ویژگی فرادادهٔ {usage} درون {above} است که چند بار می‌تواند بیاید؛ در داده این بارها از هم بازشناخته نمی‌شوند",
    ),
    "used-twice": (
        "DataStructure {structure.short} has a component {name} and uses a metadata attribute of that id; data could not tell them apart. Use one of another id",
        "DataStructure {structure.short} هم مؤلفهٔ {name} دارد و هم ویژگی فراداده‌ای با همین شناسه؛ در داده از هم بازشناخته نمی‌شوند. شناسهٔ دیگری به کار ببرید",
    ),
    # ---- one query about several structures
    "refused-of": ("{name}: {reason}", "{name}: {reason}"),
    "refused-of-several": (
        "{name}: {reason}; refused for {others} too",
        "{name}: {reason}؛ برای این‌ها نیز پذیرفته نشد: {others}",
    ),
    "refused-of-many": (
        "{name}: {reason}; refused for {others} ... too",
        "{name}: {reason}؛ برای این‌ها و شماری دیگر نیز پذیرفته نشد: {others}",
    ),
    # ---- storing
    "artefact-version": (
        "{reference.kind} {reference.short}: {reason}",
        "{reference.kind} {reference.short}: {reason}",
    ),
    "artefact-twice": (
        "{reference.kind} {reference.short} is given twice with different contents; keep one of them",
        "{reference.kind} {reference.short} دو بار با محتوای متفاوت آمده است؛ یکی را نگه دارید",
    ),
    "artefact-stable": (
        "{reference.kind} {reference.short} is stable and cannot be changed; store the new content as a new version (a higher patch, minor or major number), or as a draft such as 1.1.0-draft",
        "{reference.kind} {reference.short} پایدار است و تغییر نمی‌پذیرد؛ محتوای تازه را با نسخه‌ای تازه (عدد وصله، فرعی یا اصلی بزرگ‌تر) یا پیش‌نویسی مانند 1.1.0-draft ذخیره کنید",
    ),
    "metadata-set-version": ("metadata set {reference.short}: {reason}", "مجموعهٔ فرادادهٔ {reference.short}: {reason}"),
    "metadata-set-twice": (
        "the metadata set {reference.short} is given twice with different contents; keep one",
        "مجموعهٔ فرادادهٔ {reference.short} دو بار با محتوای متفاوت آمده است؛ یکی را نگه دارید",
    ),
    "metadata-set-stable": (
        "the metadata set {reference.short} is stable and cannot be changed; report the new content as a new version (a higher patch, minor or major number), or as a draft such as 1.1.0-draft",
        "مجموعهٔ فرادادهٔ {reference.short} پایدار است و تغییر نمی‌پذیرد؛ محتوای تازه را با نسخه‌ای تازه (عدد وصله، فرعی یا اصلی بزرگ‌تر) یا پیش‌نویسی مانند 1.1.0-draft گزارش کنید",
    ),
    "metadata-set-absent": (
        "there is no metadata set {reference.short}; metadata list shows those that there are",
        "مجموعهٔ فرادادهٔ {reference.short} اینجا نیست؛ فرمان metadata list آن‌هایی را که هست نشان می‌دهد",
    ),
    "registration-absent": (
        "there is no registration {name}; registrations list shows those that there are",
        "ثبت {name} اینجا نیست؛ فرمان registrations list ثبت‌هایی را که هست نشان می‌دهد",
    ),
}
