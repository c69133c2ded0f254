/**
 * The panel "Compute Instances": puts the views into JupyterLab's own side panel.
 */
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import {
  addIcon,
  addToolbarButtonClass,
  CommandToolbarButton,
  ellipsesIcon,
  PanelWithToolbar,
  ReactWidget,
  SidePanel,
  ToolbarButtonComponent
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import { SplitPanel } from '@lumino/widgets';
import type { Menu, Widget } from '@lumino/widgets';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { instanceIcon } from '../icons';
import { Listing } from '../model/listing';
import { isActive } from '../model/operations';
import type { ICiManager } from '../tokens';
import { TRANSLATION_DOMAIN } from '../tokens';
import { ActivityView } from './activityView';
import { Attention } from './attention';
import { CountBadge } from './countBadge';
import { ListFilter } from './filterBox';
import { HeaderView } from './headerView';
import { InstancesView } from './instancesView';
import { createOptionsMenu } from './optionsMenu';
import { PANEL_ID } from './panelId';
import { TranslationProvider } from './translation';

/** How the sections share the height: most of it is for the instances. */
const SECTION_SIZES = [3, 1];

/**
 * What the panel is made from.
 */
export interface IPanelOptions {
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  readonly translator: ITranslator;
}

/**
 * The panel. It keeps the models current while it is visible.
 */
export class ComputeInstancesPanel extends SidePanel {
  constructor(options: IPanelOptions) {
    super({ translator: options.translator });
    const { manager, commands } = options;
    this._manager = manager;
    this._commands = commands;
    this._bundle = options.translator.load(TRANSLATION_DOMAIN);
    this._listing = new Listing(manager);
    this._attention = new Attention(() => manager.watch());

    this.id = PANEL_ID;
    this.addClass('jp-ci-panel');
    this.title.icon = instanceIcon;
    this.title.caption = this._bundle.__('Compute Instances');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', this._bundle.__('Compute Instances'));

    this.header.addWidget(
      this._draw(
        <HeaderView
          workspace={manager.workspace}
          onSwitch={() => {
            void commands.execute(CommandIDs.switchWorkspace);
          }}
        />
      )
    );
    this._fillToolbar();
    this.addWidget(this._instancesSection());
    this.addWidget(this._activitySection());
    if (this.content instanceof SplitPanel) {
      this.content.setRelativeSizes(SECTION_SIZES);
    }
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._attention.dispose();
    this._listing.dispose();
    this._menu?.dispose();
    super.dispose();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._attention.visible = true;
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._attention.visible = this.isVisible;
  }

  protected override onAfterHide(msg: Message): void {
    this._attention.visible = false;
    super.onAfterHide(msg);
  }

  protected override onBeforeDetach(msg: Message): void {
    this._attention.visible = false;
    super.onBeforeDetach(msg);
  }

  private _fillToolbar(): void {
    const { toolbar } = this;
    const commands = this._commands;
    toolbar.addItem(
      'create',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.create,
        icon: addIcon,
        label: this._bundle.__('New')
      })
    );
    toolbar.addItem(
      'refresh',
      new CommandToolbarButton({ commands, id: CommandIDs.refresh, label: '' })
    );
    const filter = this._draw(<ListFilter listing={this._listing} />);
    filter.addClass('jp-ci-filter-item');
    toolbar.addItem('filter', filter);
    // Not `ToolbarButton`, which says of every button that it is not pressed.
    const options = addToolbarButtonClass(
      ReactWidget.create(
        <ToolbarButtonComponent
          icon={ellipsesIcon}
          tooltip={this._bundle.__('Only mine, sort and more')}
          onClick={() => {
            this._openOptions(options);
          }}
        />
      )
    );
    toolbar.addItem('options', options);
  }

  private _openOptions(button: Widget): void {
    // Made now, because other plugins may have added their commands since.
    this._menu?.dispose();
    this._menu = createOptionsMenu(this._commands, this._bundle);
    const box = button.node.getBoundingClientRect();
    this._menu.open(box.left, box.bottom);
  }

  private _instancesSection(): Widget {
    const listing = this._listing;
    const section = new PanelWithToolbar();
    section.addClass('jp-ci-section');
    section.title.label = this._bundle.__('Instances');
    section.toolbar.addItem(
      'count',
      this._draw(
        <CountBadge
          changed={listing.changed}
          read={() =>
            this._manager.instances.state.status !== 'ready'
              ? ''
              : listing.rows.length === listing.total
                ? String(listing.total)
                : this._bundle.__(
                    '%1 of %2',
                    listing.rows.length,
                    listing.total
                  )
          }
        />
      )
    );
    section.addWidget(
      this._draw(
        <InstancesView
          manager={this._manager}
          listing={listing}
          commands={this._commands}
        />
      )
    );
    return section;
  }

  private _activitySection(): Widget {
    const { operations } = this._manager;
    const section = new PanelWithToolbar();
    section.addClass('jp-ci-section');
    section.title.label = this._bundle.__('Activity');
    section.toolbar.addItem(
      'count',
      this._draw(
        <CountBadge
          changed={operations.changed}
          read={() => {
            const active = operations.items.filter(isActive).length;
            return active === 0 ? '' : String(active);
          }}
        />
      )
    );
    section.toolbar.addItem(
      'clear',
      new CommandToolbarButton({
        commands: this._commands,
        id: CommandIDs.clearActivity,
        label: ''
      })
    );
    section.addWidget(
      this._draw(
        <ActivityView
          operations={operations}
          onDismiss={id => {
            void this._commands.execute(CommandIDs.clearActivity, { id });
          }}
        />
      )
    );
    return section;
  }

  /** A widget of a view, with the translator around it. */
  private _draw(view: React.JSX.Element): Widget {
    return ReactWidget.create(
      <TranslationProvider trans={this._bundle}>{view}</TranslationProvider>
    );
  }

  private readonly _attention: Attention;
  private readonly _bundle: TranslationBundle;
  private readonly _commands: CommandRegistry;
  private readonly _listing: Listing;
  private readonly _manager: ICiManager;
  private _menu: Menu | null = null;
}
