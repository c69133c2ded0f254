/**
 * The second step of the wizard: what the environment is called, where it goes, what makes it.
 */
import React, { useId, useState } from 'react';

import type { EngineName } from '../api/types';
import { useTranslation } from '../panel/translation';
import { prefixOf } from './draft';
import { ChoiceField, TextField } from './field';
import type { Wizard } from './wizard';
import { channelsText, engineText, problemText } from './words';

/** The step. */
export function PlaceStep({
  wizard
}: {
  readonly wizard: Wizard;
}): React.JSX.Element {
  const { draft, list } = wizard;
  const trans = useTranslation();
  const id = useId();
  const found = wizard.problems.find(({ step }) => step === 'place');
  const isEmpty = found?.kind === 'name' && found.problem === 'empty';
  const text = found === undefined ? null : problemText(found, trans);
  const problem =
    isEmpty || (draft.elsewhere && draft.prefix === '') ? null : text;
  return (
    <>
      {draft.elsewhere ? (
        <TextField
          id={`${id}-prefix`}
          label={trans.__('Folder')}
          value={draft.prefix}
          placeholder="/data/project/.conda"
          problem={problem}
          hint={text}
          onChange={prefix => {
            wizard.choose({ prefix });
          }}
        />
      ) : (
        <TextField
          id={`${id}-name`}
          label={trans.__('Name')}
          value={draft.name}
          problem={problem}
          hint={
            isEmpty
              ? text
              : trans.__('Goes to %1', prefixOf(draft, list) ?? '…')
          }
          onChange={name => {
            wizard.choose({ name });
          }}
        />
      )}
      <label className="jp-ci-check">
        <input
          type="checkbox"
          checked={draft.elsewhere}
          onChange={event => {
            wizard.choose({ elsewhere: event.target.checked });
          }}
        />
        {trans.__('In a folder of my choice, such as a project’s')}
      </label>
      <Making wizard={wizard} id={id} />
    </>
  );
}

/** Channels and engine, folded: what is configured is right for most. */
function Making(props: {
  readonly wizard: Wizard;
  readonly id: string;
}): React.JSX.Element {
  const { wizard, id } = props;
  const { draft, list } = wizard;
  const trans = useTranslation();
  // As it is typed: the spaces between them are not part of the draft.
  const [channels, setChannels] = useState(draft.channels.join(' '));
  const status = list?.engine ?? null;
  const chosen =
    status === null
      ? null
      : ([status.engine, ...status.others].find(
          each => each?.name === draft.engine
        ) ?? status.engine);
  const engines = (status?.others ?? []).filter(
    each => each.name !== status?.engine?.name
  );
  return (
    <>
      <details className="jp-ci-fold">
        <summary>
          {trans.__(
            'Channels: %1',
            channelsText(draft.channels, status) || trans.__('none')
          )}
        </summary>
        <TextField
          id={`${id}-channels`}
          label={trans.__('Channels instead of the configured ones')}
          value={channels}
          placeholder={channelsText([], status).replaceAll(',', '')}
          hint={trans.__(
            'Names or addresses, separated by spaces, the most important first. Empty: as configured.'
          )}
          onChange={value => {
            setChannels(value);
            wizard.choose({
              channels: value.split(/[\s,]+/).filter(each => each !== '')
            });
          }}
        />
      </details>
      <details className="jp-ci-fold">
        <summary>
          {chosen === null
            ? trans.__('Made with: nothing, there is no engine')
            : trans.__('Made with: %1', engineText(chosen, trans))}
        </summary>
        {status?.note !== null && status?.note !== undefined && (
          <p className="jp-ci-hint">{status.note}</p>
        )}
        {engines.length > 0 && status?.engine !== null && (
          <ChoiceField<EngineName | ''>
            id={`${id}-engine`}
            label={trans.__('Engine')}
            value={draft.engine ?? ''}
            choices={[
              [
                '',
                status === null
                  ? ''
                  : trans.__('%1 (proposed)', engineText(status.engine, trans))
              ],
              ...engines.map(
                each => [each.name, engineText(each, trans)] as const
              )
            ]}
            onChange={engine => {
              wizard.choose({ engine: engine === '' ? null : engine });
            }}
          />
        )}
      </details>
    </>
  );
}
