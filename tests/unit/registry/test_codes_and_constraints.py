"""Codelist extensions, selections with patterns and cascades, and what constraints allow."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.world import AREA, FLOW, ITEM, STATUS, catalogue, codelist, constraint, ref, values

from sdmx_server.errors import BadSemantics
from sdmx_server.model.codelist import Code, CodelistExtension, CodeSelection, MemberValue
from sdmx_server.model.constraint import CubeRegion, DataKey, DataKeySet, MemberSelection, TimeRange
from sdmx_server.model.reference import reference_to
from sdmx_server.registry import codes
from sdmx_server.registry.codes import cut_enumeration, extended, matching, parents_of, with_parents
from sdmx_server.registry.constraints import Content, allowed_codes, codes_allowed, combine
from sdmx_server.registry.resolve import resolve_structure

CPI = reference_to(FLOW)


def extension(artefact_id, prefix=None, include=None, members=()):
    selection = None if include is None else CodeSelection(include=include, members=tuple(members))
    return CodelistExtension(codelist=ref("Codelist", artefact_id), prefix=prefix, selection=selection)


def member(value, cascade=None):
    return MemberValue(value=value, cascade=cascade)


def extend(extensions, own=(), bases=(AREA, ITEM)):
    child = codelist("CL_CHILD", *own, extensions=tuple(extensions))
    return extended(catalogue(child, *bases), child)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (extend([extension("CL_AREA")]), ["IR", "IR-00", "IR-01", "IR-0001"]),
        (extend([extension("CL_AREA", "P_")]), ["P_IR", "P_IR-00", "P_IR-01", "P_IR-0001"]),
        (extend([extension("CL_AREA", None, True, [member("IR-00"), member("XX")])]), ["IR-00"]),
        (extend([extension("CL_AREA", None, True, [member("IR-0%")])]), ["IR-00", "IR-01", "IR-0001"]),
        (extend([extension("CL_AREA", None, True, [member("%01")])]), ["IR-01", "IR-0001"]),
        (extend([extension("CL_AREA", None, True, [member("IR-00", "true")])]), ["IR-00", "IR-0001"]),
        (extend([extension("CL_AREA", None, True, [member("IR-00", "excluderoot")])]), ["IR-0001"]),
        (extend([extension("CL_AREA", None, False, [member("IR-00", "true")])]), ["IR", "IR-01"]),
    ],
)
def test_what_an_extension_brings(found, expected):
    assert [code.id for code in found.items] == expected
    assert found.extensions == ()


def test_parents_are_prefixed_and_dropped_when_they_are_left_out():
    found = extend([extension("CL_AREA", "P_", False, [member("IR-00")])])
    assert {code.id: code.parent for code in found.items} == {"P_IR": None, "P_IR-01": "P_IR", "P_IR-0001": None}


def test_the_later_list_wins_and_the_own_code_over_all():
    first = msgspec.structs.replace(codelist("CL_1"), items=(Code(id="A", names={"en": "1"}), Code(id="B")))
    second = msgspec.structs.replace(codelist("CL_2"), items=(Code(id="A", names={"en": "2"}), Code(id="C")))
    found = extend([extension("CL_1"), extension("CL_2")], ["C"], (first, second))
    assert [(code.id, code.names) for code in found.items] == [("A", {"en": "2"}), ("B", {}), ("C", {})]
    own = msgspec.structs.replace(codelist("CL_1", "A"), id="CL_CHILD", extensions=(extension("CL_2"),))
    assert extended(catalogue(own, second), own).items[0] == Code(id="A")


def test_extensions_of_extensions():
    middle = codelist("CL_MIDDLE", "M", extensions=(extension("CL_ITEM", "I_"),))
    found = extend([extension("CL_MIDDLE", "X_")], ["Z"], (middle, ITEM))
    assert [code.id for code in found.items] == ["X_I__T", "X_I_CP01", "X_I_CP02", "X_M", "Z"]


def test_a_circle_is_named():
    one = codelist("CL_1", extensions=(extension("CL_2"),))
    two = codelist("CL_2", extensions=(extension("CL_1"),))
    with pytest.raises(BadSemantics, match=r"circle: SCI:CL_1\(1\.0\.0\) -> SCI:CL_2\(1\.0\.0\) -> SCI:CL_1"):
        extended(catalogue(one, two), one)


def test_lists_that_double_at_every_step_are_stopped(monkeypatch):
    monkeypatch.setattr(codes, "_MOST_CODES", 5_000)
    lists = [codelist("CL_0", *(str(i) for i in range(1_000)))]
    for i in range(1, 30):
        lists.append(codelist(f"CL_{i}", extensions=(extension(f"CL_{i - 1}", "A"), extension(f"CL_{i - 1}", "B"))))
    with pytest.raises(BadSemantics, match="more than 5000 codes"):
        extended(catalogue(*lists), lists[-1])


def test_many_steps_to_the_same_codes_are_walked_once():
    lists = [codelist("CL_0", "A")]
    for i in range(1, 60):
        lists.append(codelist(f"CL_{i}", extensions=(extension(f"CL_{i - 1}"), extension(f"CL_{i - 1}"))))
    assert [code.id for code in extended(catalogue(*lists), lists[-1]).items] == ["A"]


def test_a_parent_circle_among_codes_does_no_harm():
    looped = codelist("CL_L", "A<B", "B<A", "C<A")
    assert matching(parents_of(looped), [member("A", "true")]) == {"A", "B", "C"}
    assert with_parents(parents_of(looped), ["C"]) == {"A", "B", "C"}


def test_cutting_marks_a_list_partial_unless_all_is_kept():
    cut = cut_enumeration(AREA, {"IR-0001"})
    assert ([code.id for code in cut.items], cut.is_partial) == (["IR", "IR-00", "IR-0001"], True)
    assert cut_enumeration(AREA, {"IR-01", "IR-0001"}) is AREA


@given(st.lists(st.text("AB%.*[", max_size=4).map(member), max_size=4))
def test_patterns_hold_nothing_but_percent_signs(members):
    ids = {"A": None, "AB": "A", ".*": None, "[": None}
    found = matching(ids, members)
    for item in ids:
        parts = [m.value.split("%") for m in members]
        plain = any(len(p) == 1 and p[0] == item for p in parts)
        ends = any(len(p) > 1 and item.startswith(p[0]) and item.endswith(p[-1]) for p in parts)
        assert plain <= (item in found)
        assert (item in found) <= (plain or ends)


# ---- constraints --------------------------------------------------------------------------------------------------

LISTS = {"FREQ": codelist("CL_FREQ", "A", "Q", "M"), "REF_AREA": AREA, "ITEM": ITEM, "NOTE": None, "STATUS": STATUS}


def allowed(*constraints, component="REF_AREA"):
    return codes_allowed(combine(constraints, LISTS), [component], LISTS)[component]


def region(*keys, include=True, components=()):
    return CubeRegion(include=include, keys=keys, components=tuple(components))


def limits(*regions, key_sets=(), name="C"):
    return constraint(name, CPI, *regions, key_sets=tuple(key_sets))


def area(*codes):
    return values("REF_AREA", *codes)


def key_set(included, *keys):
    return DataKeySet(is_included=included, keys=tuple(DataKey(keys=tuple(key)) for key in keys))


def test_without_constraints_nothing_is_restricted():
    assert allowed() is None
    assert allowed(limits()) is None
    assert allowed(limits(region(values("FREQ", "A")))) is None


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ([limits(region(values("REF_AREA", "IR-01")))], {"IR-01"}),
        ([limits(region(values("REF_AREA", "IR-00", cascade="true")))], {"IR-00", "IR-0001"}),
        ([limits(region(values("REF_AREA", "IR-0%")))], {"IR-00", "IR-01", "IR-0001"}),
        ([limits(region(values("REF_AREA", "IR-01", include=False)))], {"IR", "IR-00", "IR-0001"}),
        ([limits(region(values("REF_AREA", "IR")), region(values("REF_AREA", "IR-01")))], {"IR", "IR-01"}),
        ([limits(region(values("REF_AREA", "IR")), region(values("FREQ", "A")))], None),
        ([limits(region(values("REF_AREA", "IR", "IR-01"))), limits(region(values("REF_AREA", "IR")))], {"IR"}),
        ([limits(region(values("FREQ", "A"))), limits(region(values("REF_AREA", "IR")))], {"IR"}),
        ([limits(region(values("REF_AREA", "IR"))), limits(region(values("REF_AREA", "IR-01")))], set()),
        ([limits(region(values("REF_AREA", "IR"), include=False))], {"IR-00", "IR-01", "IR-0001"}),
        ([limits(region(values("REF_AREA", "IR"), values("FREQ", "A"), include=False))], None),
        (
            [limits(key_sets=[key_set(True, [values("REF_AREA", "IR")], [values("REF_AREA", "IR-01")])])],
            {"IR", "IR-01"},
        ),
        ([limits(key_sets=[key_set(True, [values("REF_AREA", "IR")], [values("FREQ", "A")])])], None),
        ([limits(key_sets=[key_set(False, [values("REF_AREA", "IR")])])], {"IR-00", "IR-01", "IR-0001"}),
        ([limits(key_sets=[key_set(False, [values("REF_AREA", "IR"), values("FREQ", "A")])])], None),
        (
            [limits(region(area("IR", "IR-01")), key_sets=[key_set(True, [area("IR-01")])])],
            {"IR-01"},
        ),
        (
            [limits(key_sets=[key_set(True, [area("IR")]), key_set(True, [area("IR-00")])])],
            {"IR", "IR-00"},
        ),
        ([limits(region(values("REF_AREA", "XX")))], set()),
        ([limits(region(area(), values("FREQ", "A")))], None),
        ([limits(region(values("REF_AREA", include=False)))], set()),
    ],
)
def test_codes_that_are_allowed(constraints, expected):
    assert allowed(*constraints) == expected


def test_attributes_are_limited_wherever_they_stand():
    assert allowed(limits(region(components=[values("STATUS", "A")])), component="STATUS") == {"A"}
    assert allowed(limits(region(values("STATUS", "P"))), component="STATUS") == {"P"}


def test_free_text_is_limited_by_what_is_listed():
    assert allowed(limits(region(values("NOTE", "x", "y"))), component="NOTE") == {"x", "y"}
    assert allowed(limits(region(values("NOTE", "x", include=False))), component="NOTE") is None


def test_ranges_of_time_stay_apart():
    years = MemberSelection(id="TIME_PERIOD", time_range=TimeRange())
    content = combine([limits(region(years)), limits(region(years))], LISTS)
    assert content.cube_regions[0].keys == (years, years)
    assert codes_allowed(content, ["TIME_PERIOD"], LISTS) == {"TIME_PERIOD": None}


def test_regions_do_not_multiply_without_end():
    many = [region(values("FREQ", "A")) for _ in range(101)]
    with pytest.raises(BadSemantics, match="more than 10000 cube regions"):
        combine([limits(*many), limits(*many, name="D")], LISTS)


def in_region(key, cube_region):
    return all(key[part.id] in {m.value for m in part.values} for part in cube_region.keys)


def accepts(content: Content, key):
    included = [part for part in content.cube_regions if part.include]
    refused = [part for part in content.cube_regions if not part.include]
    return (not included or any(in_region(key, part) for part in included)) and not any(
        in_region(key, part) for part in refused
    )


selections = st.one_of(
    st.builds(lambda codes: values("FREQ", *codes), st.lists(st.sampled_from("AQM"), min_size=1, unique=True)),
    st.builds(
        lambda codes, include: values("ITEM", *codes, include=include),
        st.lists(st.sampled_from(["_T", "CP01", "CP02"]), min_size=1, unique=True),
        st.booleans(),
    ),
)
regions = st.builds(
    lambda keys, include: region(*keys, include=include),
    st.lists(selections, min_size=1, max_size=2, unique_by=lambda s: s.id),
    st.booleans(),
)


@given(st.lists(st.lists(regions, max_size=3), max_size=3))
def test_combined_regions_accept_what_every_constraint_accepts(groups):
    constraints = [limits(*group, name=f"C{i}") for i, group in enumerate(groups)]
    together = combine(constraints, LISTS)
    alone = [combine([one], LISTS) for one in constraints]
    reachable = {"FREQ": set(), "ITEM": set()}
    for freq in "AQM":
        for item in ("_T", "CP01", "CP02"):
            key = {"FREQ": freq, "ITEM": item}
            assert accepts(together, key) == all(accepts(one, key) for one in alone)
            if accepts(together, key):
                reachable["FREQ"].add(freq)
                reachable["ITEM"].add(item)
    found = codes_allowed(together, ["FREQ", "ITEM"], LISTS)
    for component, reached in reachable.items():
        assert found[component] is None or reached <= found[component]


def test_the_codes_of_a_resolved_structure():
    found = allowed_codes(resolve_structure(catalogue(), CPI))
    assert found["FREQ"] == {"M"}
    assert found["REF_AREA"] == {"IR-0001"}
    assert found["STATUS"] == {"A"}
    assert found["ITEM"] is None
    assert "TIME_PERIOD" not in found
