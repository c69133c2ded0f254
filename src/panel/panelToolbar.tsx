/**
 * The toolbar of the panel: new, refresh, filter, and the ⋯ menu.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import {
  addIcon,
  addToolbarButtonClass,
  CommandToolbarButton,
  ellipsesIcon,
  ReactWidget,
  ToolbarButtonComponent
} from '@jupyterlab/ui-components';
import type { Toolbar } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Menu } from '@lumino/widgets';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import type { Listing } from '../model/listing';
import { ListFilter } from './filterBox';
import { createOptionsMenu } from './optionsMenu';
import { viewWidget } from './viewWidget';

/** Put the items into the toolbar. */
export function fillToolbar(
  toolbar: Toolbar,
  commands: CommandRegistry,
  listing: Listing,
  trans: TranslationBundle
): void {
  toolbar.addItem(
    'create',
    new CommandToolbarButton({
      commands,
      id: CommandIDs.create,
      icon: addIcon,
      label: trans.__('New')
    })
  );
  toolbar.addItem(
    'refresh',
    new CommandToolbarButton({ commands, id: CommandIDs.refresh, label: '' })
  );
  const filter = viewWidget(<ListFilter listing={listing} />, trans);
  filter.addClass('jp-ci-filter-item');
  toolbar.addItem('filter', filter);
  toolbar.addItem('options', optionsButton(commands, trans));
}

function optionsButton(
  commands: CommandRegistry,
  trans: TranslationBundle
): ReactWidget {
  let menu: Menu | null = null;
  // Not `ToolbarButton`, which says of every button that it is not pressed.
  const button = ReactWidget.create(
    <ToolbarButtonComponent
      icon={ellipsesIcon}
      tooltip={trans.__('Only mine, sort and more')}
      onClick={() => {
        // Made now, because other plugins may have added their commands since.
        menu?.dispose();
        menu = createOptionsMenu(commands, trans);
        const box = button.node.getBoundingClientRect();
        menu.open(box.left, box.bottom);
      }}
    />
  );
  button.disposed.connect(() => {
    menu?.dispose();
  });
  return addToolbarButtonClass(button);
}
