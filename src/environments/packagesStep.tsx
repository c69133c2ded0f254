/**
 * The third step of the wizard: packages beside those of the source.
 */
import React from 'react';

import type { CiManagerClient } from '../api/client';
import { useTranslation } from '../panel/translation';
import { sourceSpecs, takesPackages } from './draft';
import { PackageSearchField } from './packageSearch';
import { PipField } from './pipField';
import { SpecList } from './specList';
import type { Wizard } from './wizard';

/** The step. */
export function PackagesStep(props: {
  readonly wizard: Wizard;
  readonly client: CiManagerClient;
}): React.JSX.Element {
  const { wizard, client } = props;
  const { draft } = wizard;
  const trans = useTranslation();
  if (!takesPackages(draft)) {
    return (
      <p>
        {draft.source === 'clone'
          ? trans.__(
              'A copy has exactly the packages of the original. More can be installed once it is made.'
            )
          : trans.__(
              'A lock file names every package. More can be installed once it is made.'
            )}
      </p>
    );
  }
  const without = (list: readonly string[], spec: string): readonly string[] =>
    list.filter(each => each !== spec);
  const given = sourceSpecs(draft);
  return (
    <>
      {given.length > 0 && (
        <p className="jp-ci-hint">
          {trans.__('From the source: %1', given.join(', '))}
        </p>
      )}
      {draft.source === 'file' && draft.file !== null && (
        <p className="jp-ci-hint">
          {trans.__('From %1: all that it names.', draft.file.name)}
        </p>
      )}
      <SpecList
        label={trans.__('Packages to add')}
        specs={draft.specs}
        onRemove={spec => {
          wizard.choose({ specs: without(draft.specs, spec) });
        }}
      />
      <PackageSearchField
        client={client}
        channels={draft.channels}
        onAdd={spec => {
          wizard.choose({ specs: [...without(draft.specs, spec), spec] });
        }}
      />
      <PipField
        specs={draft.pip}
        onChange={pip => {
          wizard.choose({ pip });
        }}
      />
    </>
  );
}
