/**
 * The dialog "New compute instance": name, size, and what it costs.
 */
import React from 'react';

import { explain } from '../failure';
import { useModel } from '../panel/hooks';
import { CostNotes } from '../panel/notices';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import type { CreateForm } from './createForm';
import { NameField } from './nameField';
import { SizeField } from './sizeField';

/** The form. */
export function CreateView(props: {
  readonly form: CreateForm;
  readonly manager: ICiManager;
}): React.JSX.Element {
  const { form, manager } = props;
  const trans = useTranslation();
  const name = useModel(form.changed, () => form.name);
  const nameState = useModel(form.changed, () => form.nameState);
  const refusal = useModel(form.changed, () => form.refusal);
  const usesExisting = useModel(form.changed, () => form.usesExisting);
  return (
    <div className="jp-ci-create">
      <NameField
        name={name}
        state={nameState}
        refused={refusal?.field === 'name' ? refusal.failure : null}
        instances={manager.instances}
        onChange={value => {
          form.name = value;
        }}
      />
      {!usesExisting && <SizeField form={form} sizes={manager.sizes} />}
      {refusal?.field === 'form' && (
        <div role="alert">
          <Problem error={explain(refusal.failure, trans)} />
        </div>
      )}
      <CostNotes />
    </div>
  );
}
