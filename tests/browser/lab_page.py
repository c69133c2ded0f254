"""JupyterLab in a browser tab, as a person uses it; knows nothing of the panel."""

from __future__ import annotations

from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, Page, expect

from scripts.lab import JupyterLab

Theme = Literal["light", "dark"]

_THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


class LabPage:
    """A page with JupyterLab open, and what its console complained about so far."""

    def __init__(self, page: Page, lab: JupyterLab) -> None:
        self.page = page
        self.lab = lab
        self.console_errors: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def open(self) -> None:
        """Open JupyterLab with an empty workspace and wait until it can be used."""
        self.page.goto(f"{self.lab.base_url}lab?reset&token={self.lab.token}")
        self.wait_until_ready()

    def reload(self) -> None:
        """Reload the tab; the layout is restored, as for a person."""
        self.page.reload()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until plugins are active and the layout is restored."""
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=60_000)
        self.page.evaluate("() => window.jupyterapp.restored")
        expect(self.page.locator(".jp-Launcher").first).to_be_visible()

    def has_plugin(self, plugin: str) -> bool:
        """Whether JupyterLab has activated the plugin of that id."""
        return bool(self.page.evaluate("id => window.jupyterapp.isPluginActivated(id)", plugin))

    def execute(self, command: str, **arguments: Any) -> None:
        """Run a command of the command palette by its id, and wait for it."""
        self.page.evaluate(
            """async ([command, arguments_]) => {
                await window.jupyterapp.commands.execute(command, arguments_);
            }""",
            [command, arguments],
        )

    def use_theme(self, theme: Theme) -> None:
        """Switch between JupyterLab's light and dark theme."""
        self.execute("apputils:change-theme", theme=_THEMES[theme])
        expect(self.page.locator("body")).to_have_attribute(
            "data-jp-theme-light", str(theme == "light").lower()
        )

    def set_sidebar_width(self, pixels: int) -> None:
        """Drag the edge of the open left sidebar until its content is that wide."""
        content = self.page.locator("#jp-left-stack")
        handle = self.page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first
        box, edge = content.bounding_box(), handle.bounding_box()
        assert box is not None, "the left sidebar is closed"
        assert edge is not None, "the left sidebar has no edge to drag"
        x, y = edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + pixels - box["width"], y, steps=5)
        self.page.mouse.up()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(f"{message.text} ({message.location['url']})")
