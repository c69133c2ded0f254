/**
 * Keeps a section of the panel exactly as high as what is in it; knows nothing of what that is.
 */
import { DisposableDelegate } from '@lumino/disposable';
import type { IDisposable } from '@lumino/disposable';
import type { Widget } from '@lumino/widgets';

/** The other sections need the rest; beyond it this one scrolls. */
const LARGEST_SHARE = 0.5;

/**
 * Follow the height of a section's content until the result is disposed.
 *
 * #### Notes
 * JupyterLab's split layout obeys the smallest and largest height that an element's style says.
 */
export function followContentHeight(
  section: Widget,
  content: Widget
): IDisposable {
  let observed: Widget | null = null;
  const update = (): void => {
    const { parent } = section;
    if (parent === null) {
      return;
    }
    // Once only: observing anew calls back anew.
    if (observed !== parent) {
      observed = parent;
      observer.observe(parent.node);
    }
    const { offsetHeight: height } = content.node;
    const room = parent.node.clientHeight;
    // Collapsed or hidden it has none, and keeps what it had.
    if (height === 0 || room === 0) {
      return;
    }
    const limit = `${Math.min(height, Math.floor(room * LARGEST_SHARE))}px`;
    const { style } = section.node;
    if (style.minHeight !== limit) {
      style.minHeight = limit;
      style.maxHeight = limit;
      parent.fit();
    }
  };
  const observer = new ResizeObserver(update);
  observer.observe(content.node);
  return new DisposableDelegate(() => {
    observer.disconnect();
  });
}
