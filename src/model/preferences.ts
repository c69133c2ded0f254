/**
 * The person's choices, kept by the settings registry where there is one; no DOM.
 */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { IPreferences, IPreferenceValues } from '../tokens';

/** The defaults of `schema/plugin.json`, for where the registry is missing. */
export const DEFAULT_PREFERENCES: IPreferenceValues = {
  onlyMine: false,
  sort: 'name',
  lastVmSize: '',
  notifications: 'all',
  autoRefresh: true,
  diskMeter: true,
  logWrap: false,
  logTimes: false
};

/**
 * Typed access to the settings of the plugin.
 */
export class Preferences implements IPreferences {
  get values(): IPreferenceValues {
    return this._values;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  set<K extends keyof IPreferenceValues>(
    key: K,
    value: IPreferenceValues[K]
  ): void {
    if (this._values[key] === value) {
      return;
    }
    this._unsaved.set(key, value);
    this._read();
    this._saves = this._saves.then(() => this._save(key));
  }

  /** Take the values from the registry from now on. */
  connect(
    registry: ISettingRegistry,
    settings: ISettingRegistry.ISettings
  ): void {
    this._registry = registry;
    this._settings = settings;
    settings.changed.connect(this._read, this);
    this._read();
  }

  /**
   * Write one value to the settings.
   *
   * #### Notes
   * The registry writes all of the plugin's settings, from what it has read last; the server writes
   * the chosen workspace among them, and other tabs write, too. So they are read anew first.
   */
  private async _save(key: keyof IPreferenceValues): Promise<void> {
    const registry = this._registry;
    const settings = this._settings;
    const value = this._unsaved.get(key);
    if (registry === null || settings === null || value === undefined) {
      return;
    }
    try {
      await registry.reload(settings.id);
      await settings.set(key, value);
    } catch (reason) {
      console.error(`The setting “${key}” could not be saved.`, reason);
      return;
    }
    if (this._unsaved.get(key) === value) {
      this._unsaved.delete(key);
    }
  }

  private _read(): void {
    // The registry validates against the schema, so what it gives is of the declared type.
    const composite: Partial<IPreferenceValues> =
      this._settings?.composite ?? {};
    this._values = {
      ...DEFAULT_PREFERENCES,
      ...composite,
      ...Object.fromEntries(this._unsaved)
    };
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _registry: ISettingRegistry | null = null;
  private _saves = Promise.resolve();
  private _settings: ISettingRegistry.ISettings | null = null;
  /** What was set here and is not in the settings yet, or cannot be. */
  private readonly _unsaved = new Map<
    keyof IPreferenceValues,
    IPreferenceValues[keyof IPreferenceValues]
  >();
  private _values: IPreferenceValues = DEFAULT_PREFERENCES;
}
