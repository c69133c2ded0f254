import { SettingRegistry } from '@jupyterlab/settingregistry';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { describe, expect, it, vi } from 'vitest';

import schema from '../../../schema/plugin.json';
import { PLUGIN_ID } from '../../tokens';
import { DEFAULT_PREFERENCES, Preferences } from '../preferences';

/** The settings file on the server. */
class SettingsFile {
  raw = '{}';

  fetch(id: string): Promise<ISettingRegistry.IPlugin> {
    return Promise.resolve({
      id,
      raw: this.raw,
      schema: JSON.parse(JSON.stringify(schema)) as ISettingRegistry.ISchema,
      data: { composite: {}, user: {} },
      version: '1'
    });
  }

  save(_id: string, raw: string): Promise<void> {
    this.raw = raw;
    return Promise.resolve();
  }

  list(): Promise<{ ids: string[]; values: ISettingRegistry.IPlugin[] }> {
    return Promise.resolve({ ids: [], values: [] });
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }
}

async function connected(): Promise<{
  readonly preferences: Preferences;
  readonly file: SettingsFile;
}> {
  const file = new SettingsFile();
  const registry = new SettingRegistry({ connector: file });
  const preferences = new Preferences();
  preferences.connect(registry, await registry.load(PLUGIN_ID));
  return { preferences, file };
}

/** What the file says, as JupyterLab reads it. */
async function saved(file: SettingsFile): Promise<unknown> {
  const registry = new SettingRegistry({ connector: file });
  return (await registry.load(PLUGIN_ID)).user;
}

describe('preferences', () => {
  it('have the defaults of the schema', async () => {
    const { preferences } = await connected();
    const fresh: Record<string, unknown> = { ...preferences.values };
    delete fresh['workspace'];
    expect(fresh).toEqual(DEFAULT_PREFERENCES);
  });

  it('hold at once and are saved', async () => {
    const { preferences, file } = await connected();
    preferences.set('sort', '-cost');
    preferences.set('onlyMine', true);
    expect(preferences.values).toMatchObject({ sort: '-cost', onlyMine: true });
    await vi.waitFor(async () => {
      expect(await saved(file)).toEqual({ sort: '-cost', onlyMine: true });
    });
    expect(preferences.values).toMatchObject({ sort: '-cost', onlyMine: true });
  });

  it('do not flicker back while they are saved', async () => {
    const { preferences, file } = await connected();
    const seen: string[] = [];
    preferences.changed.connect(() => {
      seen.push(preferences.values.sort);
    });
    preferences.set('sort', '-cost');
    await vi.waitFor(() => {
      expect(file.raw).toContain('-cost');
    });
    expect(new Set(seen)).toEqual(new Set(['-cost']));
  });

  it('leave alone the workspace that the server has written meanwhile', async () => {
    const { preferences, file } = await connected();
    file.raw = '{"workspace": "/subscriptions/s"}';
    preferences.set('onlyMine', true);
    await vi.waitFor(async () => {
      expect(await saved(file)).toEqual({
        workspace: '/subscriptions/s',
        onlyMine: true
      });
    });
  });

  it('hold without a settings registry, too', () => {
    const preferences = new Preferences();
    preferences.set('sort', 'cost');
    expect(preferences.values.sort).toBe('cost');
  });
});
