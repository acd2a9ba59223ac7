"""LibreOffice opens what is exported, and the pages show Chinese text and tables; skipped where it is not installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from salestui.domain.documents import Exported
from salestui.services import exporting
from salestui.services.export_excel import workbook_bytes
from salestui.services.export_word import word_bytes
from tests.services import exports
from tests.services.exports import HOSTILE
from tests.services.test_export_lists import hostile

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
READER = shutil.which("pdftotext")
pytestmark = [
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.skipif(READER is None, reason="pdftotext (poppler-utils) is not installed"),
]

Convert = Callable[..., dict[str, str]]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Return what turns files into PDF and gives back the text of each, by its stem."""

    def run(*files: Path) -> dict[str, str]:
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "pdf")]
        subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=240, env={**os.environ})
        texts = {}
        for file in files:
            pdf = tmp_path / "pdf" / f"{file.stem}.pdf"
            assert pdf.is_file(), f"{file.name} was not opened"
            read = subprocess.run([str(READER), "-layout", str(pdf), "-"], check=True, capture_output=True)
            texts[file.stem] = read.stdout.decode("utf-8")
        return texts

    return run


@pytest.mark.parametrize("language", ["zh", "en"])
def test_office_shows_the_documents_and_lists_of_a_pipeline(tmp_path: Path, convert: Convert, language: str) -> None:
    files = []
    with exports.pipeline(language) as sample:
        for output in ("market_report", "communication_record", "scoring_sheet", "solution", "solution_review"):
            made = exporting.export_output(sample.request, sample.deal, output, tmp_path / f"{output}.docx")
            assert isinstance(made, Exported)
            files.append(Path(made.path))
        files += [
            Path(exporting.export_listing(sample.request, kind, tmp_path / f"{kind}.xlsx").path)
            for kind in exporting.KINDS
        ]
        files.append(Path(exporting.export_handbook(sample.request, "expansion", tmp_path / "handbook.docx").path))
    texts = convert(*files)
    titles = {
        "zh": {
            "market_report": "《市场调研分析报告》",
            "solution_review": "《方案评审记录表》",
            "care": "长期维护名单",
            "handbook": "《销售业务拓展流程标准化手册》",
        },
        "en": {"market_report": "Market research report", "solution_review": "Solution review", "care": "Care list"}
        | {"handbook": "Needs analysis & solution"},
    }[language]
    for stem, title in titles.items():
        assert title in texts[stem], texts[stem][:500]
    lists = ("高潜力机会", "风险机会", "暂不考虑机会") if language == "zh" else ("High potential", "Risky", "Not now")
    assert all(name in texts["market_report"] for name in lists)
    assert re.search(r"^ +1 ?/ ?\d$", texts["market_report"], re.MULTILINE), "pages are numbered"
    heading = "编号" if language == "zh" else "No."
    assert texts["market_report"].count(heading) > 3, "the headings of a long table stand on every page"


def test_office_opens_hostile_texts_and_shows_no_result_of_a_formula(tmp_path: Path, convert: Convert) -> None:
    word, sheet = tmp_path / "hostile_word.docx", tmp_path / "hostile_sheet.xlsx"
    word.write_bytes(word_bytes(exports.document(*HOSTILE)))
    sheet.write_bytes(workbook_bytes(hostile()))
    texts = convert(word, sheet)
    for text in texts.values():
        assert "=cmd|" in text
        assert "-2+3" in text
        assert "#NAME?" not in text
    assert "{{ 7*7 }}" in texts["hostile_word"]
