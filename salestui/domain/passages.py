"""Text of a screen as paragraphs: what stands above a small form, the state of a review, what revisions differ in."""

from __future__ import annotations

from salestui.dataclass import dataclass
from salestui.domain.views import CheckState, Tone


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, wrapped to the width there is; an empty one is a line of air.

    `label` stands before it in the column of all labels, or `sign` before an entry of a list. `right` stands at the
    right edge of its first line. A `heading` begins at the left edge, `lines` (if not 0) are the most it may take.
    """

    text: str = ""
    label: str = ""
    tone: Tone = Tone.NORMAL
    sign: CheckState | None = None
    heading: bool = False
    right: str = ""
    right_tone: Tone = Tone.MUTED
    lines: int = 0


AIR = Passage()


def heading(text: str, right: str = "", right_tone: Tone = Tone.MUTED) -> Passage:
    """Return the head of a group."""
    return Passage(text, tone=Tone.STRONG, heading=True, right=right, right_tone=right_tone)
