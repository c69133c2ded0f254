/**
 * The same request as ARM template, as YAML of "az ml", in Python and as a magic, each to copy.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useState } from 'react';

import type { CodeForm } from '../api/types';
import { explain } from '../failure';
import { CommandLine, CopyButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { useSpec } from './specContext';
import { Tabs } from './tabs';
import { useCode } from './useCode';

type Kind = CodeForm['kind'];

const KINDS: readonly Kind[] = ['arm', 'az', 'sdk', 'magic'];

/** The languages. */
export function CodeView(): React.JSX.Element {
  const { form, manager } = useSpec();
  const trans = useTranslation();
  const [kind, setKind] = useState<Kind>('arm');
  const { value, failure } = useCode(manager.client.specs, form.draft);
  const code = value?.items.find(each => each.kind === kind);
  return (
    <Tabs<Kind>
      label={trans.__('Language')}
      tabs={KINDS.map(each => [each, kindLabel(each, trans)] as const)}
      chosen={kind}
      onChoose={setKind}
    >
      {failure !== null ? (
        <Problem error={explain(failure, trans)} />
      ) : code === undefined ? (
        <p role="status" className="jp-ci-hint jp-ci-late">
          {trans.__('Writing it…')}
        </p>
      ) : (
        <Code code={code} />
      )}
    </Tabs>
  );
}

function Code({ code }: { readonly code: CodeForm }): React.JSX.Element {
  const { command, files, missing } = code;
  const trans = useTranslation();
  return (
    <>
      {missing.length > 0 && (
        <p className="jp-ci-warnings" role="status">
          {trans.__('This language cannot say: %1.', missing.join(', '))}
        </p>
      )}
      {files.map(({ name, text }) => (
        <figure key={name} className="jp-ci-code">
          <figcaption>
            <code>{name}</code>
            <CopyButton text={text} what={trans.__('Copy %1', name)} />
          </figcaption>
          <pre tabIndex={0} aria-label={name}>
            {text}
          </pre>
        </figure>
      ))}
      {command !== null && <CommandLine text={command} />}
    </>
  );
}

function kindLabel(kind: Kind, trans: TranslationBundle): string {
  switch (kind) {
    case 'arm':
      return trans.__('ARM');
    case 'az':
      return trans.__('az');
    case 'sdk':
      return trans.__('Python');
    case 'magic':
      return trans.__('Magic');
  }
}
