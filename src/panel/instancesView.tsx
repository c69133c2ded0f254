/**
 * The section INSTANCES: decides which of its faces to show; draws none of them itself.
 */
import type { CommandRegistry } from '@lumino/commands';
import React, { useCallback } from 'react';

import type { Instance, PowerAction } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { openLogArgs } from '../logs/openArgs';
import { explain } from '../failure';
import type { Listing } from '../model/listing';
import type { ICiManager } from '../tokens';
import { ActionButton } from './buttons';
import { useModel } from './hooks';
import { InstanceGrid } from './instanceGrid';
import { LiveRegion } from './liveRegion';
import { NoInstances, NoMatches, StaleBanner } from './notices';
import { Problem } from './problem';
import { Skeleton } from './skeleton';
import { useTranslation } from './translation';
import { WorkspaceNotice } from './workspaceNotice';

/**
 * What the section is about.
 */
export interface IInstancesViewProps {
  readonly manager: ICiManager;
  readonly listing: Listing;
  readonly commands: CommandRegistry;
}

/** The list of instances, or what stands in its place. */
export function InstancesView(props: IInstancesViewProps): React.JSX.Element {
  const { manager } = props;
  return (
    <div className="jp-ci-instances">
      <Notice {...props} />
      <List {...props} />
      <LiveRegion transitions={manager.instances.transitions} />
    </div>
  );
}

/** What is wrong, above the list or in its place. */
function Notice({ manager, commands }: IInstancesViewProps): React.JSX.Element {
  const trans = useTranslation();
  const workspace = useModel(
    manager.workspace.changed,
    () => manager.workspace.state
  );
  const list = useModel(
    manager.instances.changed,
    () => manager.instances.state
  );
  const retry = useCallback(() => manager.refresh(), [manager]);

  if (workspace.status === 'loading') {
    return <></>;
  }
  if (workspace.status === 'failed') {
    return (
      <Problem error={explain(workspace.failure, trans)}>
        <ActionButton primary onClick={retry}>
          {trans.__('Retry')}
        </ActionButton>
      </Problem>
    );
  }
  if (workspace.value.state !== 'ready') {
    return (
      <WorkspaceNotice
        status={workspace.value}
        workspace={manager.workspace}
        onRetry={retry}
        onTerminal={
          commands.hasCommand(NEW_TERMINAL)
            ? () => {
                void commands.execute(NEW_TERMINAL);
              }
            : null
        }
      />
    );
  }
  if (list.status === 'failed') {
    return (
      <Problem
        title={trans.__('The instances could not be listed')}
        error={explain(list.failure, trans)}
      >
        <ActionButton primary onClick={retry}>
          {trans.__('Retry')}
        </ActionButton>
      </Problem>
    );
  }
  if (list.status === 'ready' && list.stale !== null) {
    return (
      <StaleBanner
        fetchedAt={list.fetchedAt}
        failure={list.stale}
        onRetry={retry}
      />
    );
  }
  return <></>;
}

/** Of JupyterLab's terminals. */
const NEW_TERMINAL = 'terminal:create-new';

function List(props: IInstancesViewProps): React.JSX.Element {
  const { manager, listing, commands } = props;
  const { preferences } = manager;
  const workspace = useModel(
    manager.workspace.changed,
    () => manager.workspace.state
  );
  const { status } = useModel(
    manager.instances.changed,
    () => manager.instances.state
  );
  const rows = useModel(listing.changed, () => listing.rows);
  const sort = useModel(preferences.changed, () => preferences.values.sort);

  // Of one identity, so that rows in sight are not drawn anew while others scroll in.
  const act = useCallback(
    (name: string, action: PowerAction) => {
      void commands.execute(CommandIDs[action], { name });
    },
    [commands]
  );

  const showLog = useCallback(
    (instance: Instance) => {
      void commands.execute(CommandIDs.openLog, openLogArgs(instance));
    },
    [commands]
  );

  if (status === 'loading') {
    const waiting = workspace.status === 'loading' || manager.workspace.isReady;
    return waiting ? <Skeleton /> : <></>;
  }
  if (status === 'failed') {
    return <></>;
  }
  if (listing.total === 0) {
    return (
      <NoInstances
        onCreate={() => {
          void commands.execute(CommandIDs.create);
        }}
      />
    );
  }
  if (rows.length === 0) {
    return (
      <NoMatches
        total={listing.total}
        onClear={() => {
          preferences.set('onlyMine', false);
          listing.query = '';
        }}
      />
    );
  }
  return (
    <InstanceGrid
      rows={rows}
      selection={manager.selection}
      workspace={workspace}
      sort={sort}
      onSort={value => {
        preferences.set('sort', value);
      }}
      onAction={act}
      onLog={showLog}
      onOpen={name => {
        void commands.execute(CommandIDs.openDetails, { name });
      }}
    />
  );
}
