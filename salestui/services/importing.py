"""Imports a table of leads into a campaign: read, judged row by row, entered slice by slice.

Won and lost rows become closed records marked as imported. That passes no gate and goes round none: such a deal stands
in the first stage, is closed, cannot be moved, and one that is reopened starts there.
"""

from __future__ import annotations

from salestui.services.import_judging import plan
from salestui.services.import_report import (
    ImportPlan,
    ImportReport,
    Verdict,
    rejected_bytes,
    write_rejected,
)
from salestui.services.import_run import Import, ImportStopped, Progress, begin, run, step
from salestui.services.import_sheet import MAX_BYTES, MAX_ROWS, MAX_SECONDS, Sheet, SheetRow, read, read_content

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "MAX_SECONDS",
    "Import",
    "ImportPlan",
    "ImportReport",
    "ImportStopped",
    "Progress",
    "Sheet",
    "SheetRow",
    "Verdict",
    "begin",
    "plan",
    "read",
    "read_content",
    "rejected_bytes",
    "run",
    "step",
    "write_rejected",
]
