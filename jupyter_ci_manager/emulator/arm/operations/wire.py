"""Long-running operations on the wire."""

# ruff: noqa: D102  Methods are HTTP verbs; the class says what it serves.

from __future__ import annotations

from jupyter_ci_manager.emulator.arm.errors import InternalServerError
from jupyter_ci_manager.emulator.arm.wire import MlHandler


class OperationStatus(MlHandler):
    """``computeOperationsStatus/{id}``: always 200, with the status in the body."""

    async def get(self, subscription: str, location: str, operation_id: str) -> None:
        self.state.check_subscription(subscription)
        operation = self.state.operations.get(operation_id)
        self.write_json(operation.document())
        if not operation.done:
            self.pace()


class OperationResult(MlHandler):
    """``computeOperationResults/{id}``: 202 until it is done, then 200, or the error.

    "Track asynchronous Azure operations", learn.microsoft.com: Location.
    """

    async def get(self, subscription: str, location: str, operation_id: str) -> None:
        self.state.check_subscription(subscription)
        operation = self.state.operations.get(operation_id)
        if operation.status == "Failed":
            raise operation.error or InternalServerError("The operation failed.")
        if not operation.done:
            self.set_status(202)
            self.set_header("Location", self.url(self.request.path, service="new"))
            self.pace()
