/**
 * Trying a setup script on the machine of the Jupyter server, and how it went.
 */
import React from 'react';

import { WorkView } from '../environments/workView';
import { explain } from '../failure';
import { isActive } from '../model/operations';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ScriptTrial } from './scriptTrial';
import { useSpec } from './specContext';

/** The button, and the newest try. */
export function DryRun(props: {
  readonly trial: ScriptTrial;
}): React.JSX.Element {
  const { trial } = props;
  const { form, manager, commands } = useSpec();
  const trans = useTranslation();
  const operation = useModel(manager.operations.changed, () => trial.operation);
  const isRunning = operation !== null && isActive(operation);
  return (
    <div className="jp-ci-dry-run">
      <ActionButton
        whyNot={
          isRunning
            ? trans.__('It is running.')
            : trial.text === null || trial.text.trim() === ''
              ? trans.__('There is no script to try.')
              : null
        }
        onClick={() => trial.dryRun(form.draft.name)}
      >
        {trans.__('Try it here')}
      </ActionButton>
      <p className="jp-ci-hint">
        {trans.__(
          'It really runs, as you, in an empty folder on the machine of this Jupyter server, with the variables that Azure sets. What it changes outside of that folder stays changed.'
        )}
      </p>
      {trial.refusal !== null && (
        <div role="alert">
          <Problem error={explain(trial.refusal, trans)} />
        </div>
      )}
      {operation !== null && (
        <WorkView
          key={operation.id}
          operation={operation}
          manager={manager}
          commands={commands}
          withLogOpen
        >
          <ActionButton
            onClick={() => {
              trial.forgetTry();
            }}
          >
            {trans.__('Put away')}
          </ActionButton>
        </WorkView>
      )}
    </div>
  );
}
