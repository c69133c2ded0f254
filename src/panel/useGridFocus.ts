/**
 * Keeps the keyboard's focus on the active row of a list whose rows come and go.
 */
import { useCallback, useEffect, useRef } from 'react';
import type { RefObject } from 'react';

import type { Row } from '../model/rows';

/**
 * Follows whether the focus is in the list, and puts it on rows.
 *
 * @param active - Index of the active row.
 */
export function useGridFocus(
  grid: RefObject<HTMLElement>,
  rows: readonly Row[],
  active: number
): {
  readonly focusActive: () => void;
  readonly onFocus: () => void;
  readonly onBlur: (event: React.FocusEvent) => void;
} {
  const inside = useRef(false);
  const wanted = useRef(false);
  const name = rows[active]?.name;

  useEffect(() => {
    // The row with the focus may have been removed, which leaves the focus nowhere.
    const lost = inside.current && document.activeElement === document.body;
    if (name !== undefined && (wanted.current || lost)) {
      wanted.current = false;
      grid.current
        ?.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"]`)
        ?.focus({ preventScroll: true });
    }
  });

  return {
    focusActive: useCallback(() => {
      wanted.current = true;
    }, []),
    onFocus: useCallback(() => {
      inside.current = true;
    }, []),
    onBlur: useCallback(
      (event: React.FocusEvent) => {
        // A blur that comes of removing the row goes nowhere; one by the person goes elsewhere.
        if (
          event.target.isConnected &&
          !(grid.current?.contains(event.relatedTarget) ?? false)
        ) {
          inside.current = false;
        }
      },
      [grid]
    )
  };
}
