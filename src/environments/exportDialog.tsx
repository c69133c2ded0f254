/**
 * Shows an environment as a file, to copy or to download.
 */
import { Dialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useEffect, useId, useState } from 'react';

import type { CiManagerClient } from '../api/client';
import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type {
  Environment,
  EnvironmentExport,
  ExportFormat
} from '../api/types';
import { titled } from '../dialogs/titled';
import { explain } from '../failure';
import { ActionButton, CopyButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { viewWidget } from '../panel/viewWidget';
import { ChoiceField } from './field';
import { environmentTitle } from './words';

/** Show the dialog. */
export async function showExport(
  environment: Environment,
  format: ExportFormat,
  client: CiManagerClient,
  trans: TranslationBundle
): Promise<void> {
  const body = viewWidget(
    <ExportView id={environment.id} initial={format} client={client} />,
    trans
  );
  body.addClass('jp-ci-dialog');
  const title = trans.__('Export %1', environmentTitle(environment));
  await titled(
    new Dialog({
      title,
      body,
      buttons: [Dialog.okButton({ label: trans.__('Close') })],
      focusNodeSelector: 'select'
    }),
    title
  ).launch();
}

function ExportView(props: {
  readonly id: string;
  readonly initial: ExportFormat;
  readonly client: CiManagerClient;
}): React.JSX.Element {
  const { id, initial, client } = props;
  const trans = useTranslation();
  const fieldId = useId();
  const [format, setFormat] = useState(initial);
  const [file, setFile] = useState<EnvironmentExport | null>(null);
  const [failure, setFailure] = useState<RequestFailure | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const ask = async (): Promise<void> => {
      try {
        const value = await client.environments.export(id, format, { signal });
        if (!signal.aborted) {
          setFile(value);
          setFailure(null);
        }
      } catch (reason) {
        const found = RequestError.failureOf(reason);
        if (!signal.aborted) {
          setFailure(found);
        }
      }
    };
    void ask();
    return () => {
      controller.abort();
    };
  }, [client, id, format]);
  return (
    <div className="jp-ci-create">
      <ChoiceField<ExportFormat>
        id={fieldId}
        label={trans.__('As')}
        value={format}
        choices={[
          ['yml', trans.__('environment.yml, with all versions')],
          ['history', trans.__('environment.yml, only what was asked for')],
          ['explicit', trans.__('Explicit list, for the same platform')],
          ['lock', trans.__('conda-lock file')]
        ]}
        hint={formatHint(format, trans)}
        onChange={setFormat}
      />
      {failure !== null ? (
        <div role="alert">
          <Problem error={explain(failure, trans)} />
        </div>
      ) : (
        <>
          {file !== null && (
            <div className="jp-ci-buttons">
              <ActionButton
                primary
                onClick={() => {
                  download(file);
                }}
              >
                {trans.__('Download %1', file.file_name)}
              </ActionButton>
              <CopyButton
                text={file.content}
                what={trans.__('Copy the contents')}
              />
            </div>
          )}
          {/* Scrolled with the keyboard, too. */}
          <pre
            className="jp-ci-export"
            tabIndex={0}
            aria-label={file?.file_name ?? trans.__('The file')}
          >
            {file?.content ?? ''}
          </pre>
        </>
      )}
    </div>
  );
}

function formatHint(format: ExportFormat, trans: TranslationBundle): string {
  switch (format) {
    case 'yml':
      return trans.__('For another machine of the same kind.');
    case 'history':
      return trans.__('For other platforms: versions are chosen there.');
    case 'explicit':
      return trans.__(
        'Exactly the same files, with checksums; nothing is solved.'
      );
    case 'lock':
      return trans.__('Exactly the same packages, also for other tools.');
  }
}

function download({ content, file_name: name }: EnvironmentExport): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
