import { DisposableDelegate } from '@lumino/disposable';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Attention } from '../attention';

/** How many watches are held. */
function watched(): { readonly attention: Attention; held: () => number } {
  let held = 0;
  const attention = new Attention(() => {
    held += 1;
    return new DisposableDelegate(() => {
      held -= 1;
    });
  });
  return { attention, held: () => held };
}

function hidePage(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('attention', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('is one watch while the view is visible', () => {
    const { attention, held } = watched();
    expect(held()).toBe(0);
    attention.visible = true;
    attention.visible = true;
    expect(held()).toBe(1);
    attention.visible = false;
    expect(held()).toBe(0);
  });

  it('goes while the browser tab is hidden, and comes back with it', () => {
    const { attention, held } = watched();
    attention.visible = true;
    hidePage(true);
    expect(held()).toBe(0);
    hidePage(false);
    expect(held()).toBe(1);
    attention.dispose();
  });

  it('does not come for a view that is closed, whatever the browser tab does', () => {
    const { attention, held } = watched();
    hidePage(true);
    hidePage(false);
    expect(held()).toBe(0);
    attention.visible = true;
    attention.dispose();
    hidePage(false);
    expect(held()).toBe(0);
  });
});
