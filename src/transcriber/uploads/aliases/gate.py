"""In front of the routes: which phase an alias is in decides what its request meets."""

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transcriber.infra.clock import Clock
from transcriber.uploads.aliases.names import AliasPlace, find_alias
from transcriber.uploads.aliases.schedule import AliasSchedule, Phase

_STATE = "alias_visit"


@dataclass(frozen=True, slots=True)
class AliasVisit:
    """A request to an alias, and the phase it came in."""

    place: AliasPlace
    phase: Phase


class AliasGate:
    """Pure ASGI: active aliases go on to the routes, others to what answers without a body.

    Every answer at an alias says that it is deprecated, until when it is there, and what to use.

    Args:
        app: The routes, with what guards their bodies.
        retired: Answers for aliases that are served no more.
        schedule: The operator's dates.
        clock: Tells the date.
    """

    def __init__(
        self, app: ASGIApp, *, retired: ASGIApp, schedule: AliasSchedule, clock: Clock
    ) -> None:
        self._app = app
        self._retired = retired
        self._schedule = schedule
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the address and the date, and pass on."""
        place = find_alias(scope["path"]) if scope["type"] == "http" else None
        if place is None:
            await self._app(scope, receive, send)
            return
        headers = self._schedule.describe(place.successor)

        async def send_described(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        visit = AliasVisit(place, self._schedule.find_phase(self._clock()))
        scope.setdefault("state", {})[_STATE] = visit
        app = self._app if visit.phase is Phase.ACTIVE else self._retired
        await app(scope, receive, send_described)


def get_visit(scope: Scope) -> AliasVisit:
    """What the gate found; only for routes behind it that are an alias's."""
    visit: AliasVisit = scope["state"][_STATE]
    return visit
