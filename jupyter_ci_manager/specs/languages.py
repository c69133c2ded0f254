"""A spec in all languages that people ask Azure in. No I/O."""

from __future__ import annotations

from ..instances.names import name_problem
from ..models import InstanceSpec, SpecCode, Workspace
from .arm_template import arm_template
from .az_ml import az_ml
from .magic_code import magic_code
from .nesting import all_nesting_problems
from .refusals import refuse
from .sdk_code import sdk_code

NO_WORKSPACE = Workspace(
    id="",
    name="<workspace>",
    resource_group="<resource-group>",
    subscription_id="<subscription-id>",
)
"""Stands where a workspace would be named, for somebody to fill in."""
NO_NAME = "compute-instance"


def in_all_languages(spec: InstanceSpec, workspace: Workspace | None) -> SpecCode:
    """The same request four times. A draft is written down as far as it goes.

    Raises InvalidInstanceSpec for what is nested so deeply that it cannot be written down.
    """
    refuse(all_nesting_problems(spec))
    place = workspace or NO_WORKSPACE
    # It becomes part of the name of a file and of a command.
    stem = spec.name if name_problem(spec.name) is None else NO_NAME
    return SpecCode(
        [
            arm_template(spec, place, stem),
            az_ml(spec, place, stem),
            sdk_code(spec, place, stem),
            magic_code(spec),
        ]
    )
