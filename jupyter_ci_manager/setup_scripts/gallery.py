"""The gallery: setup scripts to begin with, each a file of its own in ``starters/``.

What they are for is what "Customize the compute instance with a script" (learn.microsoft.com)
names as uses of a setup script. Each is really run by the tests, on the emulator.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..models import ScriptPhase, StarterScript, StarterScriptList

FOLDER = Path(__file__).with_name("starters")


@cache
def gallery() -> StarterScriptList:
    """All starters, in the order in which they are offered."""
    return StarterScriptList(
        [
            _starter(
                "pip-packages",
                "Packages into an environment",
                "Installs packages with pip into a Conda environment of the image.",
                arguments="azureml_py310_sdkv2 lightgbm==4.6.0",
            ),
            _starter(
                "conda-kernel",
                "Conda environment and kernel",
                "Makes a Conda environment of your packages, and a Jupyter kernel of it.",
                arguments="my-env python=3.12 pandas",
            ),
            _starter(
                "git-clone",
                "Git clone and configuration",
                "Clones a repository into the notebook files, and sets your name in Git.",
                arguments="https://github.com/Azure/azureml-examples.git 'Your Name' "
                "you@contoso.com",
            ),
            _starter(
                "data-mount",
                "Data mount",
                "Mounts blob storage by NFS, or any other file system, at every start.",
                phase="startup",
                arguments="account.blob.core.windows.net:/account/container /mnt/data",
            ),
            _starter(
                "network-proxy",
                "Network proxy",
                "Leads terminals, Python kernels, pip, Git and Conda through a proxy.",
                arguments="http://proxy.contoso.com:3128",
            ),
            _starter(
                "environment-variables",
                "Environment variables",
                "Sets variables in terminals and Python kernels. They are for no secrets.",
                arguments="PROJECT=churn 'TITLE=a value with blanks'",
            ),
            _starter(
                "jupyterlab-extension",
                "JupyterLab extension",
                "Installs an extension into the instance's own JupyterLab: this one, or another.",
                arguments="jupyter-ci-manager",
            ),
        ]
    )


def _starter(
    name: str, title: str, description: str, *, arguments: str, phase: ScriptPhase = "creation"
) -> StarterScript:
    return StarterScript(
        id=name,
        title=title,
        description=description,
        phase=phase,
        text=(FOLDER / f"{name}.sh").read_text(encoding="utf-8"),
        arguments=arguments,
    )
