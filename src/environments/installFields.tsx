/**
 * Puts packages to install among the changes.
 */
import React from 'react';

import type { CiManagerClient } from '../api/client';
import { withChange, withoutChange } from './changes';
import type { EnvironmentDocument } from './environmentDocument';
import { PackageSearchField } from './packageSearch';
import { PipField } from './pipField';

const NO_CHANNELS: readonly string[] = [];

/** The fields. */
export function InstallFields(props: {
  readonly document: EnvironmentDocument;
  readonly client: CiManagerClient;
}): React.JSX.Element {
  const { document, client } = props;
  const { changes } = document;
  const pip = changes.items.filter(
    ({ action, manager }) => action === 'install' && manager === 'pip'
  );
  return (
    <>
      <PackageSearchField
        client={client}
        channels={NO_CHANNELS}
        onAdd={spec => {
          document.changes = withChange(document.changes, {
            action: 'install',
            manager: 'conda',
            spec
          });
        }}
      />
      <PipField
        specs={pip.map(({ spec }) => spec)}
        onChange={specs => {
          const kept = pip
            .filter(({ spec }) => !specs.includes(spec))
            .reduce(withoutChange, document.changes);
          document.changes = specs.reduce(
            (before, spec) =>
              withChange(before, { action: 'install', manager: 'pip', spec }),
            kept
          );
        }}
      />
    </>
  );
}
