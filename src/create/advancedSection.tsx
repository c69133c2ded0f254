/**
 * What few need: rights, patches, quota, and whatever Azure has that this form has not.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { SpecArea, SpecTristate } from './fields';
import { useSpec } from './specContext';

/** The section. */
export function AdvancedSection(): React.JSX.Element {
  const { form } = useSpec();
  const trans = useTranslation();
  const { draft } = form;
  return (
    <>
      <SpecTristate
        field="root_access"
        label={trans.__('People on it may become root')}
        value={draft.rootAccess}
        onChange={rootAccess => {
          form.choose({ rootAccess });
        }}
      />
      <SpecTristate
        field="os_patching"
        label={trans.__('Security patches of the operating system')}
        hint={trans.__('Installed by Azure when it starts.')}
        value={draft.osPatching}
        onChange={osPatching => {
          form.choose({ osPatching });
        }}
      />
      <SpecTristate
        field="release_quota_on_stop"
        label={trans.__('Give its quota back while it is stopped')}
        hint={trans.__(
          'Others can use the cores then; it may not start when they are all in use.'
        )}
        value={draft.releaseQuota}
        onChange={releaseQuota => {
          form.choose({ releaseQuota });
        }}
      />
      <SpecTristate
        field="disable_local_auth"
        label={trans.__('Sign in with Microsoft Entra ID only')}
        value={draft.disableLocalAuth}
        onChange={disableLocalAuth => {
          form.choose({ disableLocalAuth });
        }}
      />
      <SpecArea
        field="more"
        label={trans.__('More properties, as JSON')}
        placeholder='{"nameInAzure": "value"}'
        rows={4}
        hint={trans.__(
          'Properties of a compute instance in Azure’s own words that have no field here. Azure judges them.'
        )}
        value={draft.more}
        onChange={more => {
          form.choose({ more });
        }}
      />
    </>
  );
}
