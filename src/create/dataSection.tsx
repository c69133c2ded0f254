/**
 * Data of the workspace that the instance mounts.
 */
import React from 'react';

import type { DataMount } from '../api/types';
import { useTranslation } from '../panel/translation';
import { EMPTY_MOUNT } from './draft';
import { SpecChoice, SpecList, SpecSwitch, SpecText } from './fields';
import { useSpec } from './specContext';

/** The section. */
export function DataSection(): React.JSX.Element {
  const { form } = useSpec();
  const trans = useTranslation();
  const { mounts } = form.draft;
  return (
    <>
      <p className="jp-ci-hint">
        {trans.__(
          'The notebook share of the workspace is always there; this is for other data.'
        )}
      </p>
      <SpecList<DataMount>
        field="data_mounts"
        label={trans.__('Data mounts')}
        items={mounts}
        empty={EMPTY_MOUNT}
        addLabel={trans.__('Mount data')}
        removeLabel={index => trans.__('Remove mount %1', index + 1)}
        className="jp-ci-list-card"
        onChange={items => {
          form.choose({ mounts: items });
        }}
      >
        {(mount, index, change) => {
          const field = `data_mounts.${index}`;
          return (
            <div className="jp-ci-fields">
              <SpecChoice
                field={`${field}.source_type`}
                label={trans.__('What')}
                value={mount.source_type}
                choices={[
                  ['URI', trans.__('A path, as a URI')],
                  ['Datastore', trans.__('A datastore')],
                  ['Dataset', trans.__('A data asset')]
                ]}
                onChange={source_type => {
                  change({ ...mount, source_type });
                }}
              />
              <SpecText
                field={`${field}.source`}
                label={trans.__('Where it is')}
                placeholder={PLACEHOLDERS[mount.source_type]}
                value={mount.source}
                onChange={source => {
                  change({ ...mount, source });
                }}
              />
              <SpecText
                field={`${field}.mount_path`}
                label={trans.__('Folder on the instance')}
                placeholder="/home/azureuser/cloudfiles/data/sales"
                value={mount.mount_path}
                onChange={mount_path => {
                  change({ ...mount, mount_path });
                }}
              />
              <SpecText
                field={`${field}.mount_name`}
                label={trans.__('Name of the mount')}
                hint={trans.__('Empty: Azure’s own.')}
                value={mount.mount_name ?? ''}
                onChange={name => {
                  change({ ...mount, mount_name: name === '' ? null : name });
                }}
              />
              <SpecSwitch
                field={`${field}.read_only`}
                label={trans.__('Read only')}
                value={mount.read_only}
                onChange={read_only => {
                  change({ ...mount, read_only });
                }}
              />
            </div>
          );
        }}
      </SpecList>
    </>
  );
}

const PLACEHOLDERS: Readonly<Record<DataMount['source_type'], string>> = {
  URI: 'azureml://datastores/workspaceblobstore/paths/sales/',
  Datastore: 'workspaceblobstore',
  Dataset: 'azureml:sales:3'
};
