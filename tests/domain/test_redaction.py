import pytest

from salestui.domain.redaction import MARK, Found, Redactor, blanked


@pytest.mark.parametrize(
    ("names", "text", "left"),
    [
        (("王建国",), "王建国说要先问王建国的老板", "***说要先问***的老板"),
        (("Li",), "Li met Linda and Oli; LI agreed", "*** met Linda and Oli; *** agreed"),
        (("Anna  Smith",), "anna smith, Anna\nSmith", "***, ***"),
        (("王",), "王建国", "王建国"),
        (("",), "nobody", "nobody"),
        ((MARK,), "*** stays", "*** stays"),
        (("A+",), "grade A+ and A", "grade *** and A"),
        (("建国", "王建国"), "王建国", "***"),
    ],
)
def test_a_name_is_found_as_people_write_it(names, text, left):
    assert Redactor(names).text(text) == left


@pytest.mark.parametrize(
    ("phone", "text", "left"),
    [
        ("13800138000", "打 138-0013-8000 或 +86 138 0013 8000", "打 *** 或 ***"),
        ("+86 138 0013 8000", "13800138000", "***"),
        ("13800138000", "order 5138001380009", "order 5138001380009"),
        ("8000", "room 8000", "room 8000"),
    ],
)
def test_a_telephone_number_is_found_however_it_is_written(phone, text, left):
    assert Redactor((), (phone,)).text(text) == left


def test_an_address_of_e_mail_is_found_in_either_case():
    assert Redactor((), (), ("wang@qiming.cn",)).text("an WANG@qiming.cn, xwang@qiming.cn") == "an ***, xwang@qiming.cn"


def test_values_are_redacted_all_through_and_keys_and_hashes_stay():
    value = {"王建国": ["王建国", {"sha256": "王建国", "name": "王建国.pdf"}], "n": 3, "none": None}
    left = {"王建国": ["***", {"sha256": "王建国", "name": "***.pdf"}], "n": 3, "none": None}
    redactor = Redactor(("王建国",))
    assert redactor.value(value) == left
    assert redactor.found(value, "after") == (
        Found("after.王建国.1", "王建国"),
        Found("after.王建国.2.name", "王建国.pdf"),
    )


def test_what_is_about_the_person_is_blanked_whole():
    assert blanked({"a": "x", "b": "", "c": ["y", 1], "d": None}) == {"a": "***", "b": "", "c": ["***", 1], "d": None}
