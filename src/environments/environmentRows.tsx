/**
 * The environments as rows to walk with the arrow keys: Enter opens one, Delete asks to delete it.
 */
import { ellipsesIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React, { useRef, useState } from 'react';

import type { Environment, Operation } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { entryCommand } from '../disk/entryKeys';
import { environmentIcon } from '../icons';
import { isActive } from '../model/operations';
import { IconButton } from '../panel/buttons';
import { Glyph } from '../panel/glyph';
import { useModel } from '../panel/hooks';
import { openContextMenu } from '../panel/rowActions';
import { StateMark } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { operationStateLabel } from '../words';
import { environmentFacts, environmentTitle } from './words';

/** The rows. */
export function EnvironmentRows(props: {
  readonly environments: readonly Environment[];
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { environments, manager, commands } = props;
  const { operations } = manager;
  const trans = useTranslation();
  const items = useModel(operations.changed, () => operations.items);
  const list = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const active =
    environments.find(each => each.id === chosen) ?? environments[0];

  const open = (environment: string): void => {
    void commands.execute(CommandIDs.openEnvironment, { environment });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const row = target.closest<HTMLElement>('[data-environment]');
    const index = environments.findIndex(
      each => each.id === row?.dataset['environment']
    );
    const environment = environments[index];
    if (row === null || environment === undefined) {
      return;
    }
    const command = entryCommand(event, index, environments.length);
    if (command === null || (target !== row && command.kind === 'open')) {
      return;
    }
    switch (command.kind) {
      case 'move':
        list.current
          ?.querySelectorAll<HTMLElement>('[data-environment]')
          [command.to]?.focus();
        break;
      case 'open':
        open(environment.id);
        break;
      case 'remove':
        void commands.execute(CommandIDs.deleteEnvironment, {
          environment: environment.id
        });
        break;
      case 'in_row': {
        const stops = [row, ...row.querySelectorAll<HTMLElement>('button')];
        stops[stops.indexOf(target) + command.step]?.focus();
        break;
      }
      case 'up':
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={list}
      className="jp-ci-environment-rows"
      role="grid"
      aria-label={trans.__('Environments')}
      onKeyDown={onKeyDown}
    >
      {environments.map(each => (
        <EnvironmentRow
          key={each.id}
          environment={each}
          operation={items.find(({ id }) => id === each.operation_id) ?? null}
          isActive={each === active}
          onActivate={() => {
            setChosen(each.id);
          }}
          onOpen={() => {
            open(each.id);
          }}
        />
      ))}
    </div>
  );
}

function EnvironmentRow(props: {
  readonly environment: Environment;
  /** What works on it, or null. */
  readonly operation: Operation | null;
  /** Whether Tab stops at it. */
  readonly isActive: boolean;
  readonly onActivate: () => void;
  readonly onOpen: () => void;
}): React.JSX.Element {
  const { environment, operation, onActivate, onOpen } = props;
  const trans = useTranslation();
  const title = environmentTitle(environment);
  const working = operation !== null && isActive(operation);
  return (
    <div
      className="jp-ci-environment"
      role="row"
      aria-selected={props.isActive}
      tabIndex={props.isActive ? 0 : -1}
      data-environment={environment.id}
      title={environment.prefix}
      onFocus={event => {
        if (event.target === event.currentTarget) {
          onActivate();
        }
      }}
      onClick={onOpen}
    >
      {working ? (
        <StateMark kind="transition" />
      ) : environment.state === 'ok' ? (
        <Glyph icon={environmentIcon} className="jp-ci-state-mark" />
      ) : (
        <StateMark kind="failed" />
      )}
      <div className="jp-ci-lines" role="gridcell">
        <div className="jp-ci-name">
          <span className="jp-ci-clip">{title}</span>
          {environment.is_server && (
            <span
              className="jp-ci-badge"
              title={trans.__('This Jupyter server runs in it')}
            >
              {trans.__('Jupyter')}
            </span>
          )}
        </div>
        <div className="jp-ci-second">
          {working
            ? `${operationStateLabel(operation.state, trans)} · ${operation.message}`
            : environmentFacts(environment, trans)}
        </div>
      </div>
      <div role="gridcell">
        <IconButton
          icon={ellipsesIcon}
          label={trans.__('More actions for %1', title)}
          tabIndex={-1}
          hasMenu
          onClick={event => {
            openContextMenu(event.currentTarget);
          }}
        />
      </div>
    </div>
  );
}
