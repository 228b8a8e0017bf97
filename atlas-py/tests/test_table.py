"""Results as columns."""

from __future__ import annotations

import pytest

import atlas


def test_columns_of_tickets(db: atlas.Atlas) -> None:
    table = atlas.table(db.tickets.list())
    assert table.num_rows == 65 and len(table["key"]) == 65
    ticket = db.tickets.get(table["key"][0])
    assert table["components"][0] == ticket.components and table["created"][0] == ticket.created
    assert "links" not in table.column_names
    assert "65 rows" in repr(table) and "and 55 more" in table._repr_html_()
    assert atlas.table([]).num_rows == 0


def test_a_row_for_every_scenario(db: atlas.Atlas) -> None:
    predictions = [db.predict("WRKA-1234", top_k=3), db.predict(text="Export", top_k=2)]
    table = atlas.table(predictions)
    assert table["number"] == [1, 2, 3, 1, 2]
    assert table["ticket_key"] == ["WRKA-1234"] * 3 + [None] * 2
    assert table["name"][0] == predictions[0].scenarios[0].name
    assert atlas.table(db.predictions.latest_of_all())["name"] == table["name"][:3]


def test_a_stream_of_arrow(db: atlas.Atlas) -> None:
    nanoarrow = pytest.importorskip("nanoarrow")
    table = atlas.table(db.tickets.list())
    array = nanoarrow.Array(table)
    rows = list(array.iter_tuples())
    names = [field.name for field in array.schema.fields]
    assert names == list(table.column_names) and len(rows) == 65
    row = dict(zip(names, rows[3]))
    assert row["key"] == table["key"][3] and row["created"] == table["created"][3]
    assert row["components"] == list(table["components"][3])
    assert rows == list(nanoarrow.Array(table).iter_tuples()), "it can be read again"


def test_pandas_takes_it(db: atlas.Atlas) -> None:
    pandas = pytest.importorskip("pandas")
    table = atlas.table(db.tickets.list())
    frame = pandas.DataFrame(table.to_dict())
    assert frame.shape[0] == 65 and str(frame["created"].dtype).startswith("datetime64")
    if hasattr(pandas.DataFrame, "from_arrow"):
        assert list(pandas.DataFrame.from_arrow(table)["key"]) == table["key"]


def test_polars_takes_it(db: atlas.Atlas) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(atlas.table(db.tickets.list()))
    assert frame.height == 65 and frame["components"].dtype == polars.List(polars.String)
    assert frame["created"].dtype.time_zone == "UTC"


def test_duckdb_takes_it(db: atlas.Atlas) -> None:
    duckdb = pytest.importorskip("duckdb")
    tickets = atlas.table(db.tickets.list())
    assert tickets.num_rows == 65
    counted = duckdb.sql("SELECT count(*), max(summary) FROM tickets").fetchall()
    assert counted[0][0] == 65
