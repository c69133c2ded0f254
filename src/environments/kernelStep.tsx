/**
 * The fourth step of the wizard: the kernel that notebooks use the environment with.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { displayNameOf, kernelProblem, languageOf } from './draft';
import { KernelFields } from './kernelFields';
import type { Wizard } from './wizard';
import { problemText } from './words';

/** The step. */
export function KernelStep({
  wizard
}: {
  readonly wizard: Wizard;
}): React.JSX.Element {
  const { draft } = wizard;
  const trans = useTranslation();
  const problem = kernelProblem(draft);
  return (
    <>
      <label className="jp-ci-check">
        <input
          type="checkbox"
          checked={draft.withKernel}
          onChange={event => {
            wizard.choose({ withKernel: event.target.checked });
          }}
        />
        {trans.__('Add a kernel, so that notebooks can use the environment')}
      </label>
      {draft.withKernel && (
        <KernelFields
          choice={{
            displayName: draft.displayName,
            language: languageOf(draft),
            scope: draft.scope,
            variables: draft.variables
          }}
          proposedName={displayNameOf({ ...draft, displayName: '' })}
          problem={problem === null ? null : problemText(problem, trans)}
          onChange={change => {
            wizard.choose(change);
          }}
        />
      )}
    </>
  );
}
