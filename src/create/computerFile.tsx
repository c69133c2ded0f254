/**
 * Reads a small text file of the person's own computer.
 */
import React, { useState } from 'react';

import { formatBytes } from '../format';
import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';

/** A button that asks for the file, and what is wrong with it. */
export function ComputerFile(props: {
  /** The ends of names that are proposed. */
  readonly accept: string;
  readonly mostCharacters: number;
  readonly onRead: (name: string, text: string) => void;
}): React.JSX.Element {
  const { accept, mostCharacters, onRead } = props;
  const trans = useTranslation();
  const [input, setInput] = useState<HTMLInputElement | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const read = async (file: File): Promise<void> => {
    // Every character has at least a byte.
    if (file.size > mostCharacters) {
      setProblem(
        trans.__(
          '%1 is too large: at most %2.',
          file.name,
          formatBytes(mostCharacters)
        )
      );
      return;
    }
    const text = await file.text();
    if (text.includes('\0')) {
      setProblem(trans.__('%1 is not a text file.', file.name));
      return;
    }
    setProblem(null);
    onRead(file.name, text);
  };

  return (
    <span>
      <ActionButton
        onClick={() => {
          input?.click();
        }}
      >
        {trans.__('Choose a file of this computer…')}
      </ActionButton>
      <input
        ref={setInput}
        type="file"
        hidden
        accept={accept}
        onChange={event => {
          const chosen = event.target.files?.[0];
          if (chosen !== undefined) {
            void read(chosen);
          }
          // The same file can be chosen again after it was edited.
          event.target.value = '';
        }}
      />
      {problem !== null && (
        <span className="jp-ci-says" role="alert">
          <span className="jp-mod-bad">{problem}</span>
        </span>
      )}
    </span>
  );
}
