"""What tests do to the running emulator from outside: faults, time, states, colleagues' deeds.

It speaks the emulator's control paths, and Azure's own as a colleague would; it knows no browser.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from scripts.lab import Emulator
from tests.emulator.arm_client import API_VERSION, instance_body, token_of

BEN = token_of(oid="8b6f2f0e-2a8f-4d55-9d3b-5a6a4b8f2b02", upn="ben@contoso.com")
"""A colleague of the person who is signed in."""
AMY = "Bearer amy"
"""The person who is signed in: the emulator takes any token for hers."""

LIST = "/computes$"
"""The path of the list of computes, as faults and the log of requests match it."""

IN_USE = "amy-notebooks"
"""Has an idle shutdown, and a kernel with which it is not idle while tests move the clock."""
LONG_ENOUGH_SECONDS = 1000.0
"""Longer than any work that Azure does with an instance."""

# Never through a proxy: the emulator is on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def compute(name: str) -> str:
    """The path of one compute, as faults and the log of requests match it."""
    return f"/computes/{name}$"


@dataclass
class EmulatorControl:
    """One running emulator; `seeded` are the states of the instances it had in the beginning."""

    emulator: Emulator
    seeded: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Remember what there is."""
        self.seeded = self.states()

    @contextmanager
    def kept(self) -> Iterator[None]:
        """For a while, take what there is now for the beginning, to which `restore` goes back."""
        seeded, self.seeded = self.seeded, self.states()
        try:
            yield
        finally:
            self.seeded = seeded

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.emulator.url

    def fail(self, path: str, **fault: Any) -> None:
        """Put a fault in the way of requests; the fields of `emulator/faults.py`."""
        self._control("POST", "faults", {"path": path, **fault})

    def heal(self) -> None:
        """Take back every fault."""
        self._control("DELETE", "faults")

    def count(self, method: str = "*", path: str = "") -> int:
        """How many requests came in so far."""
        query = urllib.parse.urlencode({"method": method, "path": path})
        return int(self._control("GET", f"requests?{query}")["count"])

    def advance(self, seconds: float = LONG_ENOUGH_SECONDS) -> None:
        """Let Azure have worked for so long; by default everything under way is done then."""
        self._control("POST", "clock", {"seconds": seconds})

    def force(self, name: str, state: str) -> None:
        """Put an instance into a state as by an act of fate."""
        self._control("POST", f"instances/{name}/state", {"state": state})

    def leave_on_disk(self, name: str, os_bytes: int) -> None:
        """Fill or empty the OS disk of an instance."""
        self._control("PUT", f"instances/{name}/disk", {"os_available_bytes": os_bytes})

    def storage(self, **behaviour: Any) -> None:
        """How the workspace's storage behaves from now on, such as `network_allowed=False`."""
        self._control("PUT", "storage", behaviour)

    def states(self) -> dict[str, str]:
        """The state of each instance."""
        found: dict[str, str] = {}
        url: str | None = self._arm("")
        while url is not None:
            page = self._send("GET", url, authorization=AMY)
            for each in page["value"]:
                if each["properties"]["computeType"] == "ComputeInstance":
                    found[each["name"]] = each["properties"]["properties"]["state"]
            url = page.get("nextLink")
        return found

    def create(
        self, name: str, *, owner: str = BEN, description: str | None = None, **properties: Any
    ) -> None:
        """Have somebody create an instance without our help, and wait until it runs."""
        body = instance_body(**properties)
        if description is not None:
            body["properties"]["description"] = description
        self._send("PUT", self._arm(f"/{name}"), body, authorization=owner)
        self.advance()

    def resource(self, name: str) -> dict[str, Any]:
        """An instance as Azure has it."""
        found: dict[str, Any] = self._send("GET", self._arm(f"/{name}"), authorization=AMY)
        return found

    def delete(self, name: str, *, owner: str = BEN) -> None:
        """Have somebody delete an instance without our help, and wait until it is gone."""
        url = self._arm(f"/{name}", underlyingResourceAction="Delete")
        self._send("DELETE", url, authorization=owner)
        self.advance()

    def restore(self) -> None:
        """Have the instances of the beginning again, without faults."""
        self.heal()
        self.advance()
        self._leave_the_evening_behind()
        states = self.states()
        for name in states.keys() - self.seeded.keys():
            self.delete(name)
        for name, state in self.seeded.items():
            if states.get(name) != state:
                self.force(name, state)
        if IN_USE in self.seeded:
            self._control("PUT", f"instances/{IN_USE}/jupyter", {"kernels": 1})

    def _leave_the_evening_behind(self) -> None:
        """Have the hour of schedules come now and not in the middle of a test."""
        now = datetime.fromisoformat(self._control("GET", "clock")["now"].replace("Z", "+00:00"))
        evening = now.replace(hour=17, minute=1)
        if timedelta() < evening - now < timedelta(hours=5):
            self.advance((evening - now).total_seconds())

    def _arm(self, path: str, **query: str) -> str:
        query["api-version"] = API_VERSION
        computes = f"{self.emulator.url}{self.emulator.workspace}/computes"
        return f"{computes}{path}?{urllib.parse.urlencode(query)}"

    def _control(self, method: str, path: str, body: Any = None) -> Any:
        return self._send(method, f"{self.emulator.url}/emulator/{path}", body)

    def _send(
        self, method: str, url: str, body: Any = None, authorization: str | None = None
    ) -> Any:
        request = urllib.request.Request(url, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        if authorization is not None:
            request.add_header("Authorization", authorization)
        try:
            with _opener.open(request, timeout=10) as response:
                content = response.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {url}: {error} {error.read().decode()}") from error
        return json.loads(content) if content else None
