import { describe, expect, it } from 'vitest';

import plugin from '../index';

describe('the extension', () => {
  it('is activated under the id that its settings schema is filed under', () => {
    expect(plugin.id).toBe('jupyter-ci-manager:plugin');
    expect(plugin.autoStart).toBe(true);
  });
});
