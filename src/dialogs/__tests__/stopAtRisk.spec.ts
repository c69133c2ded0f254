import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';

import type { Price } from '../../api/types';
import { consequence } from '../stopAtRiskDialog';

const trans = nullTranslator.load('');
const PRICE: Price = {
  amount_per_hour: 0.27,
  currency: 'EUR',
  as_of: '2026-11-01',
  source: 'Azure Retail Prices'
};

function said(code: string, price: Price | null): string {
  return consequence(
    {
      name: 'amy-gpu',
      action: 'stop',
      error: {
        code,
        message: '',
        hint: null,
        details: null,
        request_id: null
      },
      instance: null,
      price,
      isOwn: false
    },
    trans
  );
}

describe('what a full disk means', () => {
  it('is what Azure would do, while nothing has been asked of it', () => {
    expect(said('DiskNearlyFull', PRICE)).toMatch(
      /^Azure refuses to stop .* amy-gpu would go on costing .*0\.27/
    );
    expect(said('DiskNearlyFull', null)).toContain('price unknown');
  });

  it('is what goes on, once Azure has refused', () => {
    expect(said('InstanceDiskFull', PRICE)).toMatch(
      /^amy-gpu goes on costing .*0\.27/
    );
    expect(said('InstanceDiskFull', null)).toBe(
      'amy-gpu goes on being billed (price unknown).'
    );
  });
});
