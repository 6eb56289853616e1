"""A PostgreSQL server of the tests' own: in a temporary folder, on this machine only."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.demo.fediverse import free_port
from storage.engine import migrate

OWNER, PASSWORD = "fedigest", "jasmine-tea"
SECONDS = 60
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
"""The tests lose nothing that anybody wants back, and vacuum when they say so."""


class PostgresMissing(Exception):
    """There is no PostgreSQL here, or no driver for it."""


def programs() -> Path:
    """Return the folder of the server's programs. Raises PostgresMissing, also without asyncpg."""
    try:
        import asyncpg  # noqa: F401, PLC0415  it is an extra
    except ImportError:
        raise PostgresMissing("the Python driver asyncpg is missing") from None
    known = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").glob("*/bin")]
    found = shutil.which("initdb") or shutil.which("initdb", path=":".join(map(str, known)))
    if found is None:
        raise PostgresMissing("there is no PostgreSQL server (Debian: apt-get install postgresql)")
    return Path(found).resolve().parent


@dataclass
class Cluster:
    """A running server; its databases are made one by one."""

    bin: Path
    folder: Path
    port: int
    settings: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    made: int = 0
    template: str | None = None
    dropping: list[str] = field(default_factory=list)

    @classmethod
    def start(cls, settings: Sequence[str] = FAST) -> "Cluster":
        """Make a cluster and start it with these settings. Raises PostgresMissing."""
        found = programs()
        folder = Path(tempfile.mkdtemp(prefix="fedigest-pg-"))
        cluster = cls(found, folder, free_port(0), settings)
        if os.getuid() == 0:  # as whom PostgreSQL refuses to run
            shutil.chown(cluster.folder, cluster._user())
        secret = cluster.folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        # Words are sorted as people do, not as bytes: nothing may depend on that.
        collation = ("--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu")
        cluster._call(
            *("initdb", "--pgdata", str(cluster.data), "--no-sync", f"--username={OWNER}"),
            *("--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"),
            *(*collation, "--icu-locale=en"),
        )
        cluster.up()
        return cluster

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        """Return the URL of a database, by the server's socket."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}&port={self.port}"

    def by_network(self, database: str, password: str = PASSWORD) -> str:
        """Return the URL of a database, by loopback and with a password."""
        return f"postgresql://{OWNER}:{password}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """Make a database of its own and return its name."""
        self.made += 1
        name = f"test_{self.made}"
        making = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
        self.sql(*self.dropping, making)  # copied as files: not written twice, by the log as well
        self.dropping.clear()
        return name

    def create_migrated(self) -> str:
        """Make a database with all tables, and return its name."""
        if self.template is None:
            self.template = self.create()
            asyncio.run(migrate(self.url(self.template)))
        return self.create(self.template)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it, when the next one is made."""
        self.dropping.append(f"DROP DATABASE {name} WITH (FORCE)")

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """Run statements as the owner, past the storage; return what they print."""
        where = ("-h", str(self.folder), "-p", str(self.port), "-U", OWNER, "-d", database)
        each = [part for statement in statements for part in ("-c", statement)]
        return self._call("psql", "-XAtq", *where, "-v", "ON_ERROR_STOP=1", *each).strip()

    def dump(self, name: str) -> str:
        """Return all that a database holds, as a backup would."""
        where = ("-h", str(self.folder), "-p", str(self.port), "-U", OWNER)
        return self._call("pg_dump", *where, "--data-only", name)

    def up(self) -> None:
        """Start the server and wait until it answers."""
        settings = [f"--{setting}" for setting in self.settings]
        place = ("-D", str(self.data), "-k", str(self.folder), "-p", str(self.port))
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", *place, "-h", "127.0.0.1", *settings],
                stdout=log,
                stderr=log,
                **self._as_whom(),
            )
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.sql("SELECT 1")
            except subprocess.CalledProcessError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()}")

    def down(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends all sessions, SIGQUIT is as a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(SECONDS)
            self.process = None

    def remove(self) -> None:
        """Stop it and remove all of it."""
        self.down()
        shutil.rmtree(self.folder)

    def _call(self, program: str, *arguments: str) -> str:
        command: Sequence[str] = [str(self.bin / program), *arguments]
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            command, check=True, capture_output=True, timeout=SECONDS, **self._as_whom()
        )
        return done.stdout.decode()

    @staticmethod
    def _user() -> str:
        names = {entry.pw_name for entry in pwd.getpwall()}
        return "postgres" if "postgres" in names else "nobody"

    def _as_whom(self) -> dict[str, Any]:
        if os.getuid() != 0:
            return {}
        group = pwd.getpwnam(self._user()).pw_gid
        return {"user": self._user(), "group": group, "extra_groups": [], "cwd": self.folder}
