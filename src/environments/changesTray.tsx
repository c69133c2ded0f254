/**
 * The changes that are put together: what they are, what they come to, and making them.
 */
import { closeIcon } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import React, { useRef } from 'react';

import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { Glyph } from '../panel/glyph';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { isEmpty, NO_CHANGES, withoutChange } from './changes';
import type { IChange } from './changes';
import type { EnvironmentDocument } from './environmentDocument';
import { PlanView } from './planView';
import { actionLabel } from './words';

/** The tray; where there are no changes, nothing is drawn. */
export function ChangesTray(props: {
  readonly document: EnvironmentDocument;
  readonly commands: CommandRegistry;
  /** Why nothing can be changed now, or null. */
  readonly whyNot: string | null;
}): React.JSX.Element {
  const { document, commands, whyNot } = props;
  const { changes, planning, refusal } = document;
  const trans = useTranslation();
  const plan = useModel(planning.changed, () => planning.state);
  const tray = useRef<HTMLElement>(null);
  if (isEmpty(changes)) {
    return <></>;
  }
  const leaveOut = (change: IChange): void => {
    // Its button is about to go, and must not take the focus along.
    tray.current?.focus();
    document.changes = withoutChange(document.changes, change);
  };
  return (
    <section
      ref={tray}
      className="jp-ci-card jp-ci-tray"
      tabIndex={-1}
      aria-label={trans.__('Changes to make')}
    >
      <h3>{trans.__('Changes to make')}</h3>
      <ul className="jp-ci-specs">
        {changes.updateAll && (
          <li className="jp-ci-spec">{trans.__('Update all packages')}</li>
        )}
        {changes.items.map(change => (
          <li key={`${change.manager} ${change.spec}`} className="jp-ci-spec">
            <span>
              {changeText(change, trans)}
              {change.manager === 'pip' && ` (pip)`}
            </span>
            <button
              type="button"
              className="jp-ci-row-button"
              aria-label={trans.__('Leave out %1', change.spec)}
              title={trans.__('Leave out')}
              onClick={() => {
                leaveOut(change);
              }}
            >
              <Glyph icon={closeIcon} />
            </button>
          </li>
        ))}
      </ul>
      <PlanView
        state={plan}
        onRetry={() => {
          void document.review();
        }}
        onCleanUp={() => {
          void commands.execute(CommandIDs.cleanUp);
        }}
      />
      {refusal !== null && (
        <div role="alert">
          <Problem
            title={trans.__('It was not begun')}
            error={explain(refusal, trans)}
          />
        </div>
      )}
      <div className="jp-ci-buttons">
        {plan.status === 'ready' ? (
          <ActionButton
            primary
            whyNot={
              whyNot ??
              (plan.plan.fits ? null : trans.__('It does not fit on the disk.'))
            }
            onClick={() => document.apply()}
          >
            {trans.__('Make the changes')}
          </ActionButton>
        ) : (
          <ActionButton
            primary
            whyNot={
              whyNot ??
              (plan.status === 'solving'
                ? trans.__('It is being worked out.')
                : null)
            }
            onClick={() => {
              void document.review();
            }}
          >
            {trans.__('Review')}
          </ActionButton>
        )}
        <ActionButton
          onClick={() => {
            document.changes = NO_CHANGES;
          }}
        >
          {trans.__('Discard')}
        </ActionButton>
      </div>
    </section>
  );
}

function changeText(
  { action, spec }: IChange,
  trans: ReturnType<typeof useTranslation>
): string {
  return `${actionLabel(action, trans)}: ${spec}`;
}
