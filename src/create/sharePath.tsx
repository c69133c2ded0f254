/**
 * Which file of the notebook share a setup script is: by its path, or looked for.
 */
import React, { useState } from 'react';

import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import type { Phase } from './draft';
import { SpecText } from './fields';
import { ShareBrowser } from './shareBrowser';
import { useSpec } from './specContext';

/** The path, and a way to look for it. */
export function SharePath(props: { readonly phase: Phase }): React.JSX.Element {
  const { phase } = props;
  const { form } = useSpec();
  const trans = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const { path } = form.draft.scripts[phase];
  const field = `setup_scripts.${phase}.data`;
  return (
    <>
      <SpecText
        field={field}
        label={trans.__('Path in the notebook share')}
        placeholder="Users/amy/setup.sh"
        hint={trans.__('It runs in its own folder.')}
        value={path}
        onChange={value => {
          form.chooseScript(phase, { path: value });
        }}
      />
      {!form.isLocked(field) && (
        <div>
          <ActionButton
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            {isOpen ? trans.__('Close the share') : trans.__('Browse…')}
          </ActionButton>
        </div>
      )}
      {isOpen && (
        <ShareBrowser
          folder={path.split('/').slice(0, -1).join('/')}
          onChoose={value => {
            form.chooseScript(phase, { path: value });
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
