"""Gives Peewee the driver of PostgreSQL, which it was imported without (see `salestui.storage`)."""

from __future__ import annotations

from typing import Any

import peewee
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.json import Json, Jsonb

__all__ = ["adopt", "psycopg"]


def adopt() -> None:
    """Let Peewee know the driver; the second time does nothing."""
    module: Any = peewee
    if module.psycopg is not None:
        return
    module.psycopg, module.TransactionStatus = psycopg, TransactionStatus
    module.Json_pg3, module.Jsonb_pg3 = Json, Jsonb
    adapter = module.Psycopg3Adapter
    adapter.txn_idle = TransactionStatus.IDLE
    adapter.txn_inerror = TransactionStatus.INERROR
    adapter.txn_unknown = TransactionStatus.UNKNOWN
