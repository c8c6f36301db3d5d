"""Which markup may be published, and which is refused: what acts, what is not closed, what hides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sdmx_server.loading.xhtml import ELEMENTS, MOST_LEVELS, XHTML, fault, plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text, no markup",
        "گزارش کیفیت ۱۴۰۲ — 5 &lt; 7 &amp; more",
        "<p>One</p><p>Two</p> and text after",
        '<p><strong>Bold</strong>, <em>x<sub>i</sub></em><br/><a href="https://example.org/a?b=c&amp;d">here</a></p>',
        '<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td colspan="2">1</td></tr></tbody></table>',
        '<ul class="list" dir="rtl" xml:lang="fa" id="x"><li>یک</li></ul>',
        '<a href="mailto:desk@example.org">m</a><a href="urn:sdmx:x">u</a><a href="#top">t</a><a href="../a:b">r</a>',
        '<img src="/chart.png" alt="A chart" longdesc="chart.html"/>',
        '<x:p xmlns:x="http://www.w3.org/1999/xhtml">a prefix of its own</x:p>',
        "<!-- a remark --><p><![CDATA[<script>is a text here</script>]]></p>",
        "&#1587;&#x627;",
    ],
)
def test_what_lays_text_out_may_be_published(text: str) -> None:
    assert fault(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<script>alert(1)</script>", "the element script is not allowed"),
        ("<SCRIPT>alert(1)</SCRIPT>", "the element SCRIPT is not allowed"),
        ("<style>p {}</style>", "the element style is not allowed"),
        ('<iframe src="https://example.org"/>', "the element iframe is not allowed"),
        ('<form action="/x"><input name="a"/></form>', "the element form is not allowed"),
        ('<object data="x"/>', "the element object is not allowed"),
        ('<meta http-equiv="refresh"/>', "the element meta is not allowed"),
        ('<svg xmlns="http://www.w3.org/2000/svg"><p/></svg>', "the element svg is not allowed"),
        ('<p xmlns="http://www.w3.org/2000/svg"/>', "the element p is not allowed"),
        ('<p xmlns="">no namespace</p>', "the element p is not allowed"),
        ('<p onclick="x()">a</p>', "the attribute onclick is not allowed"),
        ('<p ONMOUSEOVER="x()">a</p>', "the attribute onmouseover is not allowed"),
        ('<p style="position:fixed">a</p>', "the attribute style is not allowed"),
        ('<a href="javascript:alert(1)">a</a>', "the address javascript:alert(1) is not allowed"),
        ('<a href=" JaVaScRiPt:alert(1)">a</a>', "is not allowed"),
        ('<a href="java&#10;script:alert(1)">a</a>', "is not allowed"),
        ('<a href="&#106;avascript:alert(1)">a</a>', "the address javascript:alert(1) is not allowed"),
        ('<a href="data:text/html,x">a</a>', "the address data:text/html,x is not allowed"),
        ('<a href="vbscript:x">a</a>', "the address vbscript:x is not allowed"),
        ('<a xmlns:x="http://www.w3.org/1999/xlink" x:href="javascript:a">a</a>', "the address javascript:a"),
        ('<blockquote cite="file:///etc/passwd">a</blockquote>', "the address file:///etc/passwd is not allowed"),
        ("<?php echo 1?><p/>", "the processing instruction php is not allowed"),
        ("<p>not closed", "not closed"),
        ("<p>wrong</b>", "mismatched tag"),
        ("</div><p/><div>", "junk after document element"),
        ("</div>", "elements are closed that were not opened"),
        ("5 < 7", "not well-formed"),
        ("AT&T", "not well-formed"),
        ("a&nbsp;b", "undefined entity"),
        ("<p a='1' a='2'/>", "duplicate attribute"),
        ("<p a=1/>", "not well-formed"),
        ("<p", "not well-formed (invalid token) (line 1, column 3)"),
        ("one\n& two", "not well-formed (invalid token) (line 2, column 2)"),
        ("<x:p/>", "unbound prefix"),
        ("\x00", "not well-formed"),
        ("\x0b", "not well-formed"),
        ("\ud800", "surrogates not allowed"),
        ('<!DOCTYPE p [<!ENTITY a "b">]><p>&a;</p>', "not well-formed"),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', "not well-formed"),
        ('<?xml version="1.0"?><p/>', "XML or text declaration not at start"),
        ("<![CDATA[ never ends", "unclosed CDATA section"),
    ],
)
def test_what_acts_or_is_not_well_formed_is_refused_with_the_reason(text: str, reason: str) -> None:
    found = fault(text)
    assert found is not None
    assert reason in found


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f'<p xmlns="{XHTML}">a <b>b</b></p><p xmlns="{XHTML}" class="x">c</p>', '<p>a <b>b</b></p><p class="x">c</p>'),
        (f"<p class='x' xmlns='{XHTML}'>a</p>", "<p class='x'>a</p>"),
        (f'a text says xmlns="{XHTML}"', f'a text says xmlns="{XHTML}"'),
        ('<p xmlns="http://www.w3.org/2000/svg"/>', '<p xmlns="http://www.w3.org/2000/svg"/>'),
        (f'<x:p xmlns:x="{XHTML}"/>', f'<x:p xmlns:x="{XHTML}"/>'),
        ("", ""),
    ],
)
def test_markup_is_kept_without_the_namespace_that_it_stands_in(text: str, kept: str) -> None:
    assert plain(text) == kept
    assert fault(kept) == fault(text)


def test_markup_has_a_greatest_depth() -> None:
    fits = MOST_LEVELS - 1  # the element around a text is one
    assert fault("<b>" * fits + "x" + "</b>" * fits) is None
    assert fault("<b>" * (fits + 1) + "x" + "</b>" * (fits + 1)) == f"more than {MOST_LEVELS} levels"
    assert fault("<b>" * 1_000_000) == f"more than {MOST_LEVELS} levels"


def test_long_texts_and_addresses_are_judged_and_cut_in_the_reason() -> None:
    assert fault("<p>" + "x" * 5_000_000 + "</p>") is None
    found = fault(f'<a href="x:{"y" * 1_000_000}">a</a>')
    assert found is not None
    assert len(found) < 200


@given(st.text() | st.text(alphabet='<>/&;#"= apscript!-[]?:xmln', max_size=60))
def test_whatever_passes_is_well_formed_and_has_the_elements_allowed(text: str) -> None:
    if fault(text) is None:
        root = etree.fromstring(f'<div xmlns="{XHTML}">{text}</div>')
        names = [etree.QName(one) for one in root.iter(etree.Element)]
        assert all(name.namespace == XHTML and name.localname in ELEMENTS for name in names)
