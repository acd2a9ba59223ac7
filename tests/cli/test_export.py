"""`salestui export` writes files for scripts and tells what it wrote."""

import hashlib
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.cli.shell import Shell


@pytest.fixture
def deal(shell: Shell) -> str:
    """Return a deal on the board."""
    shell.ok("campaign", "new", values={"name": "华东", "scenario": "new_market"})
    shell.ok("customer", "new", values={"name": "苏州启明食品有限公司", "campaign": "M1"})
    return str(shell.ok("deal", "new", values={"customer": "C1", "campaign": "M1"})["id"])


def relationship_plan(shell: Shell, deal: str, rhythm: str = "monthly") -> None:
    values = {"contact_rhythm": rhythm, "next_contact": "2026-12-20", "referral_asked": "no"}
    shell.ok("output", "set", deal, "relationship_plan", values=values)


def test_an_output_is_written_and_its_path_size_and_hash_are_told(shell: Shell, deal: str, tmp_path: Path) -> None:
    relationship_plan(shell, deal)
    told = shell.ok("export", "output", deal, "relationship_plan", "--to", str(tmp_path / "plan.docx"))
    content = (tmp_path / "plan.docx").read_bytes()
    assert told == {
        "format": "salestui.export/1",
        "path": str(tmp_path / "plan.docx"),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def test_an_existing_file_is_replaced_only_by_force(shell: Shell, deal: str, tmp_path: Path) -> None:
    relationship_plan(shell, deal)
    words = ("export", "output", deal, "relationship_plan", "--to", str(tmp_path / "plan.md"))
    shell.ok(*words)
    assert shell.refused(*words) == (1, "file_there")
    shell.ok(*words, "--force")


def test_an_older_revision_and_a_template_are_honoured(shell: Shell, deal: str, tmp_path: Path) -> None:
    relationship_plan(shell, deal, "weekly")
    relationship_plan(shell, deal, "monthly")
    word = docx.Document()
    word.add_paragraph("{{ revision }} {{ status }} | {{ customer }}")
    word.add_paragraph("{{ body }}")
    template = tmp_path / "company.docx"
    word.save(str(template))
    words = ("export", "output", deal, "relationship_plan", "--to", str(tmp_path / "plan.docx"))
    shell.ok(*words, "--template", str(template), "--revision", "1")
    made = docx.Document(str(tmp_path / "plan.docx"))
    assert made.paragraphs[0].text == "r1 replaced by r2 | 苏州启明食品有限公司"
    printed = "".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)
    assert "Weekly" in printed
    assert shell.refused(*words, "--template", str(template), "--revision", "7", "--force") == (4, "not_found")
    word.add_paragraph("{{ custmer }}")
    word.save(str(template))
    assert shell.refused(*words, "--template", str(template), "--force") == (1, "bad_template")


def test_what_is_not_there_yet_is_refused(shell: Shell, deal: str, tmp_path: Path) -> None:
    def words(output: str) -> tuple[str, ...]:
        return ("export", "output", deal, output, "--to", str(tmp_path / "a.docx"))

    assert shell.refused(*words("solution")) == (5, "submit_first")
    assert shell.refused(*words("scoring_sheet")) == (5, "nothing_to_export")
    assert shell.refused(*words("no_such")) == (4, "not_found")
    assert shell.refused("export", "output", "D9", "solution", "--to", str(tmp_path / "a.docx")) == (4, "not_found")
    assert not (tmp_path / "a.docx").exists()


@pytest.mark.parametrize("kind", ["scores", "customers", "care"])
def test_lists_are_written_as_workbook_and_csv(shell: Shell, deal: str, tmp_path: Path, kind: str) -> None:
    shell.language = "zh"
    shell.ok("export", kind, "--to", str(tmp_path / "list.xlsx"))
    shell.ok("export", kind, "--to", str(tmp_path / "list.csv"), "--campaign", "M1")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    titles = {"scores": "《客户评分分级表》", "customers": "客户清单", "care": "长期维护名单"}
    assert sheet["A1"].value == titles[kind]
    assert (tmp_path / "list.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert shell.refused("export", kind, "--to", str(tmp_path / "list.pdf")) == (1, "bad_input")
    assert shell.refused("export", kind, "--to", str(tmp_path / "b.csv"), "--campaign", "M9") == (4, "not_found")


def test_the_text_answer_names_the_file(shell: Shell, deal: str, tmp_path: Path) -> None:
    said = shell("export", "customers", "--to", str(tmp_path / "list.csv"))
    assert said.code == 0
    assert str(tmp_path / "list.csv") in said.out
    assert shell("export", "customers").code == 2


def test_a_handbook_is_written_as_one_document_in_the_language_of_the_call(shell: Shell, tmp_path: Path) -> None:
    shell.ok("export", "handbook", "--to", str(tmp_path / "a.docx"))
    assert (
        docx.Document(str(tmp_path / "a.docx")).paragraphs[0].text.endswith("Standard handbook of business development")
    )
    shell.ok("export", "handbook", "role", "--to", str(tmp_path / "b.md"), "--language", "zh")
    assert (tmp_path / "b.md").read_text("utf-8").startswith("# 《销售岗位工作流程标准化手册》")
    assert shell.refused("export", "handbook", "role", "--version", "9", "--to", str(tmp_path / "c.md"))[0] == 4
    assert shell.refused("export", "handbook", "--to", str(tmp_path / "c.pdf"))[1] == "bad_input"
