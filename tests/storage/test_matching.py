import pytest

from salestui.storage.matching import Wanted


@pytest.mark.parametrize(
    ("wanted", "stored", "found"),
    [
        ("启明", "苏州启明食品", True),
        ("启 明", "苏州启明食品", True),
        ("启明", "苏州启 明食品", True),
        ("abc", "ＡＢＣ机械", True),
        ("ＡＢＣ", "abc Machinery", True),
        ("STRASSE", "Hauptstraße", True),
        ("ｶﾅ", "カナ商事", True),
        ("\u200b启\u202e明", "启明", True),
        ("启明星", "启明", False),
        ("%", "100", False),
        (".*", "anything", False),
    ],
)
def test_a_part_is_found_whatever_its_width_case_and_spaces(wanted, stored, found):
    assert Wanted(wanted).within("something else", stored) is found


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\x1b"])
def test_nothing_is_wanted_where_nothing_is_seen(text):
    assert not Wanted(text)
    assert Wanted("x")


@pytest.mark.parametrize(
    ("wanted", "stored", "found"),
    [
        ("66881234", "(0512) 6688-1234", True),
        ("0512 6688", "0512-66881234", True),
        ("６６８８", "6688", True),
        ("12", "12345", False),
        ("66a8", "6688", False),
        ("启明", "6688", False),
    ],
)
def test_a_number_is_found_whatever_stands_between_its_digits(wanted, stored, found):
    assert Wanted(wanted).within_number(stored) is found


@pytest.mark.parametrize(
    ("stored", "rank"), [(("启明",), 0), (("x", "启 明"), 0), (("启明食品",), 1), (("新启明",), 2)]
)
def test_the_whole_name_ranks_before_its_beginning_and_that_before_its_middle(stored, rank):
    assert Wanted("启明").rank(stored) == rank
