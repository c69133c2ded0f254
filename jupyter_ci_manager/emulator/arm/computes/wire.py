"""Computes on the wire: resources, lists and the name check."""

from __future__ import annotations

import msgspec

from ..errors import InvalidRequestContent
from ..wire import LOCATION_STYLE_SINCE, ArmHandler
from .collection import Computes, check_availability
from .request import ComputePatch, ComputeResource, NameCheck, read


class ComputesHandler(ArmHandler):
    """Base of the routes below a workspace's computes."""

    def computes(self, subscription: str, group: str, workspace: str) -> Computes:
        self.state.check_subscription(subscription)
        return self.state.workspace(group, workspace).computes

    def since_location_style(self) -> bool:
        """Whether this api-version's examples show ``Location`` for a started operation."""
        return self.api_version >= LOCATION_STYLE_SINCE


class ComputeList(ComputesHandler):
    """``GET .../computes``: pages with ``nextLink`` and ``$skip``."""

    page_size: int

    def initialize(self, state, page_size: int) -> None:  # type: ignore[no-untyped-def]
        super().initialize(state)
        self.page_size = page_size

    async def get(self, subscription: str, group: str, workspace: str) -> None:
        computes = self.computes(subscription, group, workspace)
        everything = computes.all()
        skip = self._skip()
        page = everything[skip : skip + self.page_size]
        body = b'{"value":[' + b",".join(each.serialized() for each in page) + b"]"
        if skip + self.page_size < len(everything):
            path = f"{computes.workspace_id}/computes"
            link = self.url(path, **{"$skip": str(skip + self.page_size)})
            body += b',"nextLink":' + msgspec.json.encode(link)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(body + b"}")

    def _skip(self) -> int:
        skip = self.get_query_argument("$skip", "0")
        if not (skip.isascii() and skip.isdigit() and len(skip) < 10):
            raise InvalidRequestContent(f"$skip '{skip}' is not a continuation token")
        return int(skip)


class ComputeItem(ComputesHandler):
    """``.../computes/{name}``."""

    async def get(self, subscription: str, group: str, workspace: str, name: str) -> None:
        compute = self.computes(subscription, group, workspace).get(name)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.write(compute.serialized())

    async def put(self, subscription: str, group: str, workspace: str, name: str) -> None:
        """201 with ``Azure-AsyncOperation`` for a new instance, 200 for one that exists."""
        computes = self.computes(subscription, group, workspace)
        body = read(self.body_object(), ComputeResource)
        instance, operation = computes.create_or_update(name, body, self.caller)
        if operation is not None:
            self.accept(operation, 201, location=False)
        self.write_json(instance.document(), 200 if operation is None else 201)

    async def patch(self, subscription: str, group: str, workspace: str, name: str) -> None:
        computes = self.computes(subscription, group, workspace)
        body = read(self.body_object(), ComputePatch)
        self.write_json(computes.patch(name, body).document())

    async def delete(self, subscription: str, group: str, workspace: str, name: str) -> None:
        """202 with both headers. ``underlyingResourceAction`` may be left out: azureml-core does."""
        action = self.get_query_argument("underlyingResourceAction", "Delete")
        if action.lower() not in ("delete", "detach"):
            raise InvalidRequestContent(f"underlyingResourceAction '{action}' is not known")
        operation = self.computes(subscription, group, workspace).delete(name)
        self.accept(operation, location=True)


class CheckComputeNameAvailability(ComputesHandler):
    """``POST .../checkComputeNameAvailability``: what azureml-core asks before it creates."""

    async def post(self, subscription: str, group: str, workspace: str) -> None:
        computes = self.computes(subscription, group, workspace)
        body = {key[:1].upper() + key[1:]: value for key, value in self.body_object().items()}
        check = read(body, NameCheck)
        answer = check_availability(check.name, computes.region.compute_names)
        self.write_json(answer.document())
