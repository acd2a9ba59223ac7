"""A primary with a synchronous standby, as docs/postgresql.md sets them up; the one that dies comes back as standby."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from tests.postgres.server import Server, server_place

_SETTINGS = ("fsync=off", "shared_buffers=32MB", "wal_keep_size=64MB", "wal_sender_timeout=5s")
_STATE = "SELECT state, sync_state FROM pg_stat_replication WHERE application_name = 'standby'"


class Cluster:
    """Two servers, of which one may be written."""

    def __init__(self, primary: Server, standby: Server) -> None:
        self.primary = primary
        self.standby = standby

    def url(self, database: str, user: str) -> str:
        """Return the address that names both."""
        hosts = f"{self.primary.socket},{self.standby.socket}"
        return f"postgresql://{user}@/{database}?host={quote(hosts, safe='/')}&port=5432,5432"

    def follow(self) -> None:
        """Make the standby a copy of the primary, and have the primary wait for it with every commit."""
        if self.standby.data.exists():
            shutil.rmtree(self.standby.data)
        source = f"host={self.primary.socket} user=replicator application_name=standby"
        self.standby.run(
            *("pg_basebackup", "--pgdata", self.standby.data, "--checkpoint", "fast", "--write-recovery-conf"),
            *("--dbname", source, "--no-sync"),
        )
        self.standby.start()
        self._until("streaming")
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.primary.sql("SELECT pg_reload_conf()")
        self._until("sync")

    def _until(self, reached: str) -> None:
        """Wait until the primary says this of the standby."""
        import threading

        for _ in range(600):
            if any(reached in row for row in self.primary.sql(_STATE)):
                return
            threading.Event().wait(0.05)
        raise AssertionError(self.standby.log.read_text()[-2000:])

    def gone(self) -> None:
        """Wait until the primary knows that the standby is away."""
        import threading

        while self.primary.sql(_STATE):
            threading.Event().wait(0.05)

    def fail_over(self) -> None:
        """Kill the primary and let the standby take its place; they change names."""
        self.primary.kill()
        self.standby.sql("ALTER SYSTEM RESET synchronous_standby_names")
        self.standby.sql("SELECT pg_reload_conf()")
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run two servers while the block lasts."""
    with server_place() as place:
        both = Cluster(Server(place, "one", _SETTINGS), Server(place, "two", _SETTINGS))
        both.primary.create()
        both.primary.start()
        both.primary.sql("CREATE ROLE replicator LOGIN REPLICATION")
        try:
            yield both
        finally:
            for server in (both.primary, both.standby):
                if server.process is not None:
                    server.kill()
