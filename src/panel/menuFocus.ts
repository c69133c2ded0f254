/**
 * Where the focus goes when a menu closes; Lumino's menus leave it nowhere.
 */
import type { Menu } from '@lumino/widgets';

/**
 * Give the focus back to what had it inside `node` when the menu was opened from there.
 */
export function returnFocusOnClose(menu: Menu, node: HTMLElement): void {
  let opener: Element | null = null;
  node.addEventListener(
    'contextmenu',
    () => {
      opener = document.activeElement;
    },
    true
  );
  menu.aboutToClose.connect(() => {
    const target = opener;
    opener = null;
    // The menu is still on the page, and what it was closed for may take the focus itself.
    requestAnimationFrame(() => {
      if (
        document.activeElement === document.body &&
        target instanceof HTMLElement &&
        node.contains(target)
      ) {
        target.focus({ preventScroll: true });
      }
    });
  });
}
