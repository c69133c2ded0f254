/**
 * The section ENVIRONMENTS & KERNELS: the environments of this machine, and the kernels that belong
 * to none of them.
 */
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import type { EnvironmentList, Kernel } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { EngineNote } from './engineNote';
import { EnvironmentRows } from './environmentRows';
import { KernelList } from './kernelsCard';

interface ISectionProps {
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
}

const NO_KERNELS: readonly Kernel[] = [];

/** The section. */
export function EnvironmentsSection(props: ISectionProps): React.JSX.Element {
  const { environments } = props.manager;
  const trans = useTranslation();
  const state = useModel(environments.changed, () => environments.state);
  return (
    <div className="jp-ci-environments">
      {state.status === 'loading' && (
        <p role="status" className="jp-ci-late jp-ci-hint">
          {trans.__('Looking for environments…')}
        </p>
      )}
      <EngineNote environments={environments} />
      {state.status === 'known' && (
        <>
          {state.stale !== null && (
            <p className="jp-ci-hint" role="status">
              {trans.__('Not newer: %1', explain(state.stale, trans).message)}
            </p>
          )}
          {state.value.problems.map(problem => (
            <p key={problem} className="jp-ci-hint" role="status">
              {problem}
            </p>
          ))}
          <Environments {...props} list={state.value} />
          <OtherKernels {...props} list={state.value} />
        </>
      )}
    </div>
  );
}

function Environments(
  props: ISectionProps & { readonly list: EnvironmentList }
): React.JSX.Element {
  const { manager, commands, list } = props;
  const trans = useTranslation();
  // Those that anybody has without having made one.
  const isBare = list.items.every(each => each.is_base || each.is_server);
  return (
    <>
      {list.items.length > 0 && (
        <EnvironmentRows
          environments={list.items}
          manager={manager}
          commands={commands}
        />
      )}
      {isBare && (
        <div className="jp-ci-notice">
          <strong>{trans.__('No environments of your own yet')}</strong>
          <p>
            {trans.__(
              'An environment holds the packages of one project, apart from all others. Its kernel lets notebooks use them.'
            )}
          </p>
          {list.engine.engine !== null && (
            <ActionButton
              primary
              onClick={() => {
                void commands.execute(CommandIDs.createEnvironment);
              }}
            >
              {trans.__('New environment…')}
            </ActionButton>
          )}
        </div>
      )}
    </>
  );
}

/** Kernels of no environment that is listed, the stale ones first. */
function OtherKernels(
  props: ISectionProps & { readonly list: EnvironmentList }
): React.JSX.Element {
  const { manager, commands, list } = props;
  const { kernels } = manager;
  const trans = useTranslation();
  const state = useModel(kernels.changed, () => kernels.state);
  const all = state.status === 'known' ? state.value : NO_KERNELS;
  const prefixes = new Set(list.items.map(each => each.prefix));
  const others = all.filter(
    each => each.prefix === null || !prefixes.has(each.prefix)
  );
  const stale = others.filter(each => each.state === 'stale');
  const removable = stale.filter(each => each.removable);
  const sound = others.filter(each => each.state !== 'stale');
  return (
    <>
      {state.status === 'failed' && (
        <p className="jp-ci-hint" role="status">
          {trans.__(
            'The kernels could not be read: %1',
            explain(state.failure, trans).message
          )}
        </p>
      )}
      {others.length > 0 && (
        <>
          <h3 className="jp-ci-subtitle">{trans.__('Other kernels')}</h3>
          <KernelList
            kernels={[...stale, ...sound]}
            manager={manager}
            commands={commands}
          />
        </>
      )}
      {removable.length > 1 && (
        <div className="jp-ci-buttons">
          <ActionButton
            onClick={() => {
              void commands.execute(CommandIDs.removeStaleKernels);
            }}
          >
            {trans.__('Remove %1 kernels that cannot start…', removable.length)}
          </ActionButton>
        </div>
      )}
    </>
  );
}
