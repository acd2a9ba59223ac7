"""What is told when the program itself is at fault: where it happened, and nothing of the user's data."""

from __future__ import annotations

import traceback

from salestui import paths
from salestui.i18n import gettext as _


def report(error: BaseException) -> str:
    """Return words for the user, and write the places in the code to the log file.

    Messages and variables are left out: they may hold customers' data.
    """
    places = traceback.extract_tb(error.__traceback__)
    lines = [f"{type(error).__name__}", *(f"  {place.filename}:{place.lineno} {place.name}" for place in places)]
    log = paths.log_file()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return _("salestui stopped because of a fault of its own. What was saved is kept.") + "\n" + "\n".join(lines)
    return _("salestui stopped because of a fault of its own. What was saved is kept. Details: {path}").format(path=log)
