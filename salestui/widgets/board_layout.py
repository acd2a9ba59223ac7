"""How the width of the board is divided: among columns of equal pitch, and a pane beside them where there is room."""

from __future__ import annotations

from typing import Final

from salestui.dataclass import dataclass

__all__ = ["PANE_FROM", "PITCH", "USUAL_STAGES", "WIDEST_PITCH", "BoardLayout", "board_layout"]

PITCH: Final = 20
WIDEST_PITCH: Final = 28
PANE: Final = 38
PANE_FROM: Final = 160
USUAL_STAGES: Final = 6


@dataclass(frozen=True, slots=True)
class BoardLayout:
    """Cells of the board: the pitch of its columns, how many are in sight, the width left for a side pane (or 0)."""

    pitch: int
    visible: int
    pane: int


def board_layout(width: int, stages: int) -> BoardLayout:
    """Divide `width` cells among `stages` columns of a pitch of 20 or more.

    From 160 cells a pane of 38 or more stands at the right and the columns stop at 26 cells of text.
    """
    stages = max(stages, 1)
    room = width - PANE if width >= PANE_FROM else width
    visible = max(min(room // PITCH, stages), 1)
    pitch = max(room // visible, 1)
    if width < PANE_FROM:
        return BoardLayout(pitch, visible, 0)
    pitch = min(pitch, WIDEST_PITCH)
    return BoardLayout(pitch, visible, width - pitch * visible)
