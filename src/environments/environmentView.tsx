/**
 * The page about one environment: what it is, its packages, its kernels, and what to do with it.
 */
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import type { Environment, EnvironmentDetails } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { formatBytes } from '../format';
import { environmentIcon } from '../icons';
import { ActionButton, CopyButton } from '../panel/buttons';
import { Glyph } from '../panel/glyph';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import type { ICiManager } from '../tokens';
import { ChangesTray } from './changesTray';
import type { EnvironmentDocument } from './environmentDocument';
import { InstallFields } from './installFields';
import { KernelsCard } from './kernelsCard';
import { PackagesTable } from './packagesTable';
import {
  environmentTitle,
  languagesText,
  stateLabel,
  whyProtected
} from './words';
import { WorkView } from './workView';

interface IEnvironmentProps {
  readonly document: EnvironmentDocument;
  readonly manager: ICiManager;
  readonly commands: CommandRegistry;
}

/** The page. */
export function EnvironmentView(props: IEnvironmentProps): React.JSX.Element {
  const { document, manager } = props;
  const trans = useTranslation();
  useModel(document.changed, () => document.revision);
  useModel(manager.operations.changed, () => document.operation);
  const { state, environment } = document;
  if (state.status === 'failed') {
    return (
      <Problem error={explain(state.failure, trans)}>
        <ActionButton primary onClick={() => document.load()}>
          {trans.__('Retry')}
        </ActionButton>
      </Problem>
    );
  }
  if (state.status === 'loading' || environment === null) {
    return (
      <p role="status" className="jp-ci-late">
        {trans.__('Reading the packages…')}
      </p>
    );
  }
  return (
    <Known
      {...props}
      environment={environment}
      details={state.value}
      stale={state.stale === null ? null : explain(state.stale, trans).message}
    />
  );
}

function Known(
  props: IEnvironmentProps & {
    readonly environment: Environment;
    readonly details: EnvironmentDetails;
    readonly stale: string | null;
  }
): React.JSX.Element {
  const { document, manager, commands, environment, details, stale } = props;
  const trans = useTranslation();
  const { operation } = document;
  const busy =
    operation !== null && operation.ended_at === null
      ? trans.__('Work on it is under way.')
      : null;
  const whyNot = whyProtected(environment, trans) ?? busy;
  return (
    <>
      <Head environment={environment} commands={commands} busy={busy} />
      {stale !== null && (
        <p className="jp-ci-hint" role="status">
          {trans.__('Not read anew: %1', stale)}
        </p>
      )}
      {operation !== null && (
        <WorkView operation={operation} manager={manager} commands={commands}>
          <ActionButton
            onClick={() => {
              document.forgetWork();
            }}
          >
            {trans.__('Close')}
          </ActionButton>
        </WorkView>
      )}
      <ChangesTray document={document} commands={commands} whyNot={whyNot} />
      <div className="jp-ci-environment-columns">
        <section className="jp-ci-card">
          <h3>{trans.__('Packages')}</h3>
          {whyNot === null ? (
            <InstallFields document={document} client={manager.client} />
          ) : (
            <p className="jp-ci-hint">
              {trans.__('Its packages cannot be changed here. %1', whyNot)}
            </p>
          )}
          <PackagesTable
            document={document}
            packages={details.packages}
            whyNot={whyNot}
          />
        </section>
        <div>
          <KernelsCard
            environment={environment}
            manager={manager}
            commands={commands}
          />
          <Variables variables={details.variables} />
        </div>
      </div>
    </>
  );
}

function Head(props: {
  readonly environment: Environment;
  readonly commands: CommandRegistry;
  readonly busy: string | null;
}): React.JSX.Element {
  const { environment, commands, busy } = props;
  const {
    bytes,
    id,
    package_count: count,
    prefix,
    problem,
    state
  } = environment;
  const trans = useTranslation();
  const run = (command: string) => (): void => {
    void commands.execute(command, { environment: id });
  };
  const broken =
    state === 'ok' ? null : trans.__('It is not whole: %1', problem ?? '');
  return (
    <header className="jp-ci-environment-head">
      <h2>
        <Glyph icon={environmentIcon} /> {environmentTitle(environment)}
        {environment.is_base && (
          <span className="jp-ci-badge">{trans.__('base')}</span>
        )}
        {environment.is_server && (
          <span className="jp-ci-badge">{trans.__('runs this Jupyter')}</span>
        )}
      </h2>
      {state !== 'ok' && (
        <div className="jp-ci-banner" role="status">
          <strong>{stateLabel(state, trans)}</strong>
          {problem !== null && <p>{problem}</p>}
        </div>
      )}
      <p>
        {[
          languagesText(environment, trans),
          trans._n('%1 package', '%1 packages', count),
          bytes === null
            ? null
            : trans.__(
                '%1, files shared with others included',
                formatBytes(bytes)
              )
        ]
          .filter(each => each !== null)
          .join(' · ')}
      </p>
      <div className="jp-ci-command-line">
        <code>{prefix}</code>
        <CopyButton text={prefix} what={trans.__('Copy the path')} />
      </div>
      <div className="jp-ci-buttons">
        {commands.hasCommand(CommandIDs.environmentTerminal) && (
          <ActionButton
            whyNot={broken}
            onClick={run(CommandIDs.environmentTerminal)}
          >
            {trans.__('Terminal')}
          </ActionButton>
        )}
        <ActionButton
          whyNot={broken ?? busy}
          onClick={run(CommandIDs.duplicateEnvironment)}
        >
          {trans.__('Duplicate…')}
        </ActionButton>
        <ActionButton
          whyNot={broken}
          onClick={run(CommandIDs.exportEnvironment)}
        >
          {trans.__('Export…')}
        </ActionButton>
        <ActionButton
          whyNot={whyProtected(environment, trans) ?? busy}
          onClick={run(CommandIDs.deleteEnvironment)}
        >
          {trans.__('Delete…')}
        </ActionButton>
      </div>
    </header>
  );
}

/** What activation sets. */
function Variables(props: {
  readonly variables: Readonly<Record<string, string>>;
}): React.JSX.Element {
  const entries = Object.entries(props.variables);
  const trans = useTranslation();
  if (entries.length === 0) {
    return <></>;
  }
  return (
    <section className="jp-ci-card">
      <h3>{trans.__('Variables that activation sets')}</h3>
      <dl>
        {entries.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
    </section>
  );
}
