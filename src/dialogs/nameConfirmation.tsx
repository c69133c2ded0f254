/**
 * The end of a dialog that deletes: the name to type, and why the server refused.
 */
import React from 'react';

import { explain } from '../failure';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { DeleteForm } from './deleteForm';

/** The field, and the refusal below it. */
export function NameConfirmation({
  form
}: {
  readonly form: DeleteForm;
}): React.JSX.Element {
  const trans = useTranslation();
  const typed = useModel(form.changed, () => form.typed);
  const failure = useModel(form.changed, () => form.failure);
  return (
    <>
      <label className="jp-ci-field">
        <span>{trans.__('Type “%1” to confirm', form.name)}</span>
        <input
          type="text"
          className="jp-mod-styled"
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={event => {
            form.typed = event.target.value;
          }}
        />
      </label>
      {failure !== null && (
        <div role="alert">
          <Problem
            title={trans.__('It could not be deleted')}
            error={explain(failure, trans)}
          />
        </div>
      )}
    </>
  );
}
