/**
 * Gives a dialog its title as accessible name: JupyterLab does so only for bodies that are text.
 */
import type { Dialog } from '@jupyterlab/apputils';

/** The dialog, named by its title. */
export function titled<T extends Dialog<unknown>>(dialog: T, title: string): T {
  dialog.node.setAttribute('aria-label', title);
  return dialog;
}
