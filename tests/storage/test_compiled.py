from datetime import timedelta

import pytest

from salestui.storage import fact_rows, tables
from salestui.storage.compiled import compiled, update
from tests.storage.helpers import NOW, save_setting
from tests.storage.test_store import add_user

QUERIES = {
    name: (query, 4 if name in {"outputs", "drafts"} else 2 if name == "memberships" else 1)
    for name, query in vars(fact_rows).items()
    if hasattr(query, "__wrapped__")
}


@pytest.mark.parametrize("length", [0, 1, 3])
@pytest.mark.parametrize(("query", "lists"), QUERIES.values(), ids=QUERIES)
def test_a_query_composed_once_is_the_query_composed_anew(store, query, lists, length):
    given = [[10 * which + index + 1 for index in range(length)] for which in range(lists)]
    with store.reading():
        wanted = query.__wrapped__(*given).sql()
        sent = []
        real = store.database.execute_sql
        store.database.execute_sql = lambda sql, params=None: sent.append((sql, params)) or real(sql, params)
        for _ in range(2):
            assert list(query(*given)) == []
    assert [(sql, list(params)) for sql, params in sent] == [(wanted[0], list(wanted[1]))] * 2


def test_the_rows_of_a_composed_query_are_those_asked_for(store):
    numbers = [add_user(store, login) for login in ("lin", "chen", "wang")]

    @compiled
    def people(ids):
        return tables.User.select(tables.User.login).where(tables.User.id.in_(ids)).order_by(tables.User.id).tuples()

    with store.reading():
        assert list(people(numbers[:1])) == [("lin",)]
        assert list(people(numbers[1:2])) == [("chen",)]
        assert list(people(numbers)) == [("lin",), ("chen",), ("wang",)]
        assert list(people([*numbers, *range(1000, 2000)])) == [("lin",), ("chen",), ("wang",)]


def test_texts_times_and_numbers_differ_from_call_to_call_and_the_query_is_composed_once(store):
    people = [add_user(store, login) for login in ("lin", "chen_1", "wang")]
    composed = []

    @compiled
    def found(text, since, limit, roles, active):
        composed.append(text)
        user = tables.User
        query = user.select(user.id).where(user.login.contains(text) & (user.created_at >= since))
        query = query.where(user.login.in_(roles)) if roles else query
        return (query if active is None else query.where(user.active == active)).order_by(user.id).limit(limit).tuples()

    with store.reading():
        assert list(found("n", NOW, 5, (), None)) == [(number,) for number in people]
        assert list(found("n", NOW, 2, (), None)) == [(number,) for number in people[:2]]
        assert list(found("li", NOW, 5, (), None)) == [(people[0],)]
        assert list(found("n", NOW + timedelta(days=1), 5, (), None)) == []
        assert len(composed) == 1
        assert list(found("n", NOW, 5, ("wang",), True)) == [(people[2],)]
        assert len(composed) == 2
        assert list(found("n_", NOW, 5, (), None)) == [(people[1],)], "a sign of patterns means itself"
        assert list(found("%", NOW, 5, (), None)) == []


def test_a_query_that_does_not_hold_what_it_is_given_is_refused(store):
    @compiled
    def found(text):
        return tables.User.select().where(tables.User.login == ("lin" if text == "l" else "chen"))

    with store.reading(), pytest.raises(TypeError, match="found"):
        found("l")


def test_an_update_writes_what_is_given_and_counts_the_version_up(store):
    number = add_user(store)
    with store.database.writing():
        assert update(tables.User, number, {"roles": ["legal"], "created_at": NOW}, version=2) == 0
        assert update(tables.User, number, {"roles": ["legal"], "active": False}, version=1) == 1
        assert update(tables.User, number, {"name": "林"}) == 1
        assert update(tables.User, 99, {"name": "林"}) == 0
    with store.reading():
        row = tables.User.get_by_id(number)
        assert (row.roles, row.active, row.name, row.version) == (["legal"], False, "林", 3)


def test_an_update_of_a_row_without_a_version_leaves_the_rest(store):
    save_setting(store, "a", {"x": 1})
    with store.database.writing():
        assert update(tables.Setting, "a", {"value": [2]}) == 1
    with store.reading():
        assert tables.Setting.get_by_id("a").value == [2]
