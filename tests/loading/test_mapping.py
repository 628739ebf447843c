"""Mapping files: what rows become, what a mistake in the file says, and IBM's table through ours."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mce_graph.errors import ConfigurationError, SourceError
from mce_graph.load import mapping
from mce_graph.load.condition import CellError, parse_condition
from mce_graph.load.records import Record

ROOT = Path(__file__).parents[2]
IBM = ROOT / "scripts" / "mappings" / "ibm_telco.toml"
TABLE = (
    Path(os.environ.get("MCE_SHARED_DATA") or ROOT.parent / "shared" / "data") / "ibm_telco/telco_customer_churn.csv"
)

CUSTOMER = """
[[node]]
as = "customer"
label = "Customer"
id = "{no}"
"""


def one(text: str, row: dict[str, str], **options: str) -> Record:
    [record] = mapping.parse(text, "m.toml").records([(2, row)], "t.csv", system=options.get("system"))
    return record


def prop(line: str, row: dict[str, str], label: str = "Customer") -> object:
    """The value of the one property that ``line`` maps, or the fault of the row."""
    text = (
        f'extracted_at = 2026-03-31T00:00:00Z\n[[node]]\nlabel = "{label}"\nid = "{{no}}"\n[node.properties]\n{line}\n'
    )
    record = one(text, {"no": "1", **row})
    if record.faults:
        return record.faults[0]
    [(_, value)] = [(k, v) for k, v in record.drafts[0].cells.items() if k != "id"]
    return value


def mistake(text: str) -> str:
    with pytest.raises(ConfigurationError) as raised:
        mapping.parse(text, "m.toml")
    return raised.value.message


# --- rows --------------------------------------------------------------------------------------------------------


def test_a_row_becomes_any_number_of_nodes_and_relationships() -> None:
    text = (
        CUSTOMER
        + """
    [node.properties]
    name = "who"
    [[node]]
    as = "mail"
    label = "ContactMedium"
    when = 'mail is not empty'
    properties = { mediumType = { const = "email" }, value = "mail" }
    [[relationship]]
    type = "REACHED_AT"
    start = "customer"
    end = "mail"
    [[relationship]]
    type = "HOLDS_ACCOUNT"
    start = "customer"
    end = "Account:{acct}"
    properties = { role = { const = "billPayer" } }
    """
    )
    full = {"no": "7", "who": "Ada", "mail": "Ada@Example.org", "acct": " A1 "}
    record = one(text, full)
    assert [(d.table, dict(d.cells)) for d in record.drafts] == [
        ("Customer", {"id": "7", "name": "Ada"}),
        ("ContactMedium", {"mediumType": "email", "value": "Ada@Example.org"}),
        ("REACHED_AT", {"start": "Customer:7", "end": "ContactMedium:email|Ada@Example.org"}),
        ("HOLDS_ACCOUNT", {"start": "Customer:7", "end": "Account:A1", "role": "billPayer"}),
    ]
    assert record.given == full
    assert str(record.place) == "t.csv:2"
    assert record.drafts[0].columns == {"id": "no", "name": "who"}
    assert all(d.own for d in record.drafts)
    assert not record.partial
    assert [d.table for d in one(text, {**full, "mail": " "}).drafts] == ["Customer", "HOLDS_ACCOUNT"]


def test_the_system_prefixes_ids_it_does_not_master() -> None:
    text = 'system = "CRM"\n' + CUSTOMER + '[[node]]\nlabel = "Account"\nid = "{no}"\n'
    assert [d.cells["id"] for d in one(text, {"no": "7"}).drafts] == ["7", "CRM~7"]
    record = one(text, {"no": "7"}, system="BILLING")
    assert (record.system, [d.cells["id"] for d in record.drafts]) == ("BILLING", ["BILLING~7", "7"])


def test_an_empty_cell_in_an_id_rejects_the_row() -> None:
    assert one(CUSTOMER, {"no": " "}).faults == (("no", "is empty, and an id is made of it"),)


def test_a_row_that_nothing_applies_to_is_warned_of() -> None:
    record = one(CUSTOMER + "when = 'no = \"1\"'", {"no": "2"})
    assert (record.drafts, record.warnings) == ((), ("no part of m.toml applies to this row",))


@pytest.mark.parametrize(
    ("line", "row", "expected"),
    [
        ('name = "Full Name"', {"Full Name": " Ada "}, "Ada"),
        ('name = "full_name"', {"\ufeffFull Name": "Ada"}, "Ada"),
        ('name = { template = "{a}, {b}" }', {"a": "x", "b": "y"}, "x, y"),
        ('name = { template = "{a}, {b}" }', {"a": "x", "b": ""}, ""),
        ('name = { const = "x{" }', {}, "x{"),
        ('status = { column = "s", values = { Y = "active" } }', {"s": "Y"}, "active"),
        ('status = { column = "s", values = { Y = "active" } }', {"s": ""}, ""),
        ('status = { column = "s", values = { Y = "active", "" = "prospect" } }', {"s": ""}, "prospect"),
        ('status = { column = "s", values = { Y = "active" } }', {"s": "Q"},
         ("s", "is none of the words that the mapping translates")),
        ('status = { column = "s", values = { Y = "active" }, other = "keep" }', {"s": "Q"}, "Q"),
        ('status = { column = "s", values = { Y = "active" }, other = "prospect" }', {"s": "Q"}, "prospect"),
        ('churnReason = { column = "s", empty = ["-"], when = "n > 3.5" }', {"s": "price", "n": "4"}, "price"),
        ('churnReason = { column = "s", empty = ["-"], when = "n > 3.5" }', {"s": "price", "n": "3"}, ""),
        ('churnReason = { column = "s", empty = ["-"], when = "n > 3.5" }', {"s": "price", "n": "x"},
         ("n", "is no plain number")),
        ('churnReason = { column = "s", empty = ["-"] }', {"s": "-"}, ""),
        ('startDate = { column = "d", format = "%d.%m.%Y", zone = "Europe/Paris" }', {"d": "31.12.2025"},
         "2025-12-31T00:00:00[Europe/Paris]"),
        ('startDate = { column = "d", format = "%d.%m.%Y", zone = "UTC" }', {"d": "30.02.2025"},
         ("d", "is no time of the form %d.%m.%Y")),
        ('startDate = { column = "d", format = "%Y%m%d%H%M%z" }', {"d": "202601020304+0100"},
         "2026-01-02T03:04:00+01:00"),
        ('startDate = { months_before = "t" }', {"t": "1"}, "2026-02-28T00:00:00Z"),
        ('startDate = { months_before = "t" }', {"t": "0"}, "2026-03-31T00:00:00Z"),
        ('startDate = { months_before = "t" }', {"t": "15"}, "2024-12-31T00:00:00Z"),
        ('startDate = { months_before = "t" }', {"t": ""}, ""),
        ('startDate = { months_before = "t" }', {"t": "-1"}, ("t", "is no whole number of months from 0 to 12000")),
        ('startDate = { months_before = "t" }', {"t": "1.5"}, ("t", "is no whole number of months from 0 to 12000")),
        ('startDate = { days_before = 31 }', {}, "2026-02-28T00:00:00Z"),
        ('startDate = { const = 2026-01-01T01:00:00+01:00 }', {}, "2026-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_values(line: str, row: dict[str, str], expected: object) -> None:
    assert prop(line, row) == expected


@pytest.mark.parametrize(
    ("line", "cell", "expected"),
    [
        ('monthlyValue = { column = "c", factor = 0.01 }', "1999", "19.99"),
        ('monthlyValue = { column = "c", decimal = "," }', "19,99", "19.99"),
        (
            'monthlyValue = { column = "c", decimal = "," }',
            "1.999",
            ("c", "has a point where a decimal comma was expected"),
        ),
        ('monthlyValue = { column = "c", factor = 0.01 }', "1e3", ("c", "is no plain number")),
    ],
)
def test_figures(line: str, cell: str, expected: object) -> None:
    assert prop(line, {"c": cell}, label="Product") == expected


def test_the_row_has_its_own_time() -> None:
    record = one('as_of = "changed"\n' + CUSTOMER, {"no": "1", "changed": "2026-01-01T00:00:00Z"})
    assert record.as_of == "2026-01-01T00:00:00Z"


def test_the_day_of_the_extract_may_be_given_at_the_load() -> None:
    text = "extracted_at = 2026-03-31T00:00:00Z\n" + CUSTOMER + "properties = { startDate = { months_before = 1 } }"
    rows = [(2, {"no": "1"})]
    [record] = mapping.parse(text, "m").records(rows, "t", extracted_at=datetime(2025, 1, 15, tzinfo=UTC))
    assert record.drafts[0].cells["startDate"] == "2024-12-15T00:00:00Z"


def test_columns_that_the_file_lacks_are_named() -> None:
    found = mapping.parse(CUSTOMER + 'when = \'kind = "x"\'\nproperties = { name = "Full name" }', "m.toml")
    with pytest.raises(SourceError) as raised:
        found.check_header(["NO", "fullname", "city"], "t.csv")
    assert raised.value.message == (
        "t.csv: no column 'Full name' (did you mean 'fullname'?); 'kind', which m.toml reads"
    )
    assert "NO, fullname, city" in raised.value.hint


# --- mistakes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = [", "m.toml: is no TOML: "),
        ("", "m.toml: has neither a [[node]] nor a [[relationship]], nor a [page]; add one"),
        ('sistem = "CRM"\n' + CUSTOMER, "m.toml: sistem: is no key here (did you mean 'system'?)"),
        ('[[node]]\nlabel = "Custommer"\nid = "{no}"',
         "m.toml: [[node]] 1 (Custommer), label: the model has no 'Custommer' (did you mean 'Customer'?)"),
        ('[[node]]\nlabel = "Customer"', "m.toml: [[node]] 1 (Customer), id: is missing: give a template"),
        ('[[node]]\nlabel = "Customer"\nid = "C1"', "[[node]] 1 (Customer), id: 'C1' names no column"),
        ('[[node]]\nlabel = "Customer"\nid = "{no"', "[[node]] 1 (Customer), id: '{no' has a brace that is not closed"),
        ('[[node]]\nlabel = "Customer"\nid = "{no:>3}"', "between braces stands the name of a column and nothing else"),
        (CUSTOMER + 'properties = { stauts = "s" }',
         "[[node]] 1 (Customer), properties.stauts: Customer has no such property (did you mean 'status'?)"),
        (CUSTOMER + 'properties = { status = { column = "s", values = { Y = "activ" } } }',
         "properties.status.values.Y: status cannot be 'activ' (did you mean 'active'?); it is one of prospect"),
        (CUSTOMER + 'properties = { name = { column = "a", const = "b" } }',
         "properties.name: needs exactly one of column, const, template, months_before, days_before"),
        (CUSTOMER + 'properties = { name = { column = "a", colum = "b" } }',
         "properties.name.colum: is no key here (did you mean 'column'?)"),
        (CUSTOMER + 'properties = { name = { months_before = "t" } }',
         "properties.name.months_before: makes a time, and name is a text"),
        (CUSTOMER + 'properties = { startDate = { months_before = "t" } }',
         "[[node]] 1 (Customer), properties.startDate counts back from extracted_at, which is missing"),
        (CUSTOMER + 'properties = { startDate = { column = "d", format = "%d.%m.%Y" } }', "tells no zone"),
        (CUSTOMER + 'properties = { startDate = { column = "d", format = "%d", zone = "Mars/Olympus" } }',
         "properties.startDate.zone: is no time zone"),
        (CUSTOMER + "when = 'a = b'", "[[node]] 1 (Customer), when: expected a value"),
        (CUSTOMER + CUSTOMER, "[[node]] 2 (Customer), as: 'customer' names a node above already"),
        ('[[node]]\nlabel = "Identifier"\nproperties = { system = "s" }', "Identifier needs externalId"),
        ('[[node]]\nlabel = "Identifier"\nid = "{x}"', "id: the id of Identifier is made of system and externalId"),
        ('extracted_at = 2026-01-01T00:00:00\n' + CUSTOMER, "extracted_at: is a time with its zone"),
        ('[[relationship]]\ntype = "OWNS"\nstart = "Customer:{a}"\nend = "product"',
         "[[relationship]] 1 (OWNS), end: no node above has as = 'product'; an id is written \"Product:{column}\""),
        ('[[relationship]]\ntype = "OWNS"\nstart = "Account:{a}"\nend = "Product:{a}"',
         "[[relationship]] 1 (OWNS), start: OWNS has Customer at its start, not 'Account'"),
        ('[[relationship]]\ntype = "HOLDS_ACCOUNT"\nstart = "Customer:{a}"\nend = "Account:{a}"\n'
         'properties = { role = { const = "payer" } }',
         "role.const: role cannot be 'payer' (did you mean 'billPayer'?); it is one of accountHolder"),
        ("node = 3", "m.toml: node: write each as a table of its own, [[node]]"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(text: str, said: str) -> None:
    assert said in mistake(text)


def test_every_mistake_is_told_at_once() -> None:
    text = CUSTOMER + 'properties = { a = "x", b = "y" }\n[[node]]\nlabel = "Nope"'
    message = mistake(text)
    assert message.startswith("m.toml: 3 mistakes\n  [[node]] 1 (Customer), properties.a: ")
    assert message.count("\n") == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no\.toml: No such file"):
        mapping.load(tmp_path / "no.toml")


# --- conditions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('a = "x"', True), ('a == "x"', True), ('a != "x"', False), ("n = 3", True), ("n >= 3 and n < 3.1", True),
        ('a in ("y", "x")', True), ('a not in ("y", "x")', False), ("e is empty", True), ("a is not empty", True),
        ('not a = "x" or n > 2', True), ('not (a = "x" or n > 2)', False), ('a = "y" and a = "x" or a = "x"', True),
        ('`two words` = "say \\"x\\""', True), ("NOT e IS EMPTY", False),
    ],
)  # fmt: skip
def test_conditions(text: str, holds: bool) -> None:
    row = {"a": "x", "n": "3", "e": "", "two words": 'say "x"'}
    assert parse_condition(text).holds(lambda column: row[column]) is holds


@pytest.mark.parametrize(
    "text", ["", "a", "a =", "a = b", '"x" = a', "a in ()", 'a = "x" b', "a < x", "a is", "(a = 1", "a.b = 1"]
)
def test_what_is_no_condition(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_condition(text)


@given(st.text(alphabet='ab=!<>()," `\\andornotinsempty1.-', max_size=40))
def test_a_condition_is_read_or_refused(text: str) -> None:
    try:
        found = parse_condition(text)
    except ValueError:
        return
    try:
        assert found.holds(lambda column: "1") in (True, False)
    except CellError:
        raise AssertionError("1 is a number") from None


def test_a_deep_condition_is_refused() -> None:
    with pytest.raises(ValueError, match="nested more than 50 deep"):
        parse_condition("(" * 1000 + "a = 1" + ")" * 1000)


# --- IBM's table -------------------------------------------------------------------------------------------------


def test_our_mapping_of_ibm_fits_the_model() -> None:
    found = mapping.load(IBM)
    assert found.system is None
    assert len(found.columns) == 15


def _ibm() -> Iterator[Record]:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines)
        yield from mapping.load(IBM).records(((reader.line_num, row) for row in reader), TABLE.name)


@pytest.mark.skipif(not TABLE.is_file(), reason=f"IBM's table is not there: {TABLE}")
def test_ibm_counts() -> None:
    tables: Counter[str] = Counter()
    services: Counter[object] = Counter()
    terminated = unbilled = 0
    for record in _ibm():
        assert not record.faults
        for draft in record.drafts:
            tables[draft.table] += 1
            if draft.table == "Service":
                services[draft.cells["serviceType"]] += 1
            if draft.table == "Customer":
                terminated += draft.cells["status"] == "terminated"
            if draft.table == "Account":
                unbilled += draft.cells["paymentStatus"] == "notYetBilled"
    ones = ("Customer", "Individual", "Account", "Product", "ENGAGED_PARTY", "HOLDS_ACCOUNT", "OWNS", "BILLED_TO")
    assert tables == {**dict.fromkeys(ones, 7043), "Service": 26231, "REALIZED_BY": 26231}
    assert (terminated, unbilled) == (1869, 11)
    assert (services["voice"], services["dsl"] + services["fibre"]) == (6361, 5517)
    assert services.total() - 6361 - 5517 == 14353


@pytest.mark.skipif(not TABLE.is_file(), reason=f"IBM's table is not there: {TABLE}")
def test_ibm_customer_and_her_two_services() -> None:
    first = next(_ibm())
    assert [d.cells["id"] for d in first.drafts if d.table == "Service"] == [
        "7590-VHVEG-internet",
        "7590-VHVEG-onlineBackup",
    ]
    assert first.drafts[0].cells == {
        "id": "7590-VHVEG", "status": "active", "segment": "consumer", "startDate": "2019-12-01T00:00:00Z",
        "terminationDate": "",
    }  # fmt: skip
