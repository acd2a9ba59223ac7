"""When a running app has nothing left to do: tests wait for that, not for time to pass."""

from __future__ import annotations

import asyncio
from typing import Any

from textual._context import active_app
from textual.screen import Screen


async def nothing_left(_least: float = 0, _most: float = 0) -> None:
    """Wait until every message is handled and drawn; what waits for a thread or a timer is not waited for.

    Stands in for Textual's `wait_for_idle`, which takes a process that gets no processor for one that has nothing to
    do, so that a busy machine would fail tests, and which waits longer than needed on a quiet one.
    """
    loop: Any = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        if loop._ready:  # what could run at once
            continue
        app = active_app.get(None)
        if app is None or not app._running or not app.screen_stack:
            return
        if app._resize_event is not None:
            app._check_resize()
        elif not _to_draw(app.screen):
            return
        else:
            app.screen._on_timer_update()
            if _to_draw(app.screen):  # a new screen draws nothing before it is whole
                await asyncio.sleep(0.001)


def _to_draw(screen: Screen[Any]) -> bool:
    if not screen.is_current or screen.app._batch_count:
        return False
    return bool(
        screen._dirty_widgets
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
    )
