"""Computes on the wire: resources, lists and the name check."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

import msgspec

from jupyter_ci_manager.emulator.arm.computes.collection import Computes
from jupyter_ci_manager.emulator.arm.computes.names import check_availability
from jupyter_ci_manager.emulator.arm.computes.request import (
    ComputePatch,
    ComputeResource,
    NameCheck,
)
from jupyter_ci_manager.emulator.arm.errors import InvalidRequestContent
from jupyter_ci_manager.emulator.arm.roles import COMPUTES, WORKSPACES
from jupyter_ci_manager.emulator.arm.wire import MlHandler

VERBS = {"GET": "read", "HEAD": "read", "DELETE": "delete"}


class ComputesHandler(MlHandler):
    """Base of the routes below a workspace's computes.

    What else changes an instance takes ``computes/write``: [assumed].
    """

    def required_action(self) -> str | None:
        return f"{COMPUTES}/{VERBS.get(self.request.method or '', 'write')}"

    def computes(self, subscription: str, group: str, workspace: str) -> Computes:
        """Raise SubscriptionNotFound, ResourceGroupNotFound or ResourceNotFound."""
        self.state.check_subscription(subscription)
        return self.state.workspace(group, workspace).computes


class ComputeList(ComputesHandler):
    """``GET .../computes``: pages with ``nextLink`` and ``$skip``.

    ``$skip`` is a number of computes, as in stable/2025-12-01 examples/Compute/list.json.
    """

    async def get(self, subscription: str, group: str, workspace: str) -> None:
        computes = self.computes(subscription, group, workspace)
        everything = computes.all()
        first = self._skip()
        next_page = first + self.state.page_size
        page = everything[first:next_page]
        body = b'{"value":[' + b",".join([each.serialized() for each in page]) + b"]"
        if next_page < len(everything):
            path = f"{computes.workspace_id}/computes"
            link = self.url(path, **{"$skip": str(next_page)})
            body += b',"nextLink":' + msgspec.json.encode(link)
        self.write_serialized(body + b"}")

    def _skip(self) -> int:
        skip = self.get_query_argument("$skip", "0")
        if not (skip.isascii() and skip.isdigit() and len(skip) < 10):
            raise InvalidRequestContent(f"$skip '{skip}' is not a continuation token")
        return int(skip)


class ComputeItem(ComputesHandler):
    """``.../computes/{name}``.

    PUT: 201 with ``Azure-AsyncOperation`` for a new instance, 200 for one that exists. DELETE: 202
    with both headers, 204 when there is nothing to delete (examples/Compute/delete.json, and the
    ARM RPC contract); ``underlyingResourceAction`` may be left out, because azureml-core does.
    """

    async def get(self, subscription: str, group: str, workspace: str, name: str) -> None:
        self.write_serialized(self.computes(subscription, group, workspace).get(name).serialized())

    async def put(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        body = self.read(ComputeResource)
        instance, operation = computes.create_or_update(name, body, self.caller)
        if operation is not None:
            self.accept(operation, location=False)
        self.write_json(instance.document(), 200 if operation is None else 201)

    async def patch(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        self.write_json(computes.patch(name, self.read(ComputePatch)).document())

    async def delete(self, subscription: str, group: str, workspace: str, name: str) -> None:
        action = self.get_query_argument("underlyingResourceAction", "Delete")
        if action.lower() not in ("delete", "detach"):
            raise InvalidRequestContent(f"underlyingResourceAction '{action}' is not known")
        computes = self.computes(subscription, group, workspace)
        if name not in computes:
            self.set_status(204)
            return
        self.set_status(202)
        self.accept(computes.delete(name), location=True)


class CheckComputeNameAvailability(ComputesHandler):
    """``POST .../checkComputeNameAvailability``: what azureml-core asks before it creates."""

    def required_action(self) -> str | None:
        return f"{WORKSPACES}/checkComputeNameAvailability/action"

    async def post(self, subscription: str, group: str, workspace: str) -> None:
        computes = self.computes(subscription, group, workspace)
        check = self.read(NameCheck)
        answer = check_availability(check.name, computes.region.compute_names)
        self.write_json(answer.document())
