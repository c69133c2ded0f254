/**
 * Who can open the applications of the instance, and containers that run beside Azure's own.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { CustomApplicationFields } from './customApplicationFields';
import { EMPTY_APPLICATION } from './draft';
import type { IApplicationDraft } from './draft';
import { SpecChoice, SpecList, SpecTristate } from './fields';
import { useSpec } from './specContext';

/** The section. */
export function ApplicationsSection(): React.JSX.Element {
  const { form } = useSpec();
  const trans = useTranslation();
  const { applications, sharing, sso } = form.draft;
  return (
    <>
      <SpecChoice<'' | 'Personal' | 'Shared'>
        field="application_sharing"
        label={trans.__('Who can open its applications')}
        value={sharing ?? ''}
        choices={[
          ['', trans.__('As Azure has it')],
          ['Personal', trans.__('Its owner only')],
          ['Shared', trans.__('Everyone with access to the workspace')]
        ]}
        hint={trans.__(
          'Whoever can open them can also run code in the name of its owner.'
        )}
        onChange={value => {
          form.choose({ sharing: value === '' ? null : value });
        }}
      />
      <SpecTristate
        field="sso"
        label={trans.__('Single sign-on')}
        hint={trans.__(
          'Code on the instance signs in as the person who uses it. Azure’s API has it since 2024.'
        )}
        value={sso}
        onChange={value => {
          form.choose({ sso: value });
        }}
      />
      <h4>{trans.__('Custom applications')}</h4>
      <p className="jp-ci-hint">
        {trans.__(
          'Containers that are opened like JupyterLab. While one runs, the instance is never idle.'
        )}
      </p>
      <SpecList<IApplicationDraft>
        field="custom_applications"
        label={trans.__('Custom applications')}
        items={applications}
        empty={EMPTY_APPLICATION}
        addLabel={trans.__('Add a custom application')}
        removeLabel={index =>
          trans.__(
            'Remove application %1',
            applications[index]?.name || index + 1
          )
        }
        className="jp-ci-list-card"
        onChange={items => {
          form.choose({ applications: items });
        }}
      >
        {(application, index, change) => (
          <CustomApplicationFields
            field={`custom_applications.${index}`}
            application={application}
            onChange={part => {
              change({ ...application, ...part });
            }}
          />
        )}
      </SpecList>
    </>
  );
}
