/**
 * The kernels of an environment, with a way to another one.
 */
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import type { Environment, Kernel } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { isActive } from '../model/operations';
import { ActionButton } from '../panel/buttons';
import { useModel, useNow } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { KernelItem } from './kernelItem';
import { canOpenNotebook, openNotebook } from './openNotebook';

/** The card. */
export function KernelsCard(props: {
  readonly environment: Environment;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { environment, manager, commands } = props;
  const { kernels } = manager;
  const trans = useTranslation();
  const state = useModel(kernels.changed, () => kernels.state);
  const own = kernels.ofPrefix(environment.prefix);
  const [first] = own;
  return (
    <section className="jp-ci-card">
      <h3>{trans.__('Kernels')}</h3>
      {state.status === 'failed' && (
        <p className="jp-ci-hint" role="status">
          {explain(state.failure, trans).message}
        </p>
      )}
      {state.status === 'known' &&
        (own.length === 0 ? (
          <p className="jp-ci-hint">
            {trans.__(
              'No notebook can use it yet: add a kernel, which activates it and shows in the launcher.'
            )}
          </p>
        ) : (
          <KernelList kernels={own} manager={manager} commands={commands} />
        ))}
      <div className="jp-ci-buttons">
        {first !== undefined && canOpenNotebook(commands) && (
          <ActionButton
            primary
            onClick={async () => {
              await openNotebook(commands, first.name);
            }}
          >
            {trans.__('New notebook')}
          </ActionButton>
        )}
        <ActionButton
          primary={first === undefined}
          whyNot={
            environment.state === 'ok' ? null : trans.__('It is not whole.')
          }
          onClick={() => {
            void commands.execute(CommandIDs.registerKernel, {
              environment: environment.id
            });
          }}
        >
          {trans.__('Add a kernel…')}
        </ActionButton>
      </div>
    </section>
  );
}

/** Kernels, each with what is known of it. */
export function KernelList(props: {
  readonly kernels: readonly Kernel[];
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { kernels, manager, commands } = props;
  const { operations } = manager;
  const trans = useTranslation();
  const items = useModel(operations.changed, () => operations.items);
  const now = useNow(30);
  return (
    <ul className="jp-ci-kernels" aria-label={trans.__('Kernels')}>
      {kernels.map(kernel => (
        <KernelItem
          key={kernel.name}
          kernel={kernel}
          checking={
            items.find(
              each =>
                each.kind === 'kernel.check' &&
                each.target === kernel.name &&
                isActive(each)
            ) ?? null
          }
          now={now}
          commands={commands}
        />
      ))}
    </ul>
  );
}
