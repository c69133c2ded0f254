/**
 * The panel "Compute Instances": puts the views into JupyterLab's own side panel.
 */
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import {
  CommandToolbarButton,
  PanelWithToolbar,
  SidePanel
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableSet } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { AccordionPanel, SplitPanel } from '@lumino/widgets';
import type { Widget } from '@lumino/widgets';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { DiskSection } from '../disk/diskSection';
import { diskTitle } from '../disk/words';
import { EnvironmentsSection } from '../environments/environmentsSection';
import { instanceIcon } from '../icons';
import { Listing } from '../model/listing';
import { isActive } from '../model/operations';
import type { ICiManager } from '../tokens';
import { TRANSLATION_DOMAIN } from '../tokens';
import { ActivityView, isTold } from './activityView';
import { watchWhileVisible } from './attention';
import { followContentHeight } from './contentHeight';
import { CountBadge } from './countBadge';
import { HeaderView } from './headerView';
import { InstancesView } from './instancesView';
import { PANEL_ID } from './panelId';
import { fillToolbar } from './panelToolbar';
import { viewWidget } from './viewWidget';

/**
 * How instances and activity share the height that the disk leaves them: most of it is for the
 * instances.
 */
const INSTANCES_SHARE = 3 / 4;

/** Shares of the height that differ by less were given by nobody. */
const EVEN = 0.02;

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
    watchWhileVisible(this, () =>
      DisposableSet.from([
        manager.watch(),
        manager.disk.watch(),
        manager.environments.watch(),
        manager.kernels.watch()
      ])
    );

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
    fillToolbar(this.toolbar, commands, this._listing, this._bundle);
    this.addWidget(this._instancesSection());
    this._diskSection = this._makeDiskSection();
    this.addWidget(this._diskSection);
    this._environmentsSection = this._makeEnvironmentsSection();
    this.addWidget(this._environmentsSection);
    this.addWidget(this._activitySection());
    // Folded until someone opens it, or the layout of the page says that it was open.
    const { content } = this;
    if (content instanceof AccordionPanel) {
      content.collapse(content.widgets.indexOf(this._environmentsSection));
    }
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._listing.dispose();
    super.dispose();
  }

  /** Bring the section about the disk into view, and give it the focus. */
  revealDisk(): void {
    this._reveal(this._diskSection, 'button');
  }

  /** Bring the section about environments and kernels into view, and give it the focus. */
  revealEnvironments(): void {
    this._reveal(this._environmentsSection, '[tabindex="0"], button');
  }

  private _reveal(section: Widget, focusable: string): void {
    const { content } = this;
    if (content instanceof AccordionPanel) {
      content.expand(content.widgets.indexOf(section));
    }
    section.node.scrollIntoView({ block: 'nearest' });
    section.node.querySelector<HTMLElement>(focusable)?.focus();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._shareHeight();
  }

  /** Done once it has been laid out: before, there is no height to share. */
  private _shareHeight(): void {
    const { content } = this;
    if (!this._hasSharedHeight && content instanceof SplitPanel) {
      this._hasSharedHeight = true;
      requestAnimationFrame(() => {
        const [instances = 0, disk = 0, environments = 0, activity = 0] =
          content.relativeSizes();
        // Otherwise JupyterLab has restored how the person had shared it.
        if (Math.abs(instances - activity) < EVEN) {
          const rest = instances + activity;
          content.setRelativeSizes([
            rest * INSTANCES_SHARE,
            disk,
            environments,
            rest * (1 - INSTANCES_SHARE)
          ]);
        }
      });
    }
  }

  private _instancesSection(): Widget {
    const listing = this._listing;
    const { instances } = this._manager;
    const section = this._section(
      this._bundle.__('Instances'),
      <InstancesView
        manager={this._manager}
        listing={listing}
        commands={this._commands}
      />
    );
    const read = (): string => {
      const { total, rows } = listing;
      if (instances.state.status !== 'ready') {
        return '';
      }
      return rows.length === total
        ? String(total)
        : this._bundle.__('%1 of %2', rows.length, total);
    };
    section.toolbar.addItem(
      'count',
      this._draw(<CountBadge changed={listing.changed} read={read} />)
    );
    return section;
  }

  private _makeDiskSection(): PanelWithToolbar {
    const { disk } = this._manager;
    const section = this._section(
      diskTitle(null, this._bundle),
      <DiskSection disk={disk} commands={this._commands} />
    );
    section.addClass('jp-ci-disk-section');
    const [content] = section.widgets;
    if (content !== undefined) {
      const following = followContentHeight(section, content);
      section.disposed.connect(() => {
        following.dispose();
      });
    }
    const name = (): void => {
      const { state } = disk;
      const status = state.status === 'known' ? state.value : null;
      section.title.label = diskTitle(status, this._bundle);
    };
    disk.changed.connect(name);
    section.disposed.connect(() => {
      disk.changed.disconnect(name);
    });
    return section;
  }

  private _makeEnvironmentsSection(): PanelWithToolbar {
    const { environments } = this._manager;
    const commands = this._commands;
    const section = this._section(
      this._bundle.__('Environments & kernels'),
      <EnvironmentsSection manager={this._manager} commands={commands} />
    );
    section.addClass('jp-ci-environments-section');
    const read = (): string => {
      const { state } = environments;
      return state.status === 'known' ? String(state.value.items.length) : '';
    };
    section.toolbar.addItem(
      'count',
      this._draw(<CountBadge changed={environments.changed} read={read} />)
    );
    section.toolbar.addItem(
      'create',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.createEnvironment,
        args: { toolbar: true },
        label: ''
      })
    );
    return section;
  }

  private _activitySection(): Widget {
    const { operations } = this._manager;
    const commands = this._commands;
    const section = this._section(
      this._bundle.__('Activity'),
      <ActivityView
        operations={operations}
        onDismiss={id => {
          void commands.execute(CommandIDs.clearActivity, { id });
        }}
        onShowLog={operation => {
          void commands.execute(CommandIDs.openLog, { operation });
        }}
      />
    );
    const read = (): string => {
      const active = operations.items.filter(
        each => isActive(each) && isTold(each)
      ).length;
      return active === 0 ? '' : String(active);
    };
    section.toolbar.addItem(
      'count',
      this._draw(<CountBadge changed={operations.changed} read={read} />)
    );
    section.toolbar.addItem(
      'clear',
      new CommandToolbarButton({
        commands,
        id: CommandIDs.clearActivity,
        label: ''
      })
    );
    return section;
  }

  private _section(label: string, view: React.JSX.Element): PanelWithToolbar {
    const section = new PanelWithToolbar();
    section.addClass('jp-ci-section');
    section.title.label = label;
    section.addWidget(this._draw(view));
    return section;
  }

  private _draw(view: React.JSX.Element): Widget {
    return viewWidget(view, this._bundle);
  }

  private readonly _bundle: TranslationBundle;
  private readonly _commands: CommandRegistry;
  private readonly _diskSection: PanelWithToolbar;
  private readonly _environmentsSection: PanelWithToolbar;
  private _hasSharedHeight = false;
  private readonly _listing: Listing;
  private readonly _manager: ICiManager;
}
