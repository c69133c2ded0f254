"""A local stand-in for the Azure endpoints, as a program and as a library.

It speaks the wire of Azure Resource Manager and imports nothing of the rest of the package;
nothing imports it at run time but ``jupyter ci emulator``.
"""

from .app import Emulator, EmulatorThread
from .clock import Clock, ManualClock, ScaledClock
from .faults import Fault

__all__ = ["Clock", "Emulator", "EmulatorThread", "Fault", "ManualClock", "ScaledClock"]
