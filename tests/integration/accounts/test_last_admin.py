"""Line 82 of the hostile inputs, also for administrators who act at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from live_api import add_account
from transcriber.accounts.directory.service import LastAdminError, Standing, change_standing
from transcriber.accounts.models import Account
from transcriber.infra.context import Context

ROUNDS = 10
LOSSES = [Standing(role="user"), Standing(is_active=False)]


@pytest.mark.parametrize("body", [{"role": "user"}, {"is_active": False}])
def test_82_the_last_administrator_stays(
    context: Context, client: TestClient, body: dict[str, object]
) -> None:
    user_id, token = add_account(context, "admin")
    disabled_id, _ = add_account(context, "admin")
    with context.database.unit_of_work() as uow:
        change_standing(uow, disabled_id, Standing(is_active=False), actor="test")
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.patch(f"/api/admin/accounts/{user_id}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert client.get("/api/admin/accounts", headers=headers).status_code == 200
    # One that is disabled is not the last: it is none.
    gone = client.patch(f"/api/admin/accounts/{disabled_id}", json=body, headers=headers)
    assert gone.status_code == 200


def test_82_administrators_who_demote_each_other_at_once_leave_one(context: Context) -> None:
    pair = [add_account(context, "admin")[0] for _ in range(2)]
    barrier = Barrier(2)

    def lose(user_id: str, wish: Standing) -> bool:
        barrier.wait(60)
        try:
            with context.database.unit_of_work() as uow:
                change_standing(uow, user_id, wish, actor="test")
        except LastAdminError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            wish = LOSSES[number % 2]
            assert sorted(pool.map(lose, pair, [wish] * 2)) == [False, True]
            with context.database.unit_of_work() as uow:
                query = select(func.count()).where(Account.role == "admin", Account.is_active)
                assert uow.session.scalar(query) == 1
                for user_id in pair:
                    back = Standing(role="admin", is_active=True)
                    change_standing(uow, user_id, back, actor="test")
