"""Values of the fields of custom applications and data mounts."""

from __future__ import annotations

from typing import Any

from .case import HOSTILE, UNREADABLE, Case, nested, of

URI = "azureml://subscriptions/s/resourcegroups/g/workspaces/w/data/papers/versions/1"


def application(**changes: Any) -> dict[str, Any]:
    good = {"name": "app", "image": "nginx", "endpoints": [{"target": 80, "published": 8080}]}
    return good | changes


def _application(
    field: str, code: str | None, *changes: dict[str, Any], severity: str = "error"
) -> list[Case]:
    path = f"custom_applications.0.{field}"
    return [
        Case(path, {"custom_applications": [application(**each)]}, code, severity)
        for each in changes
    ]


def mount(**changes: Any) -> dict[str, Any]:
    return {"source": URI, "mount_path": "/home/azureuser/papers"} | changes


def _mount(field: str, code: str | None, *changes: dict[str, Any]) -> list[Case]:
    return [
        Case(f"data_mounts.0.{field}", {"data_mounts": [mount(**each)]}, code) for each in changes
    ]


APPLICATIONS = [
    *of("custom_applications", None, [], [application()]),
    *of("custom_applications", UNREADABLE, [application()] * 17, {}, None, [{}]),
    *_application("name", None, {"name": "RStudio 4.3_x"}, {"name": "x" * 64}),
    *_application(
        "name",
        "InvalidApplication",
        {"name": " "},
        {"name": "x" * 65},
        {"name": "-a"},
        *({"name": each} for each in HOSTILE),
    ),
    *_application("name", UNREADABLE, {"name": ""}, {"name": "x" * 257}, {"name": 3}),
    Case(
        "custom_applications.1.name",
        {"custom_applications": [application(), application(name="APP", endpoints=[])]},
        "InvalidApplication",
    ),
    *_application(
        "image",
        None,
        {"image": "ghcr.io/azure/rocker-rstudio-ml-verse:latest"},
        {"image": "localhost:5000/a/b@sha256:" + "a" * 64},
    ),
    *_application(
        "image",
        "InvalidImage",
        {"image": " "},
        {"image": "UPPER/case"},
        {"image": "a b"},
        {"image": "a:b:c"},
        {"image": "https://x/y"},
        *({"image": each} for each in HOSTILE),
    ),
    *_application(
        "image",
        "InvalidImage",
        {"image": "-" * 1024},
        {"image": "a." * 511 + "."},
        {"image_type": "azureml", "image": "nginx"},
    ),
    *_application(
        "image",
        None,
        {"image_type": "azureml", "image": "azureml:env:3"},
        {
            "image_type": "azureml",
            "image": "azureml://registries/azureml/environments/x/versions/4",
        },
    ),
    *_application("image", UNREADABLE, {"image": ""}, {"image": "x" * 1025}, {"image": None}),
    *_application("image_type", UNREADABLE, {"image_type": "podman"}),
    *_application("endpoints", "NoEndpoint", {"endpoints": []}, severity="warning"),
    *_application(
        "endpoints.0.target",
        UNREADABLE,
        *(
            {"endpoints": [{"target": each, "published": 1}]}
            for each in (0, -1, 65536, "80", 1.5, None)
        ),
    ),
    *_application(
        "endpoints.0.published",
        UNREADABLE,
        *({"endpoints": [{"target": 1, "published": each}]} for each in (0, 65536, "x")),
    ),
    *_application(
        "endpoints.0.protocol",
        UNREADABLE,
        {"endpoints": [{"target": 1, "published": 1, "protocol": "ftp"}]},
    ),
    *_application(
        "endpoints.0.host_ip",
        "InvalidAddress",
        *(
            {"endpoints": [{"target": 1, "published": 1, "host_ip": each}]}
            for each in ("", "localhost", "1.2.3", "999.1.1.1", *HOSTILE)
        ),
    ),
    *_application(
        "endpoints.0.host_ip",
        None,
        *(
            {"endpoints": [{"target": 1, "published": 1, "host_ip": each}]}
            for each in ("10.0.0.1", "::1")
        ),
    ),
    *_application(
        "endpoints.1.published",
        "PortTaken",
        {"endpoints": [{"target": 1, "published": 80}, {"target": 2, "published": 80}]},
    ),
    Case(
        "custom_applications.1.endpoints.0.published",
        {"custom_applications": [application(), application(name="b")]},
        "PortTaken",
    ),
    *_application(
        "environment", None, {"environment": {"A_1": ""}}, {"environment": {"A": "$(x) 'y'\nz"}}
    ),
    *(
        Case(
            f"custom_applications.0.environment.{each}",
            {"custom_applications": [application(environment={each: "x"})]},
            "InvalidVariable",
        )
        for each in ("", "1A", "A-B", "A=B", *HOSTILE)
    ),
    *_application("environment.A", "InvalidVariable", {"environment": {"A": "x\x00"}}),
    *_application(
        "environment",
        UNREADABLE,
        {"environment": {"A": "x" * 8193}},
        {"environment": {"A": 1}},
        {"environment": ["A=1"]},
    ),
    *_application(
        "volumes.0.source",
        "InvalidFolder",
        *(
            {"volumes": [{"source": each, "target": "/x"}]}
            for each in ("home", "../x", "/a/../b", "/a:b")
        ),
    ),
    *_application(
        "volumes.0.target",
        "InvalidFolder",
        *(
            {"volumes": [{"source": "/x", "target": each}]}
            for each in ("x", "/x\n", "/a/..", *HOSTILE)
        ),
    ),
    *_application(
        "volumes.1.target",
        "InvalidFolder",
        {"volumes": [{"source": "/x", "target": "/y"}, {"source": "/z", "target": "/y"}]},
    ),
    *_application(
        "volumes.0.source",
        UNREADABLE,
        {"volumes": [{"source": "", "target": "/x"}]},
        {"volumes": [{"source": "/" * 1025, "target": "/x"}]},
    ),
    *_application("more", "NestedTooDeeply", {"more": nested(18)}),
    *_application(
        "volumes.0.more",
        "NestedTooDeeply",
        {"volumes": [{"source": "/x", "target": "/y", "more": nested(18)}]},
    ),
    *_application("privileged", UNREADABLE, {"privileged": "true"}),
]
MOUNTS = [
    *of("data_mounts", None, [], [mount()]),
    *_mount(
        "source",
        None,
        {"source": "papers:1", "source_type": "Dataset"},
        {"source": "workspaceblobstore", "source_type": "Datastore"},
    ),
    *_mount(
        "source",
        "InvalidSource",
        {"source": "papers"},
        {"source": "file:///etc/passwd"},
        {"source": "http://x/y"},
        {"source": "a/b", "source_type": "Datastore"},
        *({"source": each} for each in HOSTILE),
    ),
    *_mount("source", UNREADABLE, {"source": ""}, {"source": "x" * 1025}, {"source": 3}),
    *_mount("source_type", UNREADABLE, {"source_type": "Blob"}),
    *_mount(
        "mount_path",
        "InvalidFolder",
        {"mount_path": "papers"},
        {"mount_path": "/a/../b"},
        *({"mount_path": each} for each in HOSTILE),
    ),
    *_mount(
        "mount_path",
        "ProtectedFolder",
        *({"mount_path": each} for each in ("/", "/etc", "/home/azureuser/", "/usr")),
    ),
    *_mount("mount_path", UNREADABLE, {"mount_path": ""}, {"mount_path": "/" * 1025}),
    Case(
        "data_mounts.1.mount_path",
        {"data_mounts": [mount(), mount(mount_path="/home/azureuser/papers/")]},
        "InvalidFolder",
    ),
    *of("data_mounts", UNREADABLE, [mount()] * 65, {}, None),
    *_mount("more", "NestedTooDeeply", {"more": nested(18)}),
    *_mount("read_only", UNREADABLE, {"read_only": "yes"}),
]
