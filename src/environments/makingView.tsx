/**
 * The end of the wizard: the environment while it is made, and what to do with it then.
 */
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { prefixOf } from './draft';
import { canOpenNotebook, openNotebook } from './openNotebook';
import { stepOfCode } from './refusals';
import { ChangeButton } from './reviewStep';
import type { Wizard } from './wizard';
import { ForgottenWork, WorkView } from './workView';

interface IMakingProps {
  readonly wizard: Wizard;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
  /** Close the page. */
  readonly onDone: () => void;
}

/** The work, and its end. */
export function MakingView(props: IMakingProps): React.JSX.Element {
  const { wizard, manager, commands } = props;
  const { operations } = manager;
  const trans = useTranslation();
  const operation = useModel(operations.changed, () => wizard.operation);
  if (operation === null) {
    return (
      <ForgottenWork
        manager={manager}
        where={trans.__('The list of environments shows what is there.')}
      >
        <ChangeButton wizard={wizard} step="review" />
      </ForgottenWork>
    );
  }
  return (
    <WorkView operation={operation} manager={manager} commands={commands}>
      {operation.state === 'succeeded' ? (
        <Ready {...props} />
      ) : (
        <>
          <ChangeButton
            wizard={wizard}
            step={stepOfCode(operation.error?.code ?? '') ?? 'review'}
          />
          <ActionButton onClick={props.onDone}>
            {trans.__('Close')}
          </ActionButton>
        </>
      )}
    </WorkView>
  );
}

function Ready(props: IMakingProps): React.JSX.Element {
  const { wizard, manager, commands, onDone } = props;
  const { environments, kernels } = manager;
  const trans = useTranslation();
  useModel(environments.changed, () => environments.state);
  useModel(kernels.changed, () => kernels.state);
  const prefix = prefixOf(wizard.draft, wizard.list);
  const [kernel] = prefix === null ? [] : kernels.ofPrefix(prefix);
  const made = wizard.list?.items.find(each => each.prefix === prefix);
  return (
    <>
      {kernel !== undefined && canOpenNotebook(commands) && (
        <ActionButton
          primary
          onClick={async () => {
            await openNotebook(commands, kernel.name);
          }}
        >
          {trans.__('Open a notebook with it')}
        </ActionButton>
      )}
      {made !== undefined && (
        <ActionButton
          onClick={async () => {
            await commands.execute(CommandIDs.openEnvironment, {
              environment: made.id
            });
            onDone();
          }}
        >
          {trans.__('Manage it')}
        </ActionButton>
      )}
      <ActionButton onClick={onDone}>{trans.__('Done')}</ActionButton>
    </>
  );
}
