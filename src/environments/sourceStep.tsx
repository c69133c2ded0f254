/**
 * The first step of the wizard: what the environment is made from.
 */
import React, { useId } from 'react';

import type { CiManagerClient } from '../api/client';
import type { Environment } from '../api/types';
import { useTranslation } from '../panel/translation';
import { EMPTY_DRAFT, versionedPackage } from './draft';
import type { IDraft, Source } from './draft';
import { freeName } from './environmentNames';
import { ChoiceField } from './field';
import { FileField } from './fileField';
import { minorVersions, usePackages } from './usePackages';
import type { Wizard } from './wizard';
import { environmentTitle, sourceCaption, sourceLabel } from './words';

const SOURCES: readonly Source[] = [
  'python',
  'r',
  'pytorch-cpu',
  'pytorch-gpu',
  'file',
  'lock',
  'clone'
];

/** The step. */
export function SourceStep(props: {
  readonly wizard: Wizard;
  readonly client: CiManagerClient;
}): React.JSX.Element {
  const { wizard, client } = props;
  const { draft } = wizard;
  const trans = useTranslation();
  const group = useId();
  const environments = wizard.list?.items ?? [];
  const choose = (source: Source): void => {
    wizard.choose({
      source,
      // A version of Python is none of R.
      version:
        versionedPackage(source) === versionedPackage(draft.source)
          ? draft.version
          : EMPTY_DRAFT.version
    });
  };
  return (
    <>
      <fieldset className="jp-ci-sources">
        <legend className="jp-ci-hidden-text">
          {trans.__('What to make it from')}
        </legend>
        {SOURCES.map(source => (
          <label key={source} className="jp-ci-source">
            <input
              type="radio"
              name={group}
              value={source}
              checked={draft.source === source}
              onChange={() => {
                choose(source);
              }}
            />
            <span className="jp-ci-source-name">
              {sourceLabel(source, trans)}
            </span>
            <span className="jp-ci-hint">{sourceCaption(source, trans)}</span>
          </label>
        ))}
      </fieldset>
      <SourceChoice
        draft={draft}
        wizard={wizard}
        client={client}
        environments={environments}
      />
    </>
  );
}

function SourceChoice(props: {
  readonly draft: IDraft;
  readonly wizard: Wizard;
  readonly client: CiManagerClient;
  readonly environments: readonly Environment[];
}): React.JSX.Element {
  const { draft, wizard, client, environments } = props;
  const trans = useTranslation();
  const id = useId();
  switch (draft.source) {
    case 'python':
    case 'r':
    case 'pytorch-cpu':
    case 'pytorch-gpu':
      return <VersionField wizard={wizard} client={client} />;
    case 'file':
    case 'lock':
      return <FileField wizard={wizard} />;
    case 'clone':
      return (
        <ChoiceField
          id={id}
          label={trans.__('Environment')}
          value={draft.cloneOf ?? ''}
          choices={[
            ['', trans.__('Choose one…')],
            ...environments
              .filter(({ state }) => state === 'ok')
              .map(each => [each.id, environmentTitle(each)] as const)
          ]}
          onChange={value => {
            const original = environments.find(each => each.id === value);
            wizard.choose({
              cloneOf: value === '' ? null : value,
              ...(draft.name === '' && original !== undefined
                ? { name: freeName(environmentTitle(original), environments) }
                : {})
            });
          }}
        />
      );
  }
}

/** The versions that the channels have. */
function VersionField(props: {
  readonly wizard: Wizard;
  readonly client: CiManagerClient;
}): React.JSX.Element {
  const { wizard, client } = props;
  const { draft } = wizard;
  const trans = useTranslation();
  const id = useId();
  const name = versionedPackage(draft.source) ?? '';
  const search = usePackages(client, name, draft.channels);
  const found =
    search.status === 'found' && search.text === name
      ? minorVersions(search.value, name)
      : [];
  const versions =
    draft.version === '' || found.includes(draft.version)
      ? found
      : [draft.version, ...found];
  return (
    <ChoiceField
      id={id}
      label={
        draft.source === 'r'
          ? trans.__('R version')
          : trans.__('Python version')
      }
      value={draft.version}
      choices={[
        ['', trans.__('Newest that fits')],
        ...versions.map(each => [each, each] as const)
      ]}
      hint={
        search.status === 'failed'
          ? trans.__(
              'Which versions there are could not be asked; the newest is taken.'
            )
          : null
      }
      onChange={version => {
        wizard.choose({ version });
      }}
    />
  );
}
