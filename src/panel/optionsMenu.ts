/**
 * The ⋯ menu of the panel.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';

import { CommandIDs } from '../commands/ids';
import { SORT_KEYS } from './columns';

/** Of JupyterLab's settings editor. */
const OPEN_SETTINGS = 'settingeditor:open';

/**
 * Make the menu; commands that this application does not have are left out.
 */
export function createOptionsMenu(
  commands: CommandRegistry,
  trans: TranslationBundle
): Menu {
  const sort = new MenuSvg({ commands });
  sort.title.label = trans.__('Sort by');
  for (const key of SORT_KEYS) {
    sort.addItem({ command: CommandIDs.sort, args: { by: key } });
  }
  const menu = new MenuSvg({ commands });
  menu.addItem({ command: CommandIDs.showOnlyMine });
  menu.addItem({ type: 'submenu', submenu: sort });
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: CommandIDs.stopMine });
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: CommandIDs.switchWorkspace });
  if (commands.hasCommand(OPEN_SETTINGS)) {
    menu.addItem({
      command: OPEN_SETTINGS,
      // The editor searches the titles of the schemas, as it translates them.
      args: {
        query: trans._p('schema', 'Compute Instances'),
        label: trans.__('Compute Instances Settings…')
      }
    });
  }
  return menu;
}
