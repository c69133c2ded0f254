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
  autoRefresh: true
};

/**
 * Typed access to the settings of the plugin.
 *
 * #### Notes
 * The registry validates against the schema, so what it gives is of the declared type.
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
    this._become({ ...this._values, [key]: value });
    this._settings?.set(key, value).catch((reason: unknown) => {
      console.error(`The setting “${key}” could not be saved.`, reason);
    });
  }

  /** Take the values from the registry from now on. */
  connect(settings: ISettingRegistry.ISettings): void {
    this._settings = settings;
    settings.changed.connect(this._read, this);
    this._read();
  }

  private _read(): void {
    if (this._settings !== null) {
      const composite = this._settings.composite as Partial<IPreferenceValues>;
      this._become({ ...DEFAULT_PREFERENCES, ...composite });
    }
  }

  private _become(values: IPreferenceValues): void {
    this._values = values;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _settings: ISettingRegistry.ISettings | null = null;
  private _values: IPreferenceValues = DEFAULT_PREFERENCES;
}
