/**
 * The page of a log: header, bar, notices, lines with the strip of errors beside them, footer.
 */
import type { CommandRegistry } from '@lumino/commands';
import React, { useMemo, useRef } from 'react';

import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import type { LogDocument } from './logDocument';
import { LogFooter } from './logFooter';
import { LogHeader } from './logHeader';
import { LogLines } from './logLines';
import { lineLinks } from './logLink';
import { LogNotices } from './logNotices';
import { LogToolbar } from './logToolbar';
import { SeverityStrip } from './severityStrip';
import { targetTitle } from './words';

interface ILogViewProps {
  readonly log: LogDocument;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
}

/** The page. */
export function LogView(props: ILogViewProps): React.JSX.Element {
  const { log, manager, commands } = props;
  useModel(log.changed, () => log.revision);
  return (
    <>
      <LogHeader log={log} client={manager.client} commands={commands} />
      {log.reader === null ? <NoLog log={log} /> : <Lines {...props} />}
    </>
  );
}

/** Why there is none, where it would be, and a way out. */
function NoLog({ log }: { readonly log: LogDocument }): React.JSX.Element {
  const trans = useTranslation();
  const { list, listFailure } = log;
  const error =
    listFailure === null ? (list?.error ?? null) : explain(listFailure, trans);
  const retry = (
    <ActionButton
      primary
      onClick={() => {
        log.retry();
      }}
    >
      {trans.__('Look again')}
    </ActionButton>
  );
  if (error !== null) {
    return <Problem error={error}>{retry}</Problem>;
  }
  if (list === null) {
    return (
      <p role="status" className="jp-ci-notice jp-ci-late">
        {trans.__('Looking for the log…')}
      </p>
    );
  }
  return (
    <div className="jp-ci-notice" role="status">
      <strong>{trans.__('There is no log yet.')}</strong>
      <p>
        {trans.__(
          'A setup script’s log appears here as soon as Azure begins to write it. An instance without a setup script has none. It is looked for in: %1',
          list.place
        )}
      </p>
      {retry}
    </div>
  );
}

function Lines({ log, manager }: ILogViewProps): React.JSX.Element {
  const trans = useTranslation();
  const { preferences } = manager;
  const { logWrap: wrap, logTimes: times } = useModel(
    preferences.changed,
    () => preferences.values
  );
  const scroller = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const { search, text, target } = log;
  useModel(
    search.changed,
    () => `${search.count} ${search.current} ${search.status.kind}`
  );
  const linkOf = useMemo(() => lineLinks(target, log.log), [target, log.log]);

  const near = (): number => log.selected ?? text.firstLine;
  const stepMatch = (by: 1 | -1): void => {
    search.step(by, near());
    if (search.currentLine !== null) {
      log.goTo(search.currentLine);
    }
  };
  const stepError = (by: 1 | -1): void => {
    const line = log.nextError(by, log.selected ?? text.firstLine - 1);
    if (line !== null) {
      log.goTo(line);
    }
  };
  const openSearch = (): void => {
    searchField.current?.focus();
    searchField.current?.select();
  };
  const keys: Readonly<Record<string, () => void>> = {
    '/': openSearch,
    n: () => {
      stepMatch(1);
    },
    N: () => {
      stepMatch(-1);
    },
    e: () => {
      stepError(1);
    },
    E: () => {
      stepError(-1);
    },
    f: () => {
      log.isFollowing = !log.isFollowing;
    },
    w: () => {
      preferences.set('logWrap', !wrap);
    },
    End: () => {
      log.isFollowing = true;
    }
  };
  return (
    <div
      className="jp-ci-log-body"
      onKeyDown={event => {
        if ((event.ctrlKey || event.metaKey) && event.key === 'f') {
          event.preventDefault();
          event.stopPropagation();
          openSearch();
        }
      }}
    >
      <LogToolbar
        log={log}
        preferences={preferences}
        searchField={searchField}
        onStep={stepMatch}
        onError={stepError}
        onLeave={() => {
          scroller.current?.focus();
        }}
      />
      <LogNotices log={log} />
      <div className="jp-ci-log-area">
        <LogLines
          log={log}
          revision={log.revision}
          wrap={wrap}
          times={times}
          label={targetTitle(target, trans)}
          linkOf={linkOf}
          scroller={scroller}
          onKeyDown={event => {
            const { altKey, ctrlKey, metaKey, key } = event;
            const run = keys[key];
            if (run !== undefined && !altKey && !ctrlKey && !metaKey) {
              event.preventDefault();
              run();
            }
          }}
        />
        <SeverityStrip log={log} />
      </div>
      <LogFooter log={log} linkOf={linkOf} />
    </div>
  );
}
