/**
 * When the instance starts and stops by itself.
 */
import React from 'react';

import { useTranslation } from '../panel/translation';
import { IdleShutdownField } from '../schedules/idleShutdownField';
import { SchedulesField } from '../schedules/schedulesField';
import { useSchedulePreview } from '../schedules/useSchedulePreview';
import { FieldPlace, lockedText } from './fields';
import { useSpec } from './specContext';

/** The section. */
export function SchedulesSection(): React.JSX.Element {
  const { form, manager, problems } = useSpec();
  const trans = useTranslation();
  const { specs } = manager.client;
  const { idleShutdown, schedules } = form.draft;
  const { preview } = useSchedulePreview(specs, schedules);
  const whyNot = (field: string): string | null =>
    form.isPartlyLocked(field) ? lockedText(trans) : null;
  return (
    <>
      <FieldPlace field="idle_shutdown">
        <h4>{trans.__('Idle shutdown')}</h4>
        <IdleShutdownField
          value={idleShutdown}
          problems={problems}
          whyNot={whyNot('idle_shutdown')}
          onChange={value => {
            form.choose({ idleShutdown: value });
          }}
        />
      </FieldPlace>
      <FieldPlace field="schedules">
        <h4>{trans.__('Schedules')}</h4>
        <SchedulesField
          schedules={schedules}
          client={specs}
          problems={problems}
          firings={preview?.firings ?? []}
          whyNot={whyNot('schedules')}
          onChange={changed => {
            form.choose({ schedules: changed });
          }}
        />
      </FieldPlace>
    </>
  );
}
