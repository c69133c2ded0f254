import { describe, expect, it } from 'vitest';

import plugins from '../index';

describe('the extension', () => {
  it('files its settings under the id of the plugin that loads them', () => {
    expect(plugins[0]?.id).toBe('jupyter-ci-manager:plugin');
  });

  it('starts by itself and requires nothing but JupyterLab and its own model', () => {
    for (const plugin of plugins) {
      expect(plugin.autoStart).toBe(true);
      for (const token of plugin.requires ?? []) {
        expect(token.name).toBe('jupyter-ci-manager:ICiManager');
      }
    }
  });
});
