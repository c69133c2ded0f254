/**
 * The line above a log: what wrote it, how that ended, and what can be done with the whole of it.
 */
import { Clipboard } from '@jupyterlab/apputils';
import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React, { useState } from 'react';

import type { CiManagerClient } from '../api/client';
import type { LogFile, SetupScript, SetupScripts } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { formatAgo, formatMoment } from '../format';
import { notifyNothingToDo } from '../notify';
import { ActionButton } from '../panel/buttons';
import { useNow } from '../panel/hooks';
import { useTranslation } from '../panel/translation';
import type { LogDocument } from './logDocument';
import { ScriptContents } from './scriptContents';
import { useSetupScripts } from './useSetupScripts';
import { outcomeLabel, phaseLabel } from './words';

interface IHeaderProps {
  readonly log: LogDocument;
  readonly client: CiManagerClient;
  readonly commands: CommandRegistry;
}

/** The line, and the script in a fold below it. */
export function LogHeader(props: IHeaderProps): React.JSX.Element {
  const { log, client, commands } = props;
  const { address, target, file, diagnosis } = log;
  const writtenAt = file?.modified_at ?? null;
  const trans = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const name = target.kind === 'instance' ? target.name : null;
  const scripts = scriptsOf(useSetupScripts(name, client), file);
  return (
    <div className="jp-ci-log-header">
      <div className="jp-ci-log-facts">
        <strong>{name ?? trans.__('Operation')}</strong>
        {file !== null && <span>{phaseLabel(file.phase, trans)}</span>}
        {file !== null && <span title={file.id}>{file.name}</span>}
        {scripts.map(([phase, { arguments: given }]) =>
          given === null || given === '' ? null : (
            <code key={phase} title={trans.__('Its arguments')}>
              {given}
            </code>
          )
        )}
        {writtenAt !== null && <Written at={writtenAt} />}
        <Outcome outcome={diagnosis ?? file} />
      </div>
      <div className="jp-ci-buttons">
        {scripts.length > 0 && (
          <button
            type="button"
            className="jp-ci-button jp-mod-styled jp-mod-reject"
            aria-expanded={isOpen}
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            {trans.__('Script')}
          </button>
        )}
        <OtherLogs log={log} commands={commands} />
        {log.reader !== null && <CopyLog log={log} />}
        {address !== null && (
          <a
            className="jp-ci-button jp-mod-styled jp-mod-reject"
            href={client.logDownloadUrl(address)}
            download
          >
            {trans.__('Download')}
          </a>
        )}
      </div>
      {isOpen &&
        scripts.map(([phase, script]) => (
          <section key={phase} className="jp-ci-log-script">
            <h3>{phaseLabel(phase, trans)}</h3>
            <ScriptContents client={client} script={script} />
          </section>
        ))}
    </div>
  );
}

function Written(props: { readonly at: string }): React.JSX.Element {
  const trans = useTranslation();
  const now = useNow(30);
  const at = new Date(props.at);
  return (
    <time dateTime={props.at} title={formatMoment(at)}>
      {trans.__('written %1', formatAgo(at, now, trans))}
    </time>
  );
}

function Outcome(props: {
  readonly outcome: Pick<LogFile, 'outcome' | 'exit_status'> | null;
}): React.JSX.Element {
  const trans = useTranslation();
  const { outcome } = props;
  const label = outcome === null ? null : outcomeLabel(outcome, trans);
  return label === null ? (
    <></>
  ) : (
    <span className={`jp-ci-log-outcome jp-mod-${outcome?.outcome ?? ''}`}>
      {label}
    </span>
  );
}

/** The others open beside this one. */
function OtherLogs(props: {
  readonly log: LogDocument;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { log, commands } = props;
  const { target, list } = log;
  const trans = useTranslation();
  const others = list?.items.filter(each => each.id !== log.log) ?? [];
  if (others.length === 0 || target.kind !== 'instance') {
    return <></>;
  }
  return (
    <button
      type="button"
      className="jp-ci-button jp-mod-styled jp-mod-reject"
      aria-haspopup="menu"
      onClick={event => {
        const menu = new MenuSvg({ commands });
        for (const { id, name } of others) {
          menu.addItem({
            command: CommandIDs.openLog,
            args: {
              name: target.name,
              log: id,
              beside: true,
              label: name
            }
          });
        }
        const box = event.currentTarget.getBoundingClientRect();
        menu.open(box.left, box.bottom);
      }}
    >
      {trans._n('%1 other log', '%1 other logs', others.length)}
    </button>
  );
}

/** More than this is better downloaded. */
const MOST_COPIED_BYTES = 16 * 1024 * 1024;

function CopyLog({ log }: { readonly log: LogDocument }): React.JSX.Element {
  const trans = useTranslation();
  return (
    <ActionButton
      onClick={() => {
        const { text } = log;
        if (text.byteLength > MOST_COPIED_BYTES) {
          notifyNothingToDo(
            trans.__('This log is too long to be copied. Download it instead.')
          );
          return;
        }
        Clipboard.copyToSystem(text.plain(text.firstLine, text.endLine));
        notifyNothingToDo(trans.__('The log was copied.'));
      }}
    >
      {trans.__('Copy')}
    </ActionButton>
  );
}

/** The script that wrote a log; where its name does not say which, all there are. */
function scriptsOf(
  scripts: SetupScripts | null,
  file: LogFile | null
): readonly (readonly ['creation' | 'startup', SetupScript])[] {
  const found: ['creation' | 'startup', SetupScript][] = [];
  for (const phase of ['creation', 'startup'] as const) {
    const script = scripts?.[phase] ?? null;
    if (script !== null && (file?.phase ?? phase) === phase) {
      found.push([phase, script]);
    }
  }
  return found;
}
