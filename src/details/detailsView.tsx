/**
 * The page about one instance: its head, and a card for each thing to know or to change of it.
 */
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import type { Instance, InstanceDetails, VmSize } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { openLogArgs } from '../logs/openArgs';
import { ScriptsCard } from '../logs/scriptsCard';
import { instanceRow } from '../model/listing';
import { mayDo } from '../model/permissions';
import { ownMachine } from '../model/workspace';
import { ActionButton, CopyButton } from '../panel/buttons';
import { useModel, useNow } from '../panel/hooks';
import { StaleBanner } from '../panel/notices';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { whyNot } from '../words';
import { AccessCard } from './accessCard';
import { ComputeCard } from './computeCard';
import { CostCard } from './costCard';
import type { DetailsDocument } from './detailsDocument';
import { DiskCard } from './diskCard';
import { Header } from './header';
import { HistoryCard } from './historyCard';
import { NetworkCard } from './networkCard';
import { PeopleCard } from './peopleCard';
import { SettingsCard } from './settingsCard';
import { TimesCard } from './timesCard';

/** Of JupyterLab's terminal extension. */
const NEW_TERMINAL = 'terminal:create-new';

interface IDetailsProps {
  readonly document: DetailsDocument;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  readonly onResize: (instance: Instance) => void;
  /** Describe a new instance that is like it. */
  readonly onLike: () => Promise<void>;
}

/** The page. */
export function DetailsView(props: IDetailsProps): React.JSX.Element {
  const { document: page } = props;
  const trans = useTranslation();
  useModel(page.changed, () => page.revision);
  const { state, instance } = page;
  switch (state.status) {
    case 'loading':
      return (
        <p role="status" className="jp-ci-late">
          {trans.__('Loading %1…', page.name)}
        </p>
      );
    case 'failed':
      return (
        <Problem error={explain(state.failure, trans)}>
          <ActionButton primary onClick={() => page.load()}>
            {trans.__('Retry')}
          </ActionButton>
        </Problem>
      );
    case 'known':
      return (
        <>
          {state.stale !== null && (
            <StaleBanner
              fetchedAt={new Date(state.value.fetched_at)}
              failure={state.stale}
              onRetry={() => page.load()}
            />
          )}
          <Facts
            {...props}
            details={state.value}
            instance={instance ?? state.value.instance}
          />
        </>
      );
  }
}

interface IFactsProps extends IDetailsProps {
  readonly details: InstanceDetails;
  readonly instance: Instance;
}

function Facts(props: IFactsProps): React.JSX.Element {
  const { document: page, manager, commands, details, instance } = props;
  const { name } = page;
  const trans = useTranslation();
  const now = useNow(instance.in_transition ? 1 : 30);
  const workspace = useModel(
    manager.workspace.changed,
    () => manager.workspace.state
  );
  // What is asked of it and done with it is in the row, too.
  useModel(manager.actions.changed, () => manager.actions.pending.get(name));
  useModel(manager.operations.changed, () => manager.operations.activeOn(name));
  const size = sizeOf(manager, details, instance);
  const row = instanceRow(
    manager,
    instance,
    size === null ? {} : { [instance.vm_size]: size }
  );
  const isOwn = ownMachine(workspace) === name;
  const isBusy = row.operation !== null || instance.in_transition;
  const busy = isBusy
    ? trans.__('Another operation on it is still running.')
    : null;
  const openLog = (): void => {
    void commands.execute(CommandIDs.openLog, openLogArgs(instance));
  };
  return (
    <>
      <Header
        row={row}
        details={details}
        workspace={workspace}
        now={now}
        onAction={action => {
          void commands.execute(CommandIDs[action], { name });
        }}
        onLog={openLog}
        onLike={
          details.spec !== null && commands.hasCommand(CommandIDs.createFull)
            ? () => props.onLike()
            : null
        }
        onTerminal={
          isOwn && commands.hasCommand(NEW_TERMINAL)
            ? () => {
                void commands.execute(NEW_TERMINAL);
              }
            : null
        }
      />
      <div className="jp-ci-cards">
        <div className="jp-ci-cards-column">
          <ComputeCard
            details={details}
            vmSize={instance.vm_size}
            size={size}
            whyNotResize={
              busy ??
              (instance.state === 'Stopped'
                ? whyNot(mayDo('create', workspace), trans)
                : trans.__(
                    'Stop it first: only a stopped instance is resized.'
                  ))
            }
            onResize={() => {
              props.onResize(instance);
            }}
          />
          <CostCard
            details={details}
            row={row}
            price={size?.price ?? null}
            now={now}
          />
          <TimesCard
            document={page}
            client={manager.client.specs}
            details={details}
            whyNot={busy}
            whyNotSchedules={whyNot(
              mayDo('update_schedules', workspace),
              trans
            )}
          />
          <ScriptsCard
            instance={instance}
            scripts={details.setup_scripts}
            client={manager.client}
            now={now}
            onLog={openLog}
          />
        </div>
        <div className="jp-ci-cards-column">
          <NetworkCard details={details} />
          <PeopleCard instance={instance} now={now} />
          {details.spec !== null && <SettingsCard spec={details.spec} />}
          <DiskCard
            disk={manager.disk}
            isOwn={isOwn}
            onUsage={() => {
              void commands.execute(CommandIDs.openDiskUsage);
            }}
          />
        </div>
      </div>
      <div className="jp-ci-cards-column">
        <HistoryCard
          instance={instance}
          operations={manager.operations}
          now={now}
          onDismiss={id => {
            void commands.execute(CommandIDs.clearActivity, { id });
          }}
          onShowLog={operation => {
            void commands.execute(CommandIDs.openLog, { operation });
          }}
        />
        <AccessCard access={details.access} />
      </div>
      <RawResource details={details} />
    </>
  );
}

/** What is known of its size; the list may know it where the details do not. */
function sizeOf(
  manager: ICiManager,
  details: InstanceDetails,
  instance: Instance
): VmSize | null {
  const { state } = manager.instances;
  const known = details.vm_size;
  return known?.name.toLowerCase() === instance.vm_size.toLowerCase()
    ? known
    : state.status === 'ready'
      ? (state.sizes[instance.vm_size] ?? null)
      : null;
}

function RawResource({
  details
}: {
  readonly details: InstanceDetails;
}): React.JSX.Element {
  const trans = useTranslation();
  const text = JSON.stringify(details.resource, null, 2);
  return (
    <details className="jp-ci-details">
      <summary>{trans.__('Raw JSON')}</summary>
      <CopyButton text={text} what={trans.__('Copy the resource as JSON')} />
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}
