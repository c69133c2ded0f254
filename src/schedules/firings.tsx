/**
 * When a schedule fires next, so that nobody has to trust an expression.
 */
import React from 'react';

import type { InstanceSchedule } from '../api/types';
import { formatMoment } from '../format';
import { useTranslation } from '../panel/translation';
import { firingText } from './words';

/** The list. */
export function Firings(props: {
  readonly schedule: InstanceSchedule;
  /** Moments in ISO 8601; undefined as long as they are not known. */
  readonly moments: readonly string[] | undefined;
}): React.JSX.Element {
  const { schedule, moments } = props;
  const trans = useTranslation();
  if (moments === undefined) {
    return <></>;
  }
  if (!schedule.enabled) {
    return <p className="jp-ci-hint">{trans.__('It is switched off.')}</p>;
  }
  if (moments.length === 0) {
    return <p className="jp-ci-hint">{trans.__('It never fires.')}</p>;
  }
  return (
    <div className="jp-ci-firings">
      <span>
        {schedule.action === 'start'
          ? trans.__('Starts next:')
          : trans.__('Stops next:')}
      </span>
      <ol>
        {moments.map(each => (
          <li key={each}>
            <time dateTime={each} title={formatMoment(new Date(each))}>
              {firingText(new Date(each), schedule.time_zone)}
            </time>
          </li>
        ))}
      </ol>
    </div>
  );
}
