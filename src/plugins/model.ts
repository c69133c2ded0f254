/**
 * Provides the model, and connects it to the settings.
 */
import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import { CiManager } from '../model/manager';
import { ICiManager, PLUGIN_ID } from '../tokens';

/**
 * The model of the server's compute instances.
 */
export const modelPlugin: JupyterFrontEndPlugin<ICiManager> = {
  id: PLUGIN_ID,
  description:
    'Provides the Azure compute instances of the server’s workspace.',
  autoStart: true,
  provides: ICiManager,
  optional: [ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    registry: ISettingRegistry | null
  ): ICiManager => {
    const { serviceManager } = app;
    const manager = new CiManager({
      serverSettings: serviceManager.serverSettings,
      services: serviceManager
    });
    if (registry !== null) {
      registry.load(PLUGIN_ID).then(
        settings => {
          manager.preferences.connect(registry, settings);
        },
        (reason: unknown) => {
          console.error(
            'The settings of Compute Instances are missing.',
            reason
          );
        }
      );
    }
    return manager;
  }
};
