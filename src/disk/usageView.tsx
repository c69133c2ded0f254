/**
 * What fills the disk: decides which of its faces to show, and puts treemap and table side by side.
 */
import { PageConfig } from '@jupyterlab/coreutils';
import type { CommandRegistry } from '@lumino/commands';
import React, { useMemo } from 'react';

import type { ScanResult, ScanStatus } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { diskIcon } from '../icons';
import { ActionButton } from '../panel/buttons';
import { Glyph } from '../panel/glyph';
import { useModel, useNow } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { Breadcrumbs } from './breadcrumbs';
import { Consumers } from './consumers';
import { EntryTable } from './entryTable';
import type { Explorer, IEntry } from './explorer';
import { Legend } from './legend';
import { contentsPath, pathOf } from './location';
import { ScanAnnouncer } from './scanAnnouncer';
import { ScanBar } from './scanBar';
import { ScanFacts } from './scanFacts';
import { Treemap } from './treemap';
import { diskTitle, familyOf, isSafeToRemove } from './words';
import type { ConsumerFamily } from './words';

/** Of JupyterLab's file browser. */
const GO_TO_PATH = 'filebrowser:go-to-path';

interface IUsageProps {
  readonly manager: ICiManager;
  readonly explorer: Explorer;
  readonly commands: CommandRegistry;
}

/** The page. */
export function UsageView(props: IUsageProps): React.JSX.Element {
  const { manager } = props;
  const { scan, disk } = manager;
  const trans = useTranslation();
  const state = useModel(scan.changed, () => scan.state);
  const figures = useModel(disk.changed, () => disk.state);
  const title = diskTitle(
    figures.status === 'known' ? figures.value : null,
    trans
  );
  return (
    <>
      <h2>
        <Glyph icon={diskIcon} /> {title}
      </h2>
      {state.status === 'loading' && (
        <p role="status" className="jp-ci-late">
          {trans.__('Loading the newest scan…')}
        </p>
      )}
      {state.status === 'failed' && (
        <Problem error={explain(state.failure, trans)}>
          <ActionButton primary onClick={() => scan.refresh()}>
            {trans.__('Retry')}
          </ActionButton>
        </Problem>
      )}
      {state.status === 'known' &&
        (state.value.result === null ? (
          <BeforeFirstScan {...props} />
        ) : (
          <Found {...props} status={state.value} result={state.value.result} />
        ))}
      <ScanAnnouncer scan={scan} />
    </>
  );
}

/** What a scan is, what it does not do, and how to begin. */
function BeforeFirstScan({ manager }: IUsageProps): React.JSX.Element {
  const trans = useTranslation();
  return (
    <div className="jp-ci-notice">
      <strong>{trans.__('What fills the disk?')}</strong>
      <p>
        {trans.__(
          'A scan adds up every folder of the disk, as “du -x” does, and knows the usual suspects: Conda and pip caches, environments, model caches, Docker, trash and old logs. It reads names and sizes only, changes nothing, and can be cancelled at any time.'
        )}
      </p>
      <ScanBar manager={manager} scanned={null} />
    </div>
  );
}

function Found(
  props: IUsageProps & {
    readonly status: ScanStatus;
    readonly result: ScanResult;
  }
): React.JSX.Element {
  const { manager, explorer, commands, status, result } = props;
  const now = useNow(30);
  const path = useModel(explorer.changed, () => explorer.path);
  const active = useModel(explorer.changed, () => explorer.active);
  const trans = useTranslation();
  const { folder, consumer } = explorer;
  const show = (uri: string): void => {
    explorer.goTo(uri);
  };
  const cleanUp = (): void => {
    void commands.execute(CommandIDs.cleanUp);
  };
  const families = useMemo(() => familiesOf(result), [result]);
  if (folder === null) {
    return <></>;
  }
  return (
    <>
      <ScanBar manager={manager} scanned={pathOf(result.root_uri)} />
      <ScanFacts
        result={result}
        changes={status.changes}
        now={now}
        onShow={show}
      />
      <Consumers
        consumers={result.consumers}
        onShow={show}
        onCleanUp={cleanUp}
      />
      <div className="jp-ci-usage-head">
        <Breadcrumbs
          path={path}
          onOpen={depth => {
            explorer.goUpTo(depth);
          }}
        />
        <Legend families={families.families} removable={families.removable} />
      </div>
      <div className="jp-ci-usage">
        <Treemap
          folder={folder}
          consumer={consumer}
          active={active}
          onActivate={key => {
            explorer.activate(key);
          }}
          onOpen={key => {
            explorer.open(key);
          }}
        />
        <div className="jp-ci-entries-scroll">
          <EntryTable
            explorer={explorer}
            now={now}
            actions={{
              whyNotReveal: entry =>
                !commands.hasCommand(GO_TO_PATH)
                  ? trans.__('This application has no file browser.')
                  : browserPath(entry) === null
                    ? trans.__(
                        'It is not below the folder that JupyterLab shows.'
                      )
                    : null,
              onReveal: entry => {
                void commands.execute(GO_TO_PATH, { path: browserPath(entry) });
              },
              onRemove: ({ node }) => {
                if (node.uri !== null) {
                  void commands.execute(CommandIDs.moveToTrash, {
                    uri: node.uri
                  });
                }
              }
            }}
          />
        </div>
      </div>
    </>
  );
}

function familiesOf(result: ScanResult): {
  readonly families: ReadonlySet<ConsumerFamily>;
  readonly removable: boolean;
} {
  return {
    families: new Set(result.consumers.map(({ kind }) => familyOf(kind))),
    removable: result.consumers.some(({ kind }) => isSafeToRemove(kind))
  };
}

/** Where the file browser can show an entry, or null. */
function browserPath({ node }: IEntry): string | null {
  const root = PageConfig.getOption('rootUri');
  return node.uri === null || root === '' ? null : contentsPath(node.uri, root);
}
