from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from jupyter_ci_manager import models
from jupyter_ci_manager.web.openapi import document, document_json
from jupyter_ci_manager.web.routes import ROUTES
from tests.web.conftest import Ask

CHECKED_IN = Path(__file__).parents[2] / "schema" / "openapi.json"


def schemas() -> dict[str, Any]:
    found: dict[str, Any] = document(ROUTES)["components"]["schemas"]
    return found


def test_the_checked_in_document_is_current() -> None:
    assert CHECKED_IN.read_bytes() == document_json(ROUTES), "run: make api"


def test_it_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(document(ROUTES)).validate()
    assert document(ROUTES)["openapi"].startswith("3.1")


async def test_it_is_what_the_server_answers(ask: Ask) -> None:
    assert (await ask("GET", "openapi.json")).body == document_json(ROUTES)


def test_every_operation_has_a_name_of_its_own_a_summary_and_its_errors() -> None:
    operations = [each for path in document(ROUTES)["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]

    assert len(set(names)) == len(names) == 62
    assert all(each["summary"] for each in operations)
    assert all("403" in each["responses"] for each in operations)
    for each in operations:
        for status, answer in each["responses"].items():
            if int(status) >= 400:
                schema = answer["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ErrorResponse"}


def test_every_reference_leads_somewhere() -> None:
    text = document_json(ROUTES).decode()
    references = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}

    assert references <= schemas().keys()


def test_answers_always_carry_all_their_keys_and_requests_need_not() -> None:
    assert schemas()["Operation"]["required"] == sorted(schemas()["Operation"]["properties"])
    assert schemas()["CreateInstance"]["required"] == ["spec"]


def test_every_model_says_what_it_is() -> None:
    for name, schema in schemas().items():
        assert schema.get("description"), name
        assert hasattr(models, name), name


async def test_real_answers_are_what_the_document_promises(ask: Ask) -> None:
    begun = (await ask("POST", "instances/amy-gpu/start")).json
    promised = {
        "workspace": "WorkspaceStatus",
        "workspaces": "WorkspaceList",
        "instances": "InstanceList",
        "instances/amy-gpu": "InstanceDetails",
        "sizes": "VmSizeList",
        "quota": "QuotaList",
        "names/amy-gpu": "NameCheck",
        "operations": "OperationList",
        f"operations/{begun['id']}": "OperationDetails",
        "instances/nobody-here": "ErrorResponse",
    }
    for path, model in promised.items():
        answer = (await ask("GET", path)).json
        schema = {"$ref": f"#/components/schemas/{model}", "components": {"schemas": schemas()}}
        errors = list(OAS31Validator(schema).iter_errors(answer))
        assert errors == [], (path, errors[:1])


def test_the_statuses_that_azure_leads_to_are_declared() -> None:
    paths = json.loads(document_json(ROUTES))["paths"]
    for path in ("/ci-manager/instances", "/ci-manager/sizes", "/ci-manager/quota"):
        declared = paths[path]["get"]["responses"].keys()
        assert declared >= {"200", "400", "403", "404", "409", "429", "502", "503", "504"}
