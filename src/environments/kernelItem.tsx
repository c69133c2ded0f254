/**
 * One kernel: what it is called, whether it starts, and what to do with it.
 */
import { deleteIcon, editIcon, runIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import type { Kernel, KernelCheck, Operation } from '../api/types';
import { CommandIDs } from '../commands/ids';
import { formatAgo, formatMoment } from '../format';
import { IconButton } from '../panel/buttons';
import { StateMark } from '../panel/stateMark';
import type { StateKind } from '../panel/stateMark';
import { useTranslation } from '../panel/translation';
import { scopeLabel } from './words';

/** The kernel. */
export function KernelItem(props: {
  readonly kernel: Kernel;
  /** The check of it that is under way, or null. */
  readonly checking: Operation | null;
  readonly now: number;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { kernel, checking, now, commands } = props;
  const {
    check,
    display_name: title,
    name,
    problem,
    removable,
    scope
  } = kernel;
  const trans = useTranslation();
  const run = (command: string): void => {
    void commands.execute(command, { kernel: name });
  };
  const whyNot = removable
    ? null
    : trans.__('It belongs to Jupyter’s own environment, or to everybody.');
  return (
    <li className="jp-ci-kernel" data-kernel={name}>
      <StateMark kind={markOf(kernel, checking)} />
      <div className="jp-ci-lines">
        <div className="jp-ci-name" title={`${title} (${name})`}>
          <span className="jp-ci-clip">{title}</span>
        </div>
        <div
          className="jp-ci-second jp-mod-wraps"
          title={
            check === null
              ? undefined
              : formatMoment(new Date(check.checked_at))
          }
        >
          {checking !== null
            ? checking.message
            : problem !== null
              ? problem
              : check !== null
                ? checkText(check, now, trans)
                : scopeLabel(scope, trans)}
        </div>
      </div>
      <div className="jp-ci-entry-buttons">
        <IconButton
          icon={runIcon}
          label={trans.__('Check whether %1 starts', title)}
          whyNot={checking === null ? null : trans.__('It is being checked.')}
          onClick={() => {
            run(CommandIDs.checkKernel);
          }}
        />
        <IconButton
          icon={editIcon}
          label={trans.__('Rename %1…', title)}
          whyNot={whyNot}
          onClick={() => {
            run(CommandIDs.renameKernel);
          }}
        />
        <IconButton
          icon={deleteIcon}
          label={trans.__('Remove %1…', title)}
          whyNot={whyNot}
          onClick={() => {
            run(CommandIDs.removeKernel);
          }}
        />
      </div>
    </li>
  );
}

function markOf(kernel: Kernel, checking: Operation | null): StateKind {
  if (checking !== null) {
    return 'transition';
  }
  if (kernel.state === 'stale') {
    return 'failed';
  }
  return kernel.check === null
    ? 'stopped'
    : kernel.check.ok
      ? 'running'
      : 'failed';
}

/** "Works · Python 3.12.1 · started in 2.1 s · 5 min ago". */
function checkText(
  check: KernelCheck,
  now: number,
  trans: TranslationBundle
): string {
  const {
    checked_at: at,
    message,
    ok,
    start_seconds: seconds,
    version
  } = check;
  const ago = formatAgo(new Date(at), now, trans);
  if (!ok) {
    return `${message} · ${ago}`;
  }
  return [
    trans.__('Works'),
    version,
    seconds === null ? null : trans.__('started in %1 s', seconds.toFixed(1)),
    ago
  ]
    .filter(each => each !== null)
    .join(' · ');
}
