/**
 * The last step of the wizard before anything is made: what was chosen, and what it comes to.
 */
import type { CommandRegistry } from '@lumino/commands';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { useModel } from '../panel/hooks';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { prefixOf } from './draft';
import type { Step } from './draft';
import { PlanView } from './planView';
import { stepOfFailure } from './refusals';
import type { Wizard } from './wizard';
import { channelsText, stepLabel, stepValue } from './words';

/** The step. */
export function ReviewStep(props: {
  readonly wizard: Wizard;
  readonly commands: CommandRegistry;
}): React.JSX.Element {
  const { wizard, commands } = props;
  const { draft, list, planning, refusal } = wizard;
  const trans = useTranslation();
  const state = useModel(planning.changed, () => planning.state);
  const environments = list?.items ?? [];
  const wrong = state.status === 'failed' ? stepOfFailure(state.failure) : null;
  return (
    <>
      <dl className="jp-ci-facts">
        <div>
          <dt>{trans.__('Goes to')}</dt>
          <dd>{prefixOf(draft, list) ?? draft.name}</dd>
        </div>
        <div>
          <dt>{trans.__('Channels')}</dt>
          <dd>
            {channelsText(draft.channels, list?.engine ?? null) ||
              trans.__('none')}
          </dd>
        </div>
        <div>
          <dt>{stepLabel('kernel', trans)}</dt>
          <dd>{stepValue('kernel', draft, environments, trans)}</dd>
        </div>
      </dl>
      <PlanView
        state={state}
        onRetry={() => {
          wizard.replan();
        }}
        onCleanUp={() => {
          void commands.execute(CommandIDs.cleanUp);
        }}
      >
        {wrong !== null && <ChangeButton wizard={wizard} step={wrong} />}
      </PlanView>
      {refusal !== null && (
        <div role="alert">
          <Problem
            title={trans.__('It was not begun')}
            error={explain(refusal, trans)}
          >
            <ChangeButton
              wizard={wizard}
              step={stepOfFailure(refusal) ?? 'source'}
            />
          </Problem>
        </div>
      )}
    </>
  );
}

/** Leads to the step where something is to be changed. */
export function ChangeButton(props: {
  readonly wizard: Wizard;
  readonly step: Step;
}): React.JSX.Element {
  const { wizard, step } = props;
  const trans = useTranslation();
  return (
    <ActionButton
      primary
      onClick={() => {
        wizard.again(step);
      }}
    >
      {step === 'review'
        ? trans.__('Back to the review')
        : trans.__('Change: %1', stepLabel(step, trans))}
    </ActionButton>
  );
}
