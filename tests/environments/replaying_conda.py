"""A ``conda`` that answers as a real one was recorded to: the same bytes, in the same order and
rhythm, with the same exit code, whatever it is called by, if it is called as expected.

It is run as a program of its own and imports nothing of the project. Beside it lies ``script.json``
with what it is to answer, call by call; what it was called with goes to ``calls.ndjson``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

MISCALLED = 99
HERE = Path(sys.argv[0]).resolve().parent
PATIENCE_SECONDS = 30.0


def main() -> None:
    if sys.argv[1:] == ["--version"]:
        print("conda 26.7.1")
        return
    calls = HERE / "calls.ndjson"
    number = len(calls.read_text().splitlines()) if calls.exists() else 0
    with calls.open("a") as file:
        call = {
            "arguments": sys.argv[1:],
            "terminal": os.isatty(1),
            "asks": os.isatty(0),
            "variables": sorted(os.environ),
        }
        file.write(json.dumps(call) + "\n")
    script = json.loads((HERE / "script.json").read_text())
    if number >= len(script):
        sys.exit(f"called {number + 1} times: {sys.argv[1:]}")
    step = script[number]
    expected = step["arguments"]
    if expected is not None and sorted(sys.argv[1:]) != sorted(expected):
        print(f"called with {sys.argv[1:]}, recorded with {expected}", file=sys.stderr)
        sys.exit(MISCALLED)
    Replay(step).run()


class Replay:
    def __init__(self, step: dict[str, Any]) -> None:
        self.step = step
        self.folder = Path(step["folder"])
        self.speed = step["speed"]
        self.interrupted = False
        self.prefix = Path(step["prefix"]) if step["prefix"] else None

    def run(self) -> None:
        signal.signal(signal.SIGINT, self.interrupt)
        timing = json.loads((self.folder / "timing.json").read_text())
        signals = timing.get("signal") or []
        # "sig:SIGINT@4": what was sent to it, and after how many seconds.
        sent = signals[0].removeprefix("sig:").split("@") if signals else None
        if self.step["begins_like"]:
            self.play(Path(self.step["begins_like"]), until=self.step["begins_until"])
        for partial in self.step["leaves_in_cache"]:
            path = Path(partial)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"half")
        if sent:
            if self.step["makes_prefix"]:
                self.make_prefix()
            self.play(self.folder, until=float(sent[1]))
            self.signalled(sent[0], float(sent[1]))
        else:
            self.play(self.folder, before_the_answer=self.step["makes_prefix"])
        if self.step["ends_with"] == "environment":
            self.finish_prefix()
        elif self.step["ends_with"] == "nothing" and self.prefix is not None:
            shutil.rmtree(self.prefix, ignore_errors=True)
        elif self.step["ends_with"] == "changed":
            self.change_prefix()
        sys.stdout.flush()
        # 37c-… ended before all that it had written was read.
        os._exit(int((self.folder / "rc.txt").read_text()) & 0xFF)

    def signalled(self, name: str, at: float) -> None:
        if name == "SIGKILL":
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "SIGINT":
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not self.interrupted:
                if time.monotonic() > deadline:
                    sys.exit("nobody has interrupted it")
                time.sleep(0.005)
        self.play(self.folder, since=at)

    def interrupt(self, number: int, frame: object) -> None:
        self.interrupted = True

    def play(
        self,
        folder: Path,
        since: float = 0.0,
        until: float | None = None,
        *,
        before_the_answer: bool = False,
    ) -> None:
        began = time.monotonic()
        timed = chunks(folder)
        for number, (at, stream, data) in enumerate(timed, 1):
            if before_the_answer and number == len(timed):
                self.make_prefix()
            if until is not None and at >= until:
                return
            if at < since:
                continue
            wait = (at - since) * self.speed - (time.monotonic() - began)
            if wait > 0:
                time.sleep(wait)
            write(stream, data)

    def make_prefix(self) -> None:
        assert self.prefix is not None
        (self.prefix / "conda-meta").mkdir(parents=True, exist_ok=True)
        (self.prefix / "bin").mkdir(exist_ok=True)
        # Linking takes a while.
        time.sleep(self.step["linking_seconds"])

    def finish_prefix(self) -> None:
        """What conda leaves: the history, and a record of each package that it has linked."""
        if self.prefix is None:
            return
        if self.step["contents"]:
            shutil.copytree(self.step["contents"], self.prefix, symlinks=True, dirs_exist_ok=True)
        meta = self.prefix / "conda-meta"
        meta.mkdir(parents=True, exist_ok=True)
        (meta / "history").write_text("==> 2026-11-23 09:05:11 <==\n")
        self.change_prefix()

    def change_prefix(self) -> None:
        assert self.prefix is not None
        meta = self.prefix / "conda-meta"
        answer = (self.folder / "stdout.bin").read_bytes().rpartition(b"\0")[2].strip()
        document = json.loads(answer) if answer.startswith(b"{") else {}
        actions = document.get("actions", {})
        for package in actions.get("UNLINK", []):
            (meta / f"{package['dist_name']}.json").unlink()
        for package in actions.get("LINK", []):
            name, version = package["name"], package["version"]
            record = {"name": name, "version": version, "build": package["build_string"]}
            place = f"{package['base_url']}/{package['platform']}"
            record["url"] = f"{place}/{package['dist_name']}.tar.bz2"
            (meta / f"{package['dist_name']}.json").write_text(json.dumps(record))


def write(stream: int, data: bytes) -> None:
    while data:
        data = data[os.write(stream, data) :]


def chunks(folder: Path) -> list[tuple[float, int, bytes]]:
    """When which bytes were written to which stream.

    Paths and names of the machine were replaced in the recordings, so the sizes of pieces are not
    quite those of the bytes: what is left comes with the last piece, and of the longest recording
    only the first 300 pieces were timed: the others come evenly until the end.
    """
    timing = json.loads((folder / "timing.json").read_text())
    left = {1: (folder / "stdout.bin").read_bytes(), 2: (folder / "stderr.txt").read_bytes()}
    timed: list[tuple[float, int, bytes]] = []
    last = 0.0
    for chunk in timing["chunks"]:
        stream = 2 if len(chunk) == 3 and chunk[1] == "err" else 1
        data, left[stream] = left[stream][: chunk[-1]], left[stream][chunk[-1] :]
        last = float(chunk[0])
        timed.append((last, stream, data))
    rest = left[1].split(b"\0")
    if len(rest) > 2:
        pieces = [piece + b"\0" for piece in rest[:-1]]
        step = (timing["wall_s"] - last) * 0.5 / len(pieces)
        timed += [(last + step * number, 1, piece) for number, piece in enumerate(pieces, 1)]
        left[1] = rest[-1]
    timed += [(timing["wall_s"], stream, data) for stream, data in left.items() if data]
    return timed


if __name__ == "__main__":
    main()
