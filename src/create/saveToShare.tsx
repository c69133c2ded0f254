/**
 * Saves an inline script to the notebook share, where it is taken from then on.
 */
import React, { useId, useState } from 'react';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import { TextField } from '../environments/field';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { Phase } from './draft';
import { useSpec } from './specContext';

/** The path, the button, and what came of it. */
export function SaveToShare(props: {
  readonly phase: Phase;
}): React.JSX.Element {
  const { phase } = props;
  const { form, manager } = useSpec();
  const trans = useTranslation();
  const id = useId();
  const script = form.draft.scripts[phase];
  const { state } = manager.workspace;
  const person =
    (state.status === 'known' ? state.value.identity?.name : null) ?? '';
  const alias = person.split('@', 1)[0] ?? '';
  const [path, setPath] = useState(
    script.path ||
      (/^[\w.-]+$/.test(alias)
        ? `Users/${alias}/${phase}.sh`
        : `Users/${phase}.sh`)
  );
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  const exists =
    failure?.kind === 'refused' && failure.error.code === 'ScriptExists';
  const save = async (overwrite: boolean): Promise<void> => {
    setFailure(null);
    try {
      const saved = await manager.client.saveScript(path.trim(), {
        text: script.text,
        overwrite
      });
      form.chooseScript(phase, {
        source: 'workspaceStorage',
        path: saved.path
      });
    } catch (reason) {
      setFailure(RequestError.failureOf(reason));
    }
  };
  return (
    <details className="jp-ci-fold">
      <summary>{trans.__('Save it to the notebook share instead')}</summary>
      <TextField
        id={id}
        label={trans.__('Path in the notebook share')}
        value={path}
        hint={trans.__(
          'Others with access to the workspace can read it there. Its name ends in .sh.'
        )}
        onChange={value => {
          setPath(value);
          setFailure(null);
        }}
      />
      {failure !== null && (
        <div role="alert">
          <Problem error={explain(failure, trans)}>
            {exists && (
              <ActionButton onClick={() => save(true)}>
                {trans.__('Overwrite it')}
              </ActionButton>
            )}
          </Problem>
        </div>
      )}
      <ActionButton
        whyNot={path.trim() === '' ? trans.__('It needs a path.') : null}
        onClick={() => save(false)}
      >
        {trans.__('Save to the share')}
      </ActionButton>
    </details>
  );
}
