"""People of a running service: accounts that can sign in, and clients at addresses of their own."""

from dataclasses import dataclass

from starlette.testclient import TestClient

from live_api import add_account
from transcriber.accounts.models import Account, Role
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id

PASSWORD = "a long enough password"


@dataclass(frozen=True, slots=True)
class Person:
    """An account, and the headers of one of its sign-ins."""

    user_id: str
    name: str
    password: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class People:
    """Adds accounts to a service, all with the same password."""

    client: TestClient
    password_hash: str

    @property
    def context(self) -> Context:
        context: Context = self.client.app.state.context
        return context

    def add(self, role: Role = "user") -> Person:
        user_id, token = add_account(self.context, role)
        with self.context.database.unit_of_work() as uow:
            account = uow.session.get_one(Account, user_id)
            account.password_hash = self.password_hash
            name = account.name
        return Person(user_id, name, PASSWORD, {"Authorization": f"Bearer {token}"})

    def move_to(self, address: str | None = None) -> TestClient:
        """A client without cookies at that address, or at one that nobody else has."""
        place = address or f"client-{create_id()}"
        return TestClient(self.client.app, client=(place, 1), raise_server_exceptions=False)
