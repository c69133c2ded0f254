"""The OpenAPI 3.1 document, made from the route table and the models.

It knows what handlers say of themselves, and not which handlers there are.
"""

from __future__ import annotations

import functools
import json
import re
from http import HTTPStatus
from typing import Any

import msgspec

from ..models import ErrorResponse
from .describe import Bytes, Endpoint, endpoint_of
from .route import NAMESPACE, Route

Json = dict[str, Any]

VERBS = ("get", "post", "put", "patch", "delete")
ALWAYS = (400, 403, 413, 503)
"""Every route refuses parameters that it has not got, those who are not signed in to Jupyter or not
authorised, bodies that are too large, and everything while the server stops."""


@functools.cache
def document_json(routes: tuple[Route, ...]) -> bytes:
    """The document as JSON with a stable order of keys."""
    text = json.dumps(document(routes), indent=2, sort_keys=True, ensure_ascii=False)
    return text.encode() + b"\n"


def document(routes: tuple[Route, ...]) -> Json:
    """The OpenAPI document of these routes."""
    described = [
        (route, verb, found)
        for route in routes
        for verb in VERBS
        if (found := endpoint_of(getattr(route.handler, verb, None))) is not None
    ]
    paths: dict[str, Json] = {}
    for route, verb, found in described:
        paths.setdefault(f"/{NAMESPACE}/{route.path}", {})[verb] = _operation(route, verb, found)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "jupyter-ci-manager",
            "summary": "Azure Machine Learning compute instances from inside JupyterLab",
            "license": {"name": "BSD-3-Clause", "identifier": "BSD-3-Clause"},
            "version": "1",
        },
        "paths": paths,
        "components": {
            "schemas": _schemas([found for _, _, found in described]),
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"}
            },
        },
        "security": [{"token": []}],
    }


def _operation(route: Route, verb: str, found: Endpoint) -> Json:
    name = "".join(part.strip("{}").title() for part in re.split(r"[/_.]", route.path))
    operation: Json = {
        "operationId": verb + name.replace("-", ""),
        "summary": found.summary,
        "tags": [route.path.split("/")[0]],
        "parameters": _parameters(route, found),
        "responses": _responses(found),
    }
    if found.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _reference(found.body)}},
        }
    return operation


def _parameters(route: Route, found: Endpoint) -> list[Json]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    if found.query is None:
        return in_path
    schema = msgspec.json.schema(found.query)
    properties: Json = schema["$defs"][found.query.__name__]["properties"]
    return in_path + [
        {"name": name, "in": "query", "required": False, "schema": each}
        for name, each in properties.items()
    ]


def _responses(found: Endpoint) -> Json:
    answers: Json = {}
    for status, model in found.answers.items():
        answers[str(status)] = {"description": HTTPStatus(status).phrase}
        if isinstance(model, Bytes):
            answers[str(status)] |= _bytes(model)
        elif model is not None:
            answers[str(status)]["content"] = {"application/json": {"schema": _reference(model)}}
        elif status == HTTPStatus.OK:
            answers[str(status)]["content"] = {"application/json": {"schema": {"type": "object"}}}
    for status in sorted({*found.errors, *ALWAYS}):
        answers[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": _reference(ErrorResponse)}},
        }
    return answers


def _bytes(answer: Bytes) -> Json:
    return {
        "headers": {
            name: {"description": description, "schema": {"type": "string"}}
            for name, description in answer.headers
        },
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }


def _schemas(endpoints: list[Endpoint]) -> Json:
    asked = {found.body for found in endpoints if found.body is not None}
    answered = {
        model
        for found in endpoints
        for model in found.answers.values()
        if model is not None and not isinstance(model, Bytes)
    }
    answered.add(ErrorResponse)
    requests = _components(asked)
    responses = _components(answered)
    for name, schema in responses.items():
        # An answer always carries all its keys, also those that have a default.
        if name not in requests and "properties" in schema:
            schema["required"] = sorted(schema["properties"])
            for each in schema["properties"].values():
                each.pop("default", None)
    return dict(sorted({**responses, **requests}.items()))


def _components(models: set[type[msgspec.Struct]]) -> dict[str, Json]:
    ordered = sorted(models, key=lambda model: model.__name__)
    _, components = msgspec.json.schema_components(
        ordered, ref_template="#/components/schemas/{name}"
    )
    return {name: _untitled(schema) for name, schema in components.items()}


def _untitled(schema: Json) -> Json:
    """Drop Python's generated titles: the component's name says it."""
    schema.pop("title", None)
    return schema


def _reference(model: type[msgspec.Struct]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
