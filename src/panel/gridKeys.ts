/**
 * What keys do in the list: pure, so that it can be tried without a page.
 */

/**
 * What a key asks for.
 *
 * - `move`: make another row the active one; with `extend`, select all rows up to it.
 * - `toggle`: select or deselect the active row.
 */
export type GridCommand =
  | {
      readonly kind: 'move';
      readonly to: number;
      readonly extend: boolean;
    }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'select_all' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'menu' }
  | { readonly kind: 'into_row' }
  | { readonly kind: 'out_of_row' };

/**
 * A key as events describe it.
 */
export interface IKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * What a key asks for, or null when the list has no use for it.
 *
 * @param index - The active row.
 * @param pageRows - How many rows are in sight.
 */
export function gridCommand(
  event: IKey,
  index: number,
  count: number,
  pageRows: number
): GridCommand | null {
  const accel = event.ctrlKey || event.metaKey;
  if (event.altKey || (accel && event.key !== 'a')) {
    return null;
  }
  const target = targetOf(event.key, index, count, pageRows);
  if (target !== null) {
    return {
      kind: 'move',
      to: Math.min(Math.max(0, target), count - 1),
      extend: event.shiftKey
    };
  }
  switch (event.key) {
    case ' ':
      return { kind: 'toggle' };
    case 'a':
      return accel ? { kind: 'select_all' } : null;
    case 'Escape':
      return { kind: 'clear' };
    case 'ContextMenu':
      return { kind: 'menu' };
    case 'F10':
      return event.shiftKey ? { kind: 'menu' } : null;
    case 'ArrowRight':
      return { kind: 'into_row' };
    case 'ArrowLeft':
      return { kind: 'out_of_row' };
    default:
      return null;
  }
}

function targetOf(
  key: string,
  index: number,
  count: number,
  pageRows: number
): number | null {
  switch (key) {
    case 'ArrowDown':
      return index + 1;
    case 'ArrowUp':
      return index - 1;
    case 'PageDown':
      return index + Math.max(1, pageRows - 1);
    case 'PageUp':
      return index - Math.max(1, pageRows - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
