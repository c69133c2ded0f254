"""Accessibility of what is on the screen, judged by axe-core; knows nothing of the panel."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

# JupyterLab's body clips what lies outside it, and is itself empty, as everything is positioned
# absolutely: without a height axe takes all texts for invisible and judges no contrast.
VISIBLE_BODY = "body { height: 100vh }"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def accessibility_violations(page: Page, selector: str) -> list[str]:
    """What axe-core finds wrong inside `selector`: rule, explanation and element, one a line."""
    if not page.evaluate("() => 'axe' in window"):
        page.add_style_tag(content=VISIBLE_BODY)
        page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async ([selector, tags]) => {
            const { violations } = await window.axe.run(selector, {
                runOnly: { type: 'tag', values: tags }
            });
            return violations.flatMap(({ id, nodes }) =>
                nodes.map(node => {
                    const failed = [...node.any, ...node.all, ...node.none];
                    return `${id}: ${failed.map(check => check.message)}: ${node.html}`;
                })
            );
        }""",
        [selector, RULES],
    )
    return [str(each) for each in found]
