/**
 * A setup script to read: where it comes from, its arguments, its time limit, and its text.
 */
import React, { useEffect, useState } from 'react';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { SetupScript } from '../api/types';
import { explain } from '../failure';
import { CopyButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { scriptOrigin } from './words';

/** What Azure allows where nothing else was asked for, in minutes. */
const USUAL_TIMEOUT_MINUTES = 15;

interface IScriptProps {
  readonly client: CiManagerClient;
  readonly script: SetupScript;
}

/** The facts about a script, and its text in a fold. */
export function ScriptContents(props: IScriptProps): React.JSX.Element {
  const { script } = props;
  const trans = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <dl>
        <dt>{trans.__('Source')}</dt>
        <dd>{scriptOrigin(script, trans)}</dd>
        <dt>{trans.__('Arguments')}</dt>
        <dd>
          {script.arguments === null || script.arguments === '' ? (
            trans.__('none')
          ) : (
            <code>{script.arguments}</code>
          )}
        </dd>
        <dt>{trans.__('Time limit')}</dt>
        <dd>
          {trans._n(
            '%1 minute',
            '%1 minutes',
            script.timeout_minutes ?? USUAL_TIMEOUT_MINUTES
          )}
        </dd>
      </dl>
      <details
        className="jp-ci-details"
        onToggle={event => {
          setOpen(event.currentTarget.open);
        }}
      >
        <summary>{trans.__('Contents')}</summary>
        {isOpen &&
          (script.source === 'inline' ? (
            <ScriptText text={script.data} />
          ) : (
            <StoredScript {...props} />
          ))}
      </details>
    </>
  );
}

type Stored =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly failure: RequestFailure }
  | { readonly status: 'ready'; readonly text: string };

function StoredScript({ client, script }: IScriptProps): React.JSX.Element {
  const trans = useTranslation();
  const [stored, setStored] = useState<Stored>({ status: 'loading' });
  useEffect(() => {
    const controller = new AbortController();
    client.script(script.data, { signal: controller.signal }).then(
      ({ text }) => {
        setStored({ status: 'ready', text });
      },
      (reason: unknown) => {
        const failure = RequestError.failureOf(reason);
        if (failure.kind !== 'aborted') {
          setStored({ status: 'failed', failure });
        }
      }
    );
    return () => {
      controller.abort();
    };
  }, [client, script.data]);
  switch (stored.status) {
    case 'loading':
      return <p className="jp-ci-late">{trans.__('Loading the script…')}</p>;
    case 'failed':
      return <Problem error={explain(stored.failure, trans)} />;
    case 'ready':
      return (
        <>
          <p className="jp-ci-hint">
            {trans.__('As it is now: it may have been changed since it ran.')}
          </p>
          <ScriptText text={stored.text} />
        </>
      );
  }
}

function ScriptText({ text }: { readonly text: string }): React.JSX.Element {
  const trans = useTranslation();
  return (
    <>
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} what={trans.__('Copy the script')} />
    </>
  );
}
