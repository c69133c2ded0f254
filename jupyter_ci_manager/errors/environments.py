"""Errors of Conda environments and Jupyter kernels."""

from __future__ import annotations

from .base import BadRequest, CiManagerError, Conflict, NotFound


class InvalidEnvironmentName(BadRequest):
    """A name that Conda does not take, or that would lead somewhere else."""

    code = "InvalidEnvironmentName"
    hint = "Use letters, digits, '.', '_' and '-', beginning with a letter or digit."


class InvalidSpec(BadRequest):
    """A package specification that cannot be understood."""

    code = "InvalidSpec"
    hint = "Write a name, and a version where it matters: numpy, python=3.12, r-base>=4.4."


class InvalidEnvironmentFile(BadRequest):
    """A file that describes no environment, or more than one may ask for."""

    code = "InvalidEnvironmentFile"
    hint = "Give an environment.yml, a requirements.txt, an explicit list or a conda-lock file."


class InvalidKernel(BadRequest):
    """A kernel's name or variables that Jupyter does not take."""

    code = "InvalidKernel"
    hint = "Names of kernelspecs have letters, digits, '.', '_' and '-'."


class EnvironmentNotFound(NotFound):
    """No environment with that id."""

    code = "EnvironmentNotFound"
    hint = "It may have been removed meanwhile. List the environments again."


class KernelNotFound(NotFound):
    """No kernelspec of that name."""

    code = "KernelNotFound"
    hint = "It may have been removed meanwhile. List the kernels again."


class PlanNotFound(NotFound):
    """That operation has worked nothing out, or it is forgotten."""

    code = "PlanNotFound"
    hint = "Wait until it has succeeded, or ask for the plan again."


class EnvironmentExists(Conflict):
    """Something is there already; creating over it would destroy it."""

    code = "EnvironmentExists"
    hint = "Choose another name, or change or remove the environment that is there."


class EnvironmentProtected(Conflict):
    """The base environment, the one Jupyter runs in, or one that cannot be written."""

    code = "EnvironmentProtected"
    hint = "Clone it, and change the clone."


class EnvironmentBusy(Conflict):
    """Another program holds the lock of the environment."""

    code = "EnvironmentBusy"
    hint = "Wait until that has finished."


class EnvironmentBroken(Conflict):
    """Its records cannot be read, or it is none at all: nothing can be worked out about it."""

    code = "EnvironmentBroken"
    hint = "Remove the environment and make it again."


class EnvironmentUnreachable(CiManagerError):
    """The file system that an environment lies on does not answer."""

    code = "EnvironmentUnreachable"
    status = 503
    hint = "It is probably on a network share whose server is gone."


class NoEngine(Conflict):
    """Nothing is there that could create environments."""

    code = "NoEngine"
    hint = "Install Miniforge, or py-rattler where it has wheels for this machine."


class NotEnoughRoom(Conflict):
    """The disk cannot take what would be installed."""

    code = "NotEnoughRoom"
    hint = "Clean up the disk, or choose fewer packages."


class NoSolution(Conflict):
    """No set of packages satisfies all that was asked for; the message is the solver's."""

    code = "NoSolution"
    hint = "Ask for other versions, or for fewer at once: the message says what is in the way."


class PackagesNotFound(Conflict):
    """Packages that no channel has."""

    code = "PackagesNotFound"
    hint = "Check the spelling and the channels."


class ChannelUnreachable(Conflict):
    """A channel that does not answer, or refuses."""

    code = "ChannelUnreachable"
    hint = "Check the network, the proxy and the channel's address in .condarc."


class EngineFailed(Conflict):
    """What creates environments ended with an error that is none of the others."""

    code = "EngineFailed"
    hint = "The log of the operation has all that it said."


class PipFailed(Conflict):
    """pip ended with an error, after Conda had done its part."""

    code = "PipFailed"
    hint = "The log of the operation has all that pip said."


class KernelExists(Conflict):
    """A kernelspec of that name is there already; a second one would hide it."""

    code = "KernelExists"
    hint = "Choose another name, or remove the kernel that is there."


class KernelsUnreachable(CiManagerError):
    """The file system that kernelspecs lie on does not answer."""

    code = "KernelsUnreachable"
    status = 503
    hint = "Jupyter's folders are probably on a network share whose server is gone."


class KernelProtected(Conflict):
    """A kernelspec that cannot be changed or removed from here."""

    code = "KernelProtected"
    hint = "It belongs to everybody on this machine, or to the environment that Jupyter runs in."


class KernelFailed(Conflict):
    """A kernel that does not start or does not answer."""

    code = "KernelFailed"
    hint = "The log of the operation has what it wrote."
