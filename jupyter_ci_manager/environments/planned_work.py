"""What a solution comes to: what it needs on which disk, and the plan that a person reads."""

from __future__ import annotations

from pathlib import Path

from ..models import EnvironmentPlan
from .condarc import can_hold
from .engine import Solution
from .pace import estimated_seconds
from .room import Need, Planned, available_bytes, shortage
from .work_folder import WorkRequest


def need_of(request: WorkRequest, solution: Solution) -> Need:
    """How much room it needs, and where. It asks the disks."""
    packages = [
        Planned(**{name: getattr(each, name) for name in each.__struct_fields__})
        for each in solution.packages
    ]
    prefix = Path(request.wanted.prefix)
    if request.engine.name == "rattler":
        cache = Path(request.cache)
    else:
        # Conda takes the first that it can write, which mostly lies beside its environments.
        cache = next(filter(can_hold, map(Path, request.package_caches)), prefix)
    return Need.of(packages, cache=cache, prefix=prefix)


def plan_of(request: WorkRequest, solution: Solution, paces: Path) -> EnvironmentPlan:
    """The plan. It asks the disks; ``paces`` is the file with what earlier work took."""
    need = need_of(request, solution)
    reason = shortage(need)
    known = all(each.download_bytes is not None for each in solution.packages)
    coming = [each for each in solution.packages if each.action != "remove"]
    seconds = estimated_seconds(
        paces,
        request.engine.name,
        packages=len(coming),
        download_bytes=need.download_bytes if known else None,
    )
    scripts = [each.name for each in solution.packages if each.link_script]
    warnings = [*request.warnings, *solution.warnings]
    if scripts:
        warnings.append(f"Scripts of {', '.join(scripts)} are not run while it is linked.")
    return EnvironmentPlan(
        operation_id=request.operation_id,
        prefix=request.wanted.prefix,
        engine=request.engine,
        packages=solution.packages,
        pip=request.pip,
        download_bytes=need.download_bytes if known else None,
        install_bytes=need.cache_bytes + need.prefix_bytes,
        available_bytes=available_bytes(Path(request.wanted.prefix)),
        fits=reason is None,
        reason=reason,
        warnings=warnings,
        # How long pip takes to download and build is anybody's guess.
        seconds=None if request.pip else seconds,
    )
