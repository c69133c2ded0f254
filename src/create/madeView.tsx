/**
 * The end of the form: the instance while it is made, and what to do with it then.
 */
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { ForgottenWork, WorkView } from '../environments/workView';
import { openLogArgs } from '../logs/openArgs';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import { stateMeaning } from '../words';
import { useSpec } from './specContext';

/** The work, and its end. */
export function MadeView(props: {
  readonly onDone: () => void;
}): React.JSX.Element {
  const { form, manager, commands } = useSpec();
  const trans = useTranslation();
  const operation = useModel(manager.operations.changed, () => form.operation);
  const back = (
    <ActionButton
      onClick={() => {
        form.again();
      }}
    >
      {trans.__('Back to the form')}
    </ActionButton>
  );
  return (
    <section className="jp-ci-wizard-step">
      <h2 tabIndex={-1}>{trans.__('Create %1', form.draft.name)}</h2>
      {operation === null ? (
        <ForgottenWork
          manager={manager}
          where={trans.__('The list of instances shows what is there.')}
        >
          {back}
          <LogButton />
        </ForgottenWork>
      ) : (
        <WorkView operation={operation} manager={manager} commands={commands}>
          {operation.state === 'succeeded' ? (
            <Buttons {...props} />
          ) : (
            <>
              {back}
              <LogButton />
            </>
          )}
        </WorkView>
      )}
      <State />
    </section>
  );
}

function Buttons(props: { readonly onDone: () => void }): React.JSX.Element {
  const { form, commands } = useSpec();
  const trans = useTranslation();
  const { name } = form.draft;
  return (
    <>
      <ActionButton
        primary
        onClick={async () => {
          await commands.execute(CommandIDs.openDetails, { name });
          props.onDone();
        }}
      >
        {trans.__('Show its page')}
      </ActionButton>
      <LogButton />
      <ActionButton
        onClick={() => {
          form.again({ name: '' });
        }}
      >
        {trans.__('Create another like it')}
      </ActionButton>
      <ActionButton onClick={props.onDone}>{trans.__('Done')}</ActionButton>
    </>
  );
}

/** The way to what its setup scripts said, where there are any. */
function LogButton(): React.JSX.Element | null {
  const { form, manager, commands } = useSpec();
  const trans = useTranslation();
  const { name } = form.draft;
  const instance = useModel(manager.instances.changed, () =>
    manager.instances.find(name)
  );
  if (instance === null || form.spec.setup_scripts === null) {
    return null;
  }
  return (
    <ActionButton
      onClick={async () => {
        await commands.execute(CommandIDs.openLog, openLogArgs(instance));
      }}
    >
      {trans.__('Show the log')}
    </ActionButton>
  );
}

/** In which state the instance is, also after its operation has ended. */
function State(): React.JSX.Element | null {
  const { form, manager } = useSpec();
  const trans = useTranslation();
  const instance = useModel(manager.instances.changed, () =>
    manager.instances.find(form.draft.name)
  );
  return instance === null ? null : (
    <p role="status">
      <strong>{instance.state}</strong> {stateMeaning(instance.state, trans)}
    </p>
  );
}
