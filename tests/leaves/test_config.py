from pathlib import Path

import pytest

from salestui import config, errors
from salestui.config import Config


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_a_missing_file_means_the_defaults(file: Path) -> None:
    assert config.load(file) == Config()


def test_every_setting_has_a_description_and_a_default_that_it_allows() -> None:
    assert [setting.key for setting in config.SETTINGS] == list(Config.__slots__)
    for setting in config.SETTINGS:
        assert setting.description
        if setting.choices:
            assert getattr(Config(), setting.key) in setting.choices


def test_all_settings_are_read(file: Path) -> None:
    file.write_text(
        'language = "zh"\ntheme = "light"\ndensity = "air"\nsymbols = "ascii"\nprofile = "ssh"\nmouse = false\n'
        'database = "/srv/sales.db"\n[keymap]\n"card.right" = "greater_than_sign, f8"\n',
        "utf-8",
    )
    assert config.load(file, frozenset({"card.right"})) == Config(
        language="zh",
        theme="light",
        density="air",
        symbols="ascii",
        profile="ssh",
        mouse=False,
        database="/srv/sales.db",
        keymap={"card.right": "greater_than_sign,f8"},
    )


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('langauge = "zh"', "langauge", "language, theme"),
        ('language = "fr"', "language", '"fr"'),
        ("theme = 3", "theme", "auto, dark, light"),
        ("theme = true", "theme", "true"),
        ('mouse = "no"', "mouse", "true or false"),
        ("database = 7", "database", "quotes"),
        ('keymap = "x"', "keymap", "table"),
        ("[keymap]\nquit = 3", "keymap.quit", "quotes"),
        ('[keymap]\nquit = ""', "keymap.quit", "quotes"),
        ('[keymap]\nfly = "x"', "keymap.fly", "docs/keys.md"),
        ("language = zh", "-", "TOML"),
        ('database = "' + "x" * 300 + "\nlanguage", "-", "TOML"),
    ],
)
def test_a_mistake_names_the_file_and_the_key_and_what_is_wrong(file: Path, text: str, key: str, said: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(errors.BadConfig) as caught:
        config.load(file, frozenset({"quit"}))
    assert caught.value.params["key"] == key
    assert caught.value.params["path"] == str(file)
    assert said in str(caught.value.params["problem"])


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_one_message(file: Path, content: bytes | None) -> None:
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(errors.BadConfig):
        config.load(file)


def test_saving_changes_only_what_changed_and_keeps_comments(file: Path) -> None:
    file.write_text('# mine\ntheme = "dark"  # at night\nmouse = true\n\n[keymap]\nquit = "f10"\n', "utf-8")
    config.save(file, Config(theme="light", language="zh", keymap={"quit": "f10"}))
    assert file.read_text("utf-8") == (
        '# mine\ntheme = "light"  # at night\nmouse = true\n\nlanguage = "zh"\n[keymap]\nquit = "f10"\n'
    )


@pytest.mark.parametrize(
    "wanted",
    [
        Config(database='C:\\data\\"our" sales\t.db'),
        Config(mouse=False, keymap={"card.right": "l,f8"}),
        Config(language="zh", theme="light", density="air", symbols="ascii", profile="ssh"),
    ],
)
@pytest.mark.parametrize(
    "before", ["", "# nothing yet", "database = 'a'\nmouse=true\n[keymap]\nquit = \"x\"\n[keymap.more]\n"[:-15]]
)
def test_what_is_saved_is_what_is_loaded(file: Path, wanted: Config, before: str) -> None:
    file.write_text(before, "utf-8")
    config.save(file, wanted)
    assert config.load(file) == wanted


def test_saving_what_is_there_already_does_not_touch_the_file(file: Path) -> None:
    config.save(file, Config())
    assert not file.exists()


def test_a_new_file_gets_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "config.toml"
    config.save(path, Config(mouse=False))
    assert config.load(path) == Config(mouse=False)


def test_a_file_written_too_unusually_is_left_as_it_is(file: Path) -> None:
    text = 'theme = """\\\ndark"""\n'
    file.write_text(text, "utf-8")
    with pytest.raises(errors.BadConfig, match="edit the file"):
        config.save(file, Config(theme="light"))
    assert file.read_text("utf-8") == text
