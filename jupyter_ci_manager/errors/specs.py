"""Errors of templates, and of what an administrator has fixed."""

from __future__ import annotations

from .base import BadRequest, Forbidden


class InvalidTemplate(BadRequest):
    """A text that is no template of a compute instance."""

    code = "InvalidTemplate"
    hint = "Save a form as a template to see what one looks like; schema/ci-template.schema.json."


class FieldLocked(Forbidden):
    """The administrator of this server has fixed a field, and something else was asked for."""

    code = "FieldLocked"
    hint = "Take the value of the administrator (setting CiManagerApp.locked_fields)."
