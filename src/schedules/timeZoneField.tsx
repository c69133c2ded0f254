/**
 * The time zone of a schedule, chosen among those that Azure knows.
 */
import { HTMLSelect } from '@jupyterlab/ui-components';
import React, { useMemo } from 'react';

import type { TimeZones } from '../api/types';
import { Field } from '../environments/field';
import { useTranslation } from '../panel/translation';

/** Zones of one part of the world. */
interface IGroup {
  readonly area: string;
  readonly zones: readonly string[];
}

/** The field. A zone that is in use can be kept, even where the list has it not. */
export function TimeZoneField(props: {
  readonly id: string;
  readonly value: string;
  readonly zones: TimeZones | null;
  readonly problem: string | null;
  readonly onChange: (value: string) => void;
}): React.JSX.Element {
  const { id, value, zones, problem, onChange } = props;
  const trans = useTranslation();
  const groups = useMemo(() => groupsOf(zones?.items ?? []), [zones]);
  const near = [...new Set([zones?.local ?? 'UTC', 'UTC', value])];
  return (
    <Field id={id} label={trans.__('Time zone')} problem={problem}>
      <HTMLSelect
        id={id}
        className="jp-ci-select"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-says`}
        value={value}
        onChange={event => {
          onChange(event.target.value);
        }}
      >
        {near.map(each => (
          <option key={each} value={each}>
            {each === zones?.local
              ? trans.__('%1 (this Jupyter server’s)', each)
              : each}
          </option>
        ))}
        {groups.map(({ area, zones: items }) => (
          <optgroup key={area} label={area}>
            {items
              .filter(each => !near.includes(each))
              .map(each => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
          </optgroup>
        ))}
      </HTMLSelect>
    </Field>
  );
}

function groupsOf(zones: readonly string[]): readonly IGroup[] {
  const areas = new Map<string, string[]>();
  for (const zone of [...zones].sort()) {
    const [area = zone] = zone.split('/');
    areas.set(area, [...(areas.get(area) ?? []), zone]);
  }
  return [...areas].map(([area, items]) => ({ area, zones: items }));
}
