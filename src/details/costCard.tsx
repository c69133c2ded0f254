/**
 * What an instance costs, as far as anyone can say, and for how long it has run.
 */
import React from 'react';

import type { InstanceDetails, Price } from '../api/types';
import { formatDuration, formatMoment, formatMoney } from '../format';
import { isBilled } from '../model/rows';
import type { InstanceRow } from '../model/rows';
import { CostNotes } from '../panel/notices';
import { useTranslation } from '../panel/translation';
import { uptimeText } from '../panel/rowText';
import { priceOrigin, pricePerHour } from '../words';
import { Card, Fact } from './card';

/** The card. */
export function CostCard(props: {
  readonly details: InstanceDetails;
  readonly row: InstanceRow;
  readonly price: Price | null;
  readonly now: number;
}): React.JSX.Element {
  const { details, row, price, now } = props;
  const trans = useTranslation();
  const cost = details.running_cost;
  const state = uptimeText(row, now, trans);
  const seconds =
    cost === null ? null : Math.max(0, (now - Date.parse(cost.since)) / 1000);
  const amount =
    seconds === null || price === null
      ? null
      : (price.amount_per_hour * seconds) / 3600;
  return (
    <Card title={trans.__('Cost and uptime')}>
      <dl className="jp-ci-fact-rows">
        <Fact term={trans.__('Price')}>
          <span title={priceOrigin(price, trans)}>
            {price === null
              ? pricePerHour(null, trans)
              : trans.__(
                  '%1 while it runs (estimate)',
                  pricePerHour(price, trans)
                )}
          </span>
        </Fact>
        {cost === null ? (
          <Fact term={trans.__('Uptime')}>
            <span title={state.title}>
              {isBilled(row.instance)
                ? trans.__('not known: Azure names only its last operation')
                : trans.__('It is not running.')}
            </span>
          </Fact>
        ) : (
          <>
            <Fact term={trans.__('Uptime')}>
              <span
                title={trans.__('Since %1', formatMoment(new Date(cost.since)))}
              >
                {formatDuration(seconds ?? 0, trans)}
              </span>
            </Fact>
            <Fact term={trans.__('Cost since it was started')}>
              {amount === null
                ? pricePerHour(null, trans)
                : price !== null &&
                  trans.__(
                    'about %1 (estimate)',
                    formatMoney(Math.round(amount * 100) / 100, price.currency)
                  )}
            </Fact>
          </>
        )}
      </dl>
      <CostNotes />
    </Card>
  );
}
