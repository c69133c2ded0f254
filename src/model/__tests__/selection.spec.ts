import { describe, expect, it } from 'vitest';

import { Selection } from '../selection';

describe('the selection', () => {
  it('forgets what has gone from the list', () => {
    const selection = new Selection();
    selection.select(['a', 'b']);
    selection.retain(new Set(['b']));
    expect([...selection.names]).toEqual(['b']);
  });

  it('keeps what was just created until a list has it, and not for longer', () => {
    const selection = new Selection();
    selection.selectNew('new');
    selection.retain(new Set(['a']));
    expect([...selection.names]).toEqual(['new']);
    selection.retain(new Set(['a', 'new']));
    selection.retain(new Set(['a']));
    expect([...selection.names]).toEqual([]);
  });
});
