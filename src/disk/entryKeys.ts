/**
 * What keys do in the table of a folder: pure, so that it can be tried without a page.
 */
import type { IKey } from '../panel/gridKeys';

/** What a key asks for. */
export type EntryCommand =
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'up' }
  | { readonly kind: 'remove' }
  | { readonly kind: 'in_row'; readonly step: 1 | -1 };

const PAGE_ROWS = 10;

/**
 * What a key asks for, or null when the table has no use for it.
 *
 * @param index - The active row.
 */
export function entryCommand(
  { key, altKey, ctrlKey, metaKey, shiftKey }: IKey,
  index: number,
  count: number
): EntryCommand | null {
  if (ctrlKey || metaKey || shiftKey) {
    return null;
  }
  if (altKey) {
    return key === 'ArrowUp' ? { kind: 'up' } : null;
  }
  const move = (to: number): EntryCommand => ({
    kind: 'move',
    to: Math.min(Math.max(0, to), count - 1)
  });
  switch (key) {
    case 'ArrowDown':
      return move(index + 1);
    case 'ArrowUp':
      return move(index - 1);
    case 'PageDown':
      return move(index + PAGE_ROWS);
    case 'PageUp':
      return move(index - PAGE_ROWS);
    case 'Home':
      return move(0);
    case 'End':
      return move(count - 1);
    case 'Enter':
      return { kind: 'open' };
    case 'Backspace':
      return { kind: 'up' };
    case 'Delete':
      return { kind: 'remove' };
    case 'ArrowRight':
      return { kind: 'in_row', step: 1 };
    case 'ArrowLeft':
      return { kind: 'in_row', step: -1 };
    default:
      return null;
  }
}
