/**
 * When an instance stops and starts by itself, changed where it is read.
 */
import React, { useEffect, useRef } from 'react';

import type { SpecsClient } from '../api/specsClient';
import type { InstanceDetails } from '../api/types';
import { explain } from '../failure';
import { ActionButton } from '../panel/buttons';
import { Problem } from '../panel/problem';
import { useTranslation } from '../panel/translation';
import { Firings } from '../schedules/firings';
import { isWithinLimits } from '../schedules/idleShutdown';
import { IdleShutdownField } from '../schedules/idleShutdownField';
import { SchedulesField } from '../schedules/schedulesField';
import { useSchedulePreview } from '../schedules/useSchedulePreview';
import { idleText, scheduleText } from '../schedules/words';
import { Card } from './card';
import type { DetailsDocument, ITimes } from './detailsDocument';

interface ITimesProps {
  readonly document: DetailsDocument;
  readonly client: SpecsClient;
  readonly details: InstanceDetails;
  /** Why nothing of it can be changed now, or null. */
  readonly whyNot: string | null;
  /** Why schedules cannot be changed, or null. */
  readonly whyNotSchedules: string | null;
}

/** The card. */
export function TimesCard(props: ITimesProps): React.JSX.Element {
  const { document: page } = props;
  const trans = useTranslation();
  const title = trans.__('Schedules and idle shutdown');
  const { draft, times } = page;
  const change = useRef<HTMLDivElement>(null);
  const isEdited = draft !== null;
  const wasEdited = useRef(isEdited);
  useEffect(() => {
    // The button that was pressed is gone: the focus stays in the card.
    if (wasEdited.current !== isEdited) {
      wasEdited.current = isEdited;
      change.current
        ?.querySelector<HTMLElement>('input:not(:disabled), button')
        ?.focus();
    }
  }, [isEdited]);
  return (
    <Card title={title}>
      <div ref={change} className="jp-ci-times">
        {draft !== null ? (
          <Editing {...props} draft={draft} />
        ) : times === null ? (
          <p>
            {trans.__('What Azure says of them cannot be understood here.')}
          </p>
        ) : (
          <Reading {...props} times={times} />
        )}
      </div>
    </Card>
  );
}

function Reading(
  props: ITimesProps & { readonly times: ITimes }
): React.JSX.Element {
  const { document: page, details, times, whyNot } = props;
  const trans = useTranslation();
  return (
    <>
      <dl className="jp-ci-fact-rows">
        <dt>{trans.__('Idle shutdown')}</dt>
        <dd>{idleText(times.idleShutdown, trans)}</dd>
        <dt>{trans.__('Schedules')}</dt>
        <dd>
          {times.schedules.length === 0 ? (
            trans.__('none')
          ) : (
            <ul>
              {times.schedules.map((schedule, index) => (
                <li key={index}>
                  {scheduleText(schedule, trans)}
                  <Firings
                    schedule={schedule}
                    moments={details.firings[index]?.slice(0, 1)}
                  />
                </li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
      <div className="jp-ci-buttons">
        <ActionButton
          whyNot={whyNot}
          label={trans.__('Change schedules and idle shutdown')}
          onClick={() => {
            page.edit();
          }}
        >
          {trans.__('Change…')}
        </ActionButton>
      </div>
    </>
  );
}

function Editing(
  props: ITimesProps & { readonly draft: ITimes }
): React.JSX.Element {
  const { document: page, client, draft, whyNot, whyNotSchedules } = props;
  const trans = useTranslation();
  const { preview, failure } = useSchedulePreview(client, draft.schedules);
  const problems = [...page.problems, ...(preview?.problems ?? [])];
  const isWrong =
    problems.some(({ severity }) => severity === 'error') ||
    (draft.idleShutdown !== null && !isWithinLimits(draft.idleShutdown));
  const refusal = page.refusal ?? failure;
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
      }}
    >
      <h4>{trans.__('Idle shutdown')}</h4>
      <IdleShutdownField
        value={draft.idleShutdown}
        problems={problems}
        onChange={idleShutdown => {
          page.edit({ idleShutdown });
        }}
      />
      <h4>{trans.__('Schedules')}</h4>
      <SchedulesField
        schedules={draft.schedules}
        client={client}
        problems={problems}
        firings={preview?.firings ?? []}
        whyNot={whyNotSchedules}
        onChange={schedules => {
          page.edit({ schedules });
        }}
      />
      {refusal !== null && page.problems.length === 0 && (
        <Problem error={explain(refusal, trans)} />
      )}
      <div className="jp-ci-buttons">
        <ActionButton
          primary
          whyNot={
            whyNot ??
            (isWrong
              ? trans.__('Something in it is wrong; it is said at its field.')
              : page.isChanged
                ? null
                : trans.__('Nothing is changed.'))
          }
          onClick={async () => {
            await page.save();
          }}
        >
          {trans.__('Save')}
        </ActionButton>
        <ActionButton
          onClick={() => {
            page.discard();
          }}
        >
          {trans.__('Cancel')}
        </ActionButton>
      </div>
    </form>
  );
}
