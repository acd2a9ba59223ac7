"""A primary with a synchronous standby, as docs/postgresql.md sets them up; the one that dies comes back as standby."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from tests.postgres.server import Server, server_place, superuser

_SETTINGS = ("fsync=off", "shared_buffers=32MB", "wal_keep_size=64MB", "wal_sender_timeout=5s")


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
        self.standby.run(
            *("pg_basebackup", "--pgdata", self.standby.data, "--host", self.primary.socket, "--username", superuser()),
            *("--wal-method", "stream", "--checkpoint", "fast", "--no-sync", "--write-recovery-conf"),
        )
        self.standby.configure(
            f"primary_conninfo = 'host={self.primary.socket} user={superuser()} application_name=standby'"
        )
        for name in ("postgresql.auto.conf",):  # what ALTER SYSTEM set on the primary is not for the standby
            kept = (self.standby.data / name).read_text("utf-8").splitlines()
            (self.standby.data / name).write_text(
                "\n".join(
                    line for line in kept if not line.startswith(("synchronous_standby_names", "primary_conninfo"))
                )
                + "\n"
            )
        self.standby.start()
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.primary.sql("SELECT pg_reload_conf()")
        self.in_step()

    def in_step(self) -> None:
        """Wait until a commit waits for the standby."""
        import threading

        for _ in range(600):
            if self.primary.sql("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"):
                return
            threading.Event().wait(0.05)
        raise AssertionError(self.standby.log.read_text()[-2000:])

    def fail_over(self) -> None:
        """Kill the primary and let the standby take its place; they change names."""
        self.primary.kill()
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run two servers while the block lasts."""
    with server_place() as place:
        both = Cluster(Server(place, "one", _SETTINGS), Server(place, "two", _SETTINGS))
        both.primary.create()
        both.primary.start()
        try:
            yield both
        finally:
            for server in (both.primary, both.standby):
                if server.process is not None:
                    server.kill()
