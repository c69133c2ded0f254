"""Bodies of requests, for each route that takes one: mostly right, and anything else."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.builders import SIZE

TEXT = st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


NO_OBJECT = JSON.filter(lambda value: not isinstance(value, dict))


def mostly(value: Any) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(value), st.just(value), JSON)


NEVER_A_NAME = st.one_of(st.just("../x"), JSON.filter(lambda value: not isinstance(value, str)))
"""Work on an environment that is begun goes on after the test, so none must be."""

CREATE = st.fixed_dictionaries(
    {"name": NEVER_A_NAME, "specs": mostly(["python"])},
    optional={
        "pip": JSON,
        "file": JSON
        | st.fixed_dictionaries(
            {"name": mostly("environment.yml")}, optional={"content": JSON, "path": JSON}
        ),
        "clone_of": JSON,
        "channels": JSON,
        "kernel": JSON | st.fixed_dictionaries({"display_name": mostly("x")}),
        "engine": JSON,
        "surprise": JSON,
    },
)
CHANGE = st.fixed_dictionaries(
    {"install": mostly(["numpy"])},
    optional=dict.fromkeys(["update", "update_all", "remove", "pip", "channels", "surprise"], JSON),
)

SCHEDULES = JSON | st.lists(
    st.fixed_dictionaries(
        {"action": mostly("stop")},
        optional={
            "cron": mostly("0 18 * * *"),
            "recurrence": JSON
            | st.fixed_dictionaries(
                {"frequency": st.sampled_from(["Minute", "Hour", "Day", "Week", "Month"]) | JSON},
                optional={
                    "interval": st.integers(-1, 1001),
                    "hours": st.lists(st.integers(-1, 24)),
                    "minutes": st.lists(st.integers(-1, 60)),
                    "month_days": st.lists(st.integers(0, 32)),
                    "week_days": mostly(["Monday"]),
                },
            ),
            "time_zone": mostly("Europe/Vienna"),
            "start_time": JSON | st.datetimes().map(lambda time: time.isoformat()[:19]),
            "enabled": JSON,
        },
    ),
    max_size=3,
)
APPLICATIONS = JSON | st.lists(
    st.fixed_dictionaries(
        {"name": mostly("app"), "image": mostly("nginx")},
        optional=dict.fromkeys(
            ["endpoints", "environment", "volumes", "privileged", "more", "image_type"], JSON
        ),
    ),
    max_size=3,
)
MOUNTS = JSON | st.lists(
    st.fixed_dictionaries(
        {"source": mostly("azureml://x"), "mount_path": mostly("/home/azureuser/x")},
        optional=dict.fromkeys(["source_type", "mount_name", "read_only", "more"], JSON),
    ),
    max_size=3,
)
SPEC = st.fixed_dictionaries(
    {"name": mostly("amy-gpu"), "vm_size": mostly(SIZE)},
    optional={
        "description": JSON,
        "idle_shutdown": JSON,
        "tags": JSON | st.dictionaries(TEXT, TEXT),
        "setup_scripts": JSON
        | st.fixed_dictionaries(
            {},
            optional={
                phase: st.fixed_dictionaries(
                    {"source": mostly("inline"), "data": mostly("echo")},
                    optional={"arguments": JSON, "timeout_minutes": JSON},
                )
                for phase in ("creation", "startup")
            },
        ),
        "schedules": SCHEDULES,
        "ssh": JSON | st.fixed_dictionaries({"public_key": JSON | TEXT.map("ssh-rsa {}".format)}),
        "network": JSON
        | st.fixed_dictionaries({"subnet_id": JSON, "public_ip": mostly(value=False)}),
        "assigned_to": JSON | st.fixed_dictionaries({"object_id": TEXT, "tenant_id": TEXT}),
        "identity": JSON | st.fixed_dictionaries({"user_assigned": st.lists(TEXT, max_size=2)}),
        "custom_applications": APPLICATIONS,
        "data_mounts": MOUNTS,
        "more": JSON | st.dictionaries(TEXT, JSON, max_size=3),
    },
)

BODIES = {
    "/ci-manager/environments": CREATE | NO_OBJECT,
    "/ci-manager/environments/plan": st.fixed_dictionaries(
        {}, optional={"create": CREATE | JSON, "environment_id": JSON, "change": CHANGE | JSON}
    )
    | JSON,
    "/ci-manager/environments/{environment_id}/packages": CHANGE | JSON,
    "/ci-manager/packages/search": st.fixed_dictionaries(
        {"text": mostly("no-such-package")}, optional={"channels": JSON, "surprise": JSON}
    )
    | JSON,
    "/ci-manager/kernels": st.fixed_dictionaries(
        {
            "environment_id": mostly("nothing"),
            "kernel": JSON
            | st.fixed_dictionaries(
                {"display_name": mostly("x")},
                optional={"name": mostly("../x"), "env": JSON, "scope": JSON, "language": JSON},
            ),
        },
        optional={"surprise": JSON},
    )
    | JSON,
    "/ci-manager/kernels/{name}": st.fixed_dictionaries({"display_name": mostly("x")}) | JSON,
    "/ci-manager/instances": st.fixed_dictionaries(
        {"spec": SPEC}, optional={"if_exists": mostly("fail"), "surprise": JSON}
    )
    | JSON,
    "/ci-manager/instances/{name}": st.fixed_dictionaries(
        {},
        optional={
            "idle_shutdown": mostly("PT60M"),
            "schedules": SCHEDULES,
            "custom_applications": APPLICATIONS,
            "data_mounts": MOUNTS,
            "sso": JSON,
            "surprise": JSON,
        },
    )
    | JSON,
    "/ci-manager/instances/{name}/resize": st.fixed_dictionaries({"vm_size": mostly(SIZE)}) | JSON,
    "/ci-manager/specs/check": st.fixed_dictionaries({"spec": SPEC}) | JSON,
    "/ci-manager/specs/code": st.fixed_dictionaries({"spec": SPEC}) | JSON,
    "/ci-manager/specs/template": st.fixed_dictionaries(
        {"text": JSON | SPEC.map(lambda spec: json.dumps({"title": "x", "spec": spec}))}
    )
    | JSON,
    "/ci-manager/schedules/preview": st.fixed_dictionaries({"schedules": SCHEDULES}) | JSON,
    "/ci-manager/ssh-keys": st.fixed_dictionaries({"name": NEVER_A_NAME}) | NO_OBJECT,
    "/ci-manager/setup-scripts/lint": st.fixed_dictionaries(
        {"text": mostly("echo\n")}, optional={"file_name": JSON, "arguments": JSON}
    )
    | JSON,
    # Never a text, which would be run.
    "/ci-manager/setup-scripts/dry-run": st.fixed_dictionaries(
        {"text": JSON.filter(lambda value: not isinstance(value, str))}
    )
    | NO_OBJECT,
    # Never an empty object, which would scan all of this machine or plan to clean it.
    "/ci-manager/disk/scan": st.fixed_dictionaries(
        {"root": mostly("/nowhere")}, optional={"anew": JSON, "surprise": JSON}
    )
    | NO_OBJECT,
    "/ci-manager/disk/cleanup/plan": st.fixed_dictionaries(
        {"trash": JSON | st.lists(mostly("file:///nowhere/x%00y"), min_size=1, max_size=3)},
        optional={"surprise": JSON},
    )
    | NO_OBJECT,
    "/ci-manager/disk/cleanup": st.fixed_dictionaries(
        {"plan_id": mostly("nowhere"), "steps": mostly(["x"])},
        optional={"dry_run": JSON, "surprise": JSON},
    )
    | JSON,
    "/ci-manager/scripts/{path}": st.fixed_dictionaries(
        {"text": mostly("echo\n")}, optional={"overwrite": JSON, "surprise": JSON}
    )
    | JSON,
    "/ci-manager/workspace": st.fixed_dictionaries({"id": mostly("/subscriptions/x")}) | JSON,
}
