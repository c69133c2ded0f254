/**
 * The plugins of the extension: what JupyterLab activates; knows the application, holds no state.
 */
import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { commandsPlugin } from './plugins/commands';
import { createPlugin } from './plugins/create';
import { diskMeterPlugin } from './plugins/disk';
import { environmentsPlugin } from './plugins/environments';
import { modelPlugin } from './plugins/model';
import { notificationsPlugin } from './plugins/notifications';
import { launcherPlugin, panelPlugin } from './plugins/panel';
import { runningPlugin } from './plugins/running';
import type { ICiManager } from './tokens';

export * from './tokens';

const plugins: (
  JupyterFrontEndPlugin<void> | JupyterFrontEndPlugin<ICiManager>
)[] = [
  modelPlugin,
  commandsPlugin,
  panelPlugin,
  launcherPlugin,
  createPlugin,
  runningPlugin,
  diskMeterPlugin,
  environmentsPlugin,
  notificationsPlugin
];

export default plugins;
