"""The made-up machines of docs/postgresql.md: db1, and with TLS also db2, each with its own files and network.

What stands in for a real machine: `sudo`, `systemctl` and `ssh` of a few lines, and directories of Debian's names.
"""

import subprocess
import sys
from pathlib import Path

from tests.postgres.server import binaries

_TRIED = (
    "ip link set lo up && ip link add name eth1 type veth peer name eth2 && mount --make-rprivate / && "
    "mount -t tmpfs tmpfs /srv"
)

FIRST = r"""
programs=$6; here=$(dirname "$programs")/share/postgresql
useradd -m -s /bin/bash chen
id postgres > /dev/null 2>&1 || useradd -r -d /var/lib/postgresql -s /bin/bash postgres
usermod -d /var/lib/postgresql postgres 2> /dev/null || true
cat > /usr/local/bin/sudo << 'END'
#!/bin/sh
[ "$1" = -u ] || exec "$@"
user=$2; shift 2
HOME=/var/lib/postgresql exec runuser -u "$user" -- "$@"
END
cat > /usr/local/bin/systemctl << 'END'
#!/bin/sh
control() { runuser -u postgres -- PROGRAMS/pg_ctl -D /var/lib/postgresql/16/main "$@" > /dev/null 2>&1; }
settings="-c unix_socket_directories=/var/run/postgresql -c fsync=off -c shared_buffers=32MB"
case $1 in
    start) control -l /var/lib/postgresql/log -w -o "$settings" start ;;
    restart) control -m fast -w stop; exec systemctl start ;;
    stop) control -m immediate -w stop ;;
    disable) touch /var/run/postgresql/disabled ;;
    *) exit 1 ;;
esac
END
cat > /usr/local/bin/ssh << 'END'
#!/bin/sh
case $1 in
    root@db2) exec nsenter -t $(cat /srv/db2/pid) -m -n sh -c "$2" ;;
    db2) cd "/srv/db2/home/$(id -un)" && HOME=$PWD exec sh -c "$2" ;;
    *) exit 1 ;;
esac
END
sed -i "s#PROGRAMS#$programs#" /usr/local/bin/systemctl
for program in psql pg_dump pg_restore createdb pg_basebackup; do
    printf '#!/bin/sh\nPGHOST=/var/run/postgresql exec %s "$@"\n' "$programs/$program" > /usr/local/bin/$program
done
chmod 755 /usr/local/bin/*
mkdir -p /srv/db2/home /srv/db2/lib
cp -a /home/. /srv/db2/home
mkdir -p /var/lib/postgresql /var/run/postgresql
cat > /srv/machine << 'END'
mount --bind "$1" /var/lib/postgresql
mount -t tmpfs -o mode=755 tmpfs /var/run/postgresql
mkdir -p /var/lib/postgresql/16
chown postgres /var/lib/postgresql /var/lib/postgresql/16 /var/run/postgresql
runuser -u postgres -- "$2/initdb" -D /var/lib/postgresql/16/main --auth-local=peer --auth-host=reject --locale=C \
    --encoding=UTF8 --no-sync > /dev/null
sed -i '/^host/d' /var/lib/postgresql/16/main/pg_hba.conf
systemctl start postgresql
END
mkdir -p /srv/db1; mount -t tmpfs tmpfs /srv/db1
sh /srv/machine /srv/db1 "$programs"
"""

SECOND = r"""
printf '127.0.0.1 localhost\n10.77.0.1 db1\n10.77.0.2 db2\n' > /etc/hosts
ip link set lo up
ip link add name eth1 type veth peer name eth2
unshare -m -n sh -c 'mount --bind /srv/db2/home /home; echo $$ > /srv/db2/pid; touch /srv/db2/there; exec sleep 600' &
while [ ! -e /srv/db2/there ]; do :; done
ip link set dev eth2 netns $(cat /srv/db2/pid)
ip addr add 10.77.0.1/24 dev eth1; ip link set dev eth1 up
nsenter -t $(cat /srv/db2/pid) -m -n sh -c '
    ip link set lo up; ip addr add 10.77.0.2/24 dev eth2; ip link set dev eth2 up
    exec sh /srv/machine /srv/db2/lib "$1"' machine "$programs"
trap 'systemctl stop; ssh root@db2 "systemctl stop"; kill $(cat /srv/db2/pid)' EXIT
"""

ALONE = "trap 'systemctl stop' EXIT\n"

RUN = """
import json, pathlib, re, subprocess, sys
path = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
environment = {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": "/root"}
said = []
for code in json.load(open(sys.argv[1])):
    where = re.match("# (?:on (db1 and db2|db1|db2))?(?:, )?(?:as (\\\\w+))?\\n", code)
    machines, login = (where[1] or "db1", where[2]) if where else ("db1", None)
    outcome, text = 0, ""
    for machine in machines.split(" and "):
        there = pathlib.Path("/srv/db2/pid").read_text().split() if machine == "db2" else []
        enter = ["nsenter", "-t", *there, "-m", "-n"] if there else []
        command = ["runuser", "-l", login, "-c", code] if login else ["sh", "-c", code]
        try:
            done = subprocess.run([*enter, *command], env=environment, cwd="/", stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
            outcome, text = outcome or done.returncode, text + done.stdout
        except subprocess.TimeoutExpired as slow:
            outcome, text = -1, text + (slow.stdout or b"").decode() + " (no end after a minute)"
    said.append([outcome, text])
print(json.dumps(said))
"""


def encrypts(programs: Path) -> bool:
    """Whether a server's programs know TLS, which that of the development wheel does not."""
    asked = subprocess.run([programs / "pg_config", "--configure"], capture_output=True, text=True, check=False)
    return "openssl" in asked.stdout


def programs_with_tls() -> Path | None:
    """Return the directory of a server's programs that know TLS, None where this machine has none."""
    ours = binaries()
    found = [*([ours] if ours else []), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    return next((each for each in found if (each / "initdb").exists() and encrypts(each)), None)


def why_no_second() -> str:
    """Return why there can be no second machine here, "" where there can."""
    if programs_with_tls() is None:
        return "no PostgreSQL server that knows TLS: that of the development wheel does not (apt install postgresql)"
    if not sys.platform.startswith("linux"):
        return "a network of its own needs Linux"
    tried = subprocess.run(["unshare", "-m", "-n", "sh", "-c", _TRIED], capture_output=True, text=True, check=False)
    return f"no network of its own: {tried.stderr.strip()}" if tried.returncode else ""
