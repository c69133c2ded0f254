/**
 * Texts that an inline setup script can begin with: the gallery, a file of the computer, a file of
 * the Jupyter server.
 */
import React, { useCallback, useId, useState } from 'react';

import type { IRequestOptions } from '../api/requests';
import { ChoiceField } from '../environments/field';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useTranslation } from '../panel/translation';
import { ComputerFile } from './computerFile';
import type { Phase } from './draft';
import { useSpec } from './specContext';
import { useChoices } from './useChoices';

/** What Azure takes of an inline script. */
const MOST_CHARACTERS = 256 * 1024;

/** The sources; what one replaces can be had back. */
export function InlineSources(props: {
  readonly phase: Phase;
}): React.JSX.Element {
  const { phase } = props;
  const { files, form } = useSpec();
  const trans = useTranslation();
  const [problem, setProblem] = useState<string | null>(null);
  /** What was replaced last. */
  const [before, setBefore] = useState<string | null>(null);
  const { text: current } = form.draft.scripts[phase];

  const take = (text: string, args?: string): void => {
    setProblem(null);
    setBefore(current.trim() === '' ? null : current);
    form.chooseScript(phase, {
      text,
      ...(args === undefined ? {} : { arguments: args })
    });
  };

  const readServerFile = async (): Promise<void> => {
    try {
      const path = await files.choose(
        trans.__('Choose a script of this Jupyter server'),
        name => name.endsWith('.sh')
      );
      if (path !== null) {
        take(await files.read(path));
      }
    } catch (reason) {
      // The contents manager says in words why not.
      setProblem(reason instanceof Error ? reason.message : String(reason));
    }
  };

  return (
    <>
      <Gallery phase={phase} onChoose={take} />
      <div className="jp-ci-buttons">
        <ComputerFile
          accept=".sh,.bash,.txt"
          mostCharacters={MOST_CHARACTERS}
          onRead={(_, text) => {
            take(text);
          }}
        />
        <ActionButton onClick={readServerFile}>
          {trans.__('Choose a file of this Jupyter server…')}
        </ActionButton>
        {before !== null && (
          <ActionButton
            onClick={() => {
              form.chooseScript(phase, { text: before });
              setBefore(null);
            }}
          >
            {trans.__('Back to the text before')}
          </ActionButton>
        )}
      </div>
      {problem !== null && (
        <div className="jp-ci-says" role="alert">
          <span className="jp-mod-bad">{problem}</span>
        </div>
      )}
    </>
  );
}

/** Scripts to begin with. */
function Gallery(props: {
  readonly phase: Phase;
  readonly onChoose: (text: string, args: string) => void;
}): React.JSX.Element {
  const { phase, onChoose } = props;
  const { specs } = useSpec().manager.client;
  const trans = useTranslation();
  const id = useId();
  const [chosen, setChosen] = useState('');
  const ask = useCallback(
    (options: IRequestOptions) => specs.starters(options),
    [specs]
  );
  const { value, failure } = useChoices(ask);
  const items = value?.items ?? [];
  // Those for this script first.
  const sorted = [
    ...items.filter(each => each.phase === phase),
    ...items.filter(each => each.phase !== phase)
  ];
  return (
    <ChoiceField
      id={id}
      label={trans.__('Begin with')}
      value={chosen}
      choices={[
        ['', trans.__('Choose a script to begin with…')],
        ...sorted.map(each => [each.id, each.title] as const)
      ]}
      hint={
        failure === null
          ? (items.find(each => each.id === chosen)?.description ?? null)
          : explain(failure, trans).message
      }
      onChange={starterId => {
        setChosen(starterId);
        const starter = items.find(each => each.id === starterId);
        if (starter !== undefined) {
          onChoose(starter.text, starter.arguments ?? '');
        }
      }}
    />
  );
}
