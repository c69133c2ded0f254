"""JupyterLab, or Notebook, in a browser tab, as a person uses it; knows nothing of the panel."""

from __future__ import annotations

import re
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from scripts.lab import JupyterLab

Theme = Literal["light", "dark"]

_THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


class LabPage:
    """A page with JupyterLab open, what its console complained about, and what it asked for."""

    def __init__(self, page: Page, lab: JupyterLab) -> None:
        self.page = page
        self.lab = lab
        self.console_errors: list[str] = []
        self.requests: list[Request] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.console_errors.append(error.stack or str(error)))
        page.on("request", self._count)

    def open(self) -> None:
        """Open JupyterLab with an empty workspace and wait until it can be used."""
        self.page.goto(f"{self.lab.base_url}lab?reset&token={self.lab.token}")
        self.wait_until_ready()

    def open_notebook(self, path: str = "tree") -> None:
        """Open a page of Notebook and wait until it can be used."""
        self.page.goto(f"{self.lab.base_url}{path}?token={self.lab.token}")
        self._wait_until_restored()

    def reload(self) -> None:
        """Reload the tab; the layout is restored, as for a person."""
        self.page.reload()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until plugins are active and the layout is restored."""
        self._wait_until_restored()
        expect(self.page.locator(".jp-Launcher").first).to_be_visible()

    def _wait_until_restored(self) -> None:
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=60_000)
        self.page.wait_for_function("() => window.jupyterapp !== undefined", timeout=60_000)
        self.page.evaluate("() => window.jupyterapp.restored")

    def close_connection_errors(self) -> None:
        """Close JupyterLab's own dialog about a server that is gone whenever it is in the way."""
        dialog = self.page.get_by_role("dialog").filter(has_text="Server Connection Error")
        self.page.add_locator_handler(dialog, lambda _: self.page.keyboard.press("Escape"))

    def forget(self) -> None:
        """Forget what the console complained about and what was asked for so far."""
        self.console_errors.clear()
        self.requests.clear()

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

    def delete_file(self, path: str) -> None:
        """Delete a file as the file browser does, which moves it to the trash."""
        self.page.evaluate("path => window.jupyterapp.serviceManager.contents.delete(path)", path)

    def is_toggled(self, command: str, **arguments: Any) -> bool:
        """Whether a command has its check mark."""
        return bool(
            self.page.evaluate(
                "([id, args]) => window.jupyterapp.commands.isToggled(id, args)",
                [command, arguments],
            )
        )

    def use_theme(self, theme: Theme) -> None:
        """Switch between JupyterLab's light and dark theme."""
        self.execute("apputils:change-theme", theme=_THEMES[theme])
        expect(self.page.locator("body")).to_have_attribute(
            "data-jp-theme-light", str(theme == "light").lower()
        )

    def set_sidebar_width(self, pixels: int) -> None:
        """Drag the edge of the open left sidebar until its content is that wide, if it is not."""
        content = self.page.locator("#jp-left-stack")
        handle = self.page.locator("#jp-main-split-panel > .lm-SplitPanel-handle").first
        box, edge = content.bounding_box(), handle.bounding_box()
        assert box is not None, "the left sidebar is closed"
        assert edge is not None, "the left sidebar has no edge to drag"
        if round(box["width"]) == pixels:
            return
        x, y = edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + pixels - box["width"], y, steps=5)
        self.page.mouse.up()

    @property
    def questions(self) -> int:
        """How often the tab has asked our server anything."""
        return sum("/ci-manager/" in request.url for request in self.requests)

    def let_time_pass(self, seconds: float) -> None:
        """Wait by the page's own clock: that nothing happens takes time to see."""
        self.page.wait_for_function(
            "([began, duration]) => performance.now() - began > duration",
            arg=[self.page.evaluate("() => performance.now()"), seconds * 1000],
        )

    def main_area_tab(self, name: str) -> Locator:
        """What the tab of that name in the main area shows."""
        return self.page.get_by_role("tabpanel", name=name, exact=True)

    def close_main_area(self) -> None:
        """Close every tab of the main area but the launcher."""
        tabs = self.page.locator("#jp-main-dock-panel .lm-TabBar-tab:not([data-id^=launcher])")
        while tabs.count() > 0:
            tabs.first.locator(".lm-TabBar-tabCloseIcon").click()

    def dialog(self, title: str | re.Pattern[str]) -> Locator:
        """The dialog of that title."""
        return self.page.get_by_role("dialog").filter(
            has=self.page.locator(".jp-Dialog-header", has_text=title)
        )

    def menu(self) -> Locator:
        """The menu that was opened last."""
        return self.page.locator(".lm-Menu").last

    def menu_item(self, label: str) -> Locator:
        """An item of the menu that was opened last."""
        return (
            self.menu().get_by_role("menuitem").filter(has=self.page.get_by_text(label, exact=True))
        )

    def notification(self, text: str | re.Pattern[str]) -> Locator:
        """The notifications on screen that say so."""
        return self.page.locator(".Toastify").get_by_role("alert").filter(has_text=text)

    def dismiss_notifications(self) -> None:
        """Dismiss all notifications, as the bell's list does."""
        self.execute("apputils:dismiss-notification")

    def _count(self, request: Request) -> None:
        self.requests.append(request)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(f"{message.text} ({message.location['url']})")
