/**
 * Which file describes the environment: one on the server, or one of the person's own computer.
 */
import React, { useId, useState } from 'react';

import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { sourceOfFile } from './draft';
import { TextField } from './field';
import type { Wizard } from './wizard';

/** What the server takes of a file's contents. */
const MOST_CHARACTERS = 4_000_000;

/** The fields. */
export function FileField({
  wizard
}: {
  readonly wizard: Wizard;
}): React.JSX.Element {
  const { file, source } = wizard.draft;
  const trans = useTranslation();
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const [input, setInput] = useState<HTMLInputElement | null>(null);

  const read = async (chosen: File): Promise<void> => {
    // Every character has at least a byte.
    if (chosen.size > MOST_CHARACTERS) {
      setProblem(
        trans.__('%1 is too large to describe an environment.', chosen.name)
      );
      return;
    }
    const content = await chosen.text();
    setProblem(null);
    wizard.choose({
      file: { name: chosen.name, content, path: null },
      source: sourceOfFile(chosen.name) ?? source
    });
  };

  return (
    <>
      <TextField
        id={id}
        label={trans.__('Path below the folder that Jupyter shows')}
        value={file?.path ?? ''}
        placeholder={source === 'lock' ? 'conda-lock.yml' : 'environment.yml'}
        hint={trans.__(
          'Or right-click the file in the file browser and choose “New environment from this file”.'
        )}
        onChange={path => {
          const name = path.split('/').pop() ?? '';
          wizard.choose({
            file: name === '' ? null : { name, path, content: null }
          });
        }}
      />
      <div className="jp-ci-field">
        <div className="jp-ci-buttons">
          <ActionButton
            onClick={() => {
              input?.click();
            }}
          >
            {trans.__('Choose a file of this computer…')}
          </ActionButton>
          {file !== null && file.content !== null && (
            <span className="jp-ci-file-name">{file.name}</span>
          )}
        </div>
        <input
          ref={setInput}
          type="file"
          hidden
          accept=".yml,.yaml,.txt,.lock"
          onChange={event => {
            const chosen = event.target.files?.[0];
            if (chosen !== undefined) {
              void read(chosen);
            }
            // The same file can be chosen again after it was edited.
            event.target.value = '';
          }}
        />
        <div className="jp-ci-says" role="alert">
          {problem !== null && <span className="jp-mod-bad">{problem}</span>}
        </div>
      </div>
    </>
  );
}
