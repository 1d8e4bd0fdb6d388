"""The real portal for the browser tests: pages built, a database with the demo world and some more people, the server
in a process of its own on a free port."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from uuid import UUID

from sqlalchemy import Engine, select, text, update
from sqlmodel import col

from phbportal.db import make_engine
from phbportal.demo.build import build
from phbportal.demo.staff import FIRST
from phbportal.demo.third_party import NAME
from phbportal.domain.tasks import NOMINATION_CHANGED
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in.keys import digest
from phbportal.tables.acting import PersonRole
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.budgets import Stream
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.consents import Consent
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, Identity, User
from tests.browser.more_people import bring_in
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
LONGEST_BUILD_SECONDS = 600
BUILD = "from phbportal.frontend import build; build()"


@dataclass
class Portal:
    """A running portal: where it is, its database, and ``facts`` to fill into paths ("{gareth}", "{gareth_phb}")."""

    origin: str
    engine: Engine
    process: subprocess.Popen[bytes]
    log: Path
    facts: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def start(cls, folder: Path, *, providers: str = "") -> Portal:
        """Build, fill and serve; ``providers`` is a providers file with ORIGIN for the portal's own. Raises
        RuntimeError with the end of the server's log if it does not come up."""
        port = free_port()
        origin = f"http://localhost:{port}"
        environment = _environment(folder, origin)
        if providers:
            (folder / "providers.toml").write_text(providers.replace("ORIGIN", origin))
            environment["PHB_PROVIDERS_FILE"] = str(folder / "providers.toml")
        pages = subprocess.Popen([sys.executable, "-c", BUILD], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        shutil.copy(_world(folder), folder / "portal.sqlite3")
        engine = make_engine(environment["PHB_DATABASE_URL"])
        with open_unit(engine, SYSTEM, writes=True) as uow:
            uow.session.execute(update(Identity).values(issuer=f"{origin}/dev-idp"))
        pages.wait()  # whatever became of it: the server builds what is not built, and says why it cannot
        log = folder / "server.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "phbportal.cli", "run", "--port", str(port)],
                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        portal = cls(origin, engine, process, log, _facts(engine))
        portal._wait()
        return portal

    def stop(self) -> None:
        """End the server and let go of the database."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.engine.dispose()

    def path(self, pattern: str) -> str:
        """A path with its facts filled in."""
        return pattern.format_map(self.facts)

    def change_session(self, secret: str, **values: object) -> None:
        """Change the row of the session whose cookie holds this secret, as another process would."""
        with open_unit(self.engine, SYSTEM, writes=True) as uow:
            changed = uow.session.execute(
                update(SignInSession).where(col(SignInSession.secret_hash) == digest(secret)).values(**values)
            )
            assert changed.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue]

    def session(self, secret: str) -> SignInSession:
        """The row of the session whose cookie holds this secret."""
        with open_unit(self.engine, SYSTEM, writes=False) as uow:
            return uow.session.execute(
                select(SignInSession).where(col(SignInSession.secret_hash) == digest(secret))
            ).scalar_one()

    def nhs_numbers(self) -> dict[str, str]:
        """Every NHS number in the database, by the person's family name."""
        with open_unit(self.engine, SYSTEM, writes=False) as uow:
            rows = uow.session.execute(select(col(Person.family_name), col(Person.nhs_number)))
            return {family: number for family, number in rows if number}

    def _wait(self) -> None:
        until = time.monotonic() + LONGEST_BUILD_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            with suppress(URLError, ConnectionError, TimeoutError):
                urlopen(self.origin, timeout=5).close()
                return
            time.sleep(0.2)
        said = self.log.read_text(errors="replace").splitlines()[-30:]
        self.stop()
        raise RuntimeError("The portal did not start. It said last:\n" + "\n".join(said))


def _world(folder: Path) -> Path:
    """A database with the demo world and some more people, made by whoever asks first and kept for all of this run.
    They sign in at ``http://localhost/dev-idp`` until a portal takes them over."""
    ours = folder.parent.parent if "PYTEST_XDIST_WORKER" in os.environ else folder.parent
    kept = ours / "world.sqlite3"
    with (ours / "world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = folder / "world.sqlite3"
            environment = _environment(folder, "http://localhost") | {"PHB_DATABASE_URL": f"sqlite:///{made}"}
            _run("migrate", environment)
            engine = make_engine(environment["PHB_DATABASE_URL"])
            build(engine, "http://localhost/dev-idp", small=True)
            bring_in(engine)
            with engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))  # so that the file is the whole
            engine.dispose()
            made.rename(kept)
    return kept


def _environment(folder: Path, origin: str) -> dict[str, str]:
    """This process's environment without what other tests told Reflex and the portal, and with a portal of our own."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("PHB_", "REFLEX_", "__REFLEX_"))}
    python = Path(sys.executable).parent  # as typed, not resolved: node and npm stand beside it
    return ours | {
        "PATH": f"{python}{os.pathsep}{ours.get('PATH', '')}",
        "PHB_ENVIRONMENT": "test",
        "PHB_PUBLIC_ORIGIN": origin,
        "PHB_DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "PHB_KEY_FILE": str(folder / "portal.key"),
        "PHB_FILES_DIR": str(folder / "files"),
        "PHB_CONTACT_PHONE": "01632 960 999",
        "PHB_CONTACT_EMAIL": "phb.team@example.org",
        "PHB_ANONYMOUS_SOCKETS_PER_MINUTE": "100000",
    }


def _run(command: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "phbportal.cli", command], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"phbportal {command} failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")


def _facts(engine: Engine) -> dict[str, str]:
    """By lower-case given name: ``gareth`` the person's id, ``gareth_phb`` the reference of their latest budget,
    ``gareth_paid`` and ``gareth_notional`` its streams, ``gareth_payment`` a payment, ``gareth_consent`` a consent,
    ``noah_planner`` an invitation to write the plan, ``planned_phb`` a budget without a plan, ``ivor_part`` the part of
    somebody who acts for them; ``organisation`` one that holds money for people;
    ``user_marta`` a user's id and ``role_marta`` their role's; ``board``, a board; ``grant``, ``asking``, ``change``:
    what waits for a second person; ``task`` a review of a nominee."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        rows = uow.session.execute
        names = {i: name.split("-")[0].lower() for i, name in rows(select(col(Person.id), col(Person.given_name)))}
        facts = {name: str(i) for i, name in names.items()}
        owners: dict[UUID, str] = {}
        for i, person_id, reference in rows(
            select(col(Phb.id), col(Phb.person_id), col(Phb.reference)).order_by(col(Phb.id))
        ):
            owners[i] = names[person_id]
            facts[f"{names[person_id]}_phb"] = reference
        facts["planned_phb"] = rows(
            select(col(Phb.reference)).where(
                col(Phb.cohort) == "S117",
                col(Phb.person_id).in_(select(col(Person.id)).where(col(Person.given_name) == "Toby")),
            )
        ).scalar_one()
        for i, phb_id, method in rows(select(col(Stream.id), col(Stream.phb_id), col(Stream.method))):
            facts[f"{owners[phb_id]}_{'paid' if method == 'DIRECT_PAYMENT' else 'notional'}"] = str(i)
        for phb_id, reference in rows(select(col(PaymentItem.phb_id), col(PaymentItem.reference))):
            facts[f"{owners[phb_id]}_payment"] = reference
        for i, person_id in rows(select(col(Consent.id), col(Consent.person_id))):
            facts[f"{names[person_id]}_consent"] = str(i)
        holds = rows(select(col(Organisation.id)).where(col(Organisation.name) == NAME)).scalar_one()
        for i, person_id in rows(select(col(PersonRole.id), col(PersonRole.person_id)).order_by(col(PersonRole.id))):
            facts[f"{names[person_id]}_part"] = str(i)
        for i, person_id in rows(select(col(PlanInvitation.id), col(PlanInvitation.person_id))):
            facts[f"{names[person_id]}_planner"] = str(i)
        for i, name in rows(select(col(User.id), col(User.display_name)).where(col(User.person_id).is_(None))):
            facts[f"user_{name.split()[0].lower()}"] = str(i)
        for i, name in rows(
            select(col(Assignment.id), col(User.display_name)).join(User, col(User.id) == col(Assignment.user_id))
        ):
            facts[f"role_{name.split()[0].lower()}"] = str(i)
        for name, table in (("grant", RoleGrant), ("asking", BreakGlass), ("change", ChangeRequest)):
            facts[name] = str(rows(select(col(table.id)).order_by(col(table.id).desc()).limit(1)).scalar_one())
        task = rows(select(col(Task.id)).where(col(Task.kind) == NOMINATION_CHANGED)).scalar_one()
        facts["task"] = str(task)
        board = rows(select(col(Organisation.id)).where(col(Organisation.ods_code) == FIRST)).scalar_one()
    return facts | {"board": str(board), "organisation": str(holds)}
