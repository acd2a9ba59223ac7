"""The parts of a scorecard that draw lines: the list of criteria, the side, what stands below, the strip."""

from __future__ import annotations

from salestui.widgets.form_rail import LinesWidget

__all__ = ["SIDE_WIDTH", "ScoreBelow", "ScoreList", "ScoreSide", "ScoreStrip"]

SIDE_WIDTH = 35


class ScoreSide(LinesWidget):
    """The lines beside the criteria."""

    DEFAULT_CSS = f"ScoreSide {{ width: {SIDE_WIDTH}; height: 1fr; margin: 0 1 0 4; }}"


class ScoreBelow(LinesWidget):
    """The same in three lines, for narrow terminals."""

    DEFAULT_CSS = "ScoreBelow { height: 3; display: none; }"


class ScoreStrip(LinesWidget):
    """What is missing."""

    DEFAULT_CSS = "ScoreStrip { height: 2; }"
    GROUND = "surface"


class ScoreList(LinesWidget, can_focus=True):
    """The criteria; it has the focus unless evidence is being written."""

    DEFAULT_CSS = """
    ScoreList { width: 1fr; height: 1fr; overflow: hidden hidden; }
    ScoreList FieldInput, ScoreList FieldInput:focus { background: $panel; }
    """
