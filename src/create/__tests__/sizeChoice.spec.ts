import { describe, expect, it } from 'vitest';

import { instance, vmSize } from '../../__tests__/builders';
import type { VmSize } from '../../api/types';
import {
  ALL_SIZES,
  filteredSizes,
  matchingSizes,
  proposedSize,
  recentSizes
} from '../sizeChoice';
import type { ISizeFilter } from '../sizeChoice';

function priced(name: string, amount: number | null, gpus = 0): VmSize {
  return vmSize(name, {
    gpus,
    price:
      amount === null
        ? null
        : {
            amount_per_hour: amount,
            currency: 'USD',
            source: 'Azure',
            as_of: '2026-03-01T00:00:00Z'
          }
  });
}

describe('the proposed size', () => {
  it('is the wanted one, however Azure spells it', () => {
    const sizes = [priced('Standard_A', 0.1), priced('Standard_B', 0.2)];
    expect(proposedSize(sizes, 'STANDARD_B')?.name).toBe('Standard_B');
  });

  it('is not the wanted one when that cannot be had', () => {
    const sizes = [
      priced('Standard_A', 0.1),
      vmSize('Standard_B', { creatable: false })
    ];
    expect(proposedSize(sizes, 'Standard_B')?.name).toBe('Standard_A');
  });

  it('is never one of unknown price while there is another', () => {
    const sizes = [priced('a', null), priced('b', 9), priced('c', null)];
    expect(proposedSize(sizes, '')?.name).toBe('b');
  });

  it('is none when nothing can be had', () => {
    expect(proposedSize([vmSize('a', { creatable: false })], '')).toBeNull();
  });
});

describe('the list of sizes', () => {
  it('takes a number before a unit as a whole', () => {
    const sizes = [
      vmSize('Standard_DS3_v2', { vcpus: 4 }),
      vmSize('Standard_NC24ads', { vcpus: 24 }),
      vmSize('Standard_D14', { vcpus: 14 })
    ];
    expect(matchingSizes(sizes, '4 cores').map(size => size.name)).toEqual([
      'Standard_DS3_v2'
    ]);
  });

  it('has what can be had first, then without GPU, then by price', () => {
    const sizes = [
      priced('gpu', 0.5, 1),
      priced('dear', 2),
      vmSize('full', { creatable: false }),
      priced('cheap', 0.1)
    ];
    expect(matchingSizes(sizes, '').map(size => size.name)).toEqual([
      'cheap',
      'dear',
      'gpu',
      'full'
    ]);
  });

  it('is searched by name, cores, memory and GPU', () => {
    const sizes = [
      vmSize('Standard_NC6', { vcpus: 6, memory_gb: 56, gpus: 1 }),
      vmSize('Standard_D4', { vcpus: 4, memory_gb: 16 })
    ];
    const found = (query: string): string[] =>
      matchingSizes(sizes, query).map(size => size.name);
    expect(found('gpu')).toEqual(['Standard_NC6']);
    expect(found('4 cores')).toEqual(['Standard_D4']);
    expect(found('nc 56 gb')).toEqual(['Standard_NC6']);
    expect(found('gpu 4 cores')).toEqual([]);
  });
});

describe('filters of sizes', () => {
  const gpu = vmSize('GPU', { gpus: 1, vcpus: 6, memory_gb: 112 });
  const small = vmSize('Small', { vcpus: 2, memory_gb: 4 });
  const unpriced = vmSize('Unpriced', { price: null, vcpus: 64 });
  const full = vmSize('Full', { creatable: false, vcpus: 4 });
  const all = [gpu, small, unpriced, full];
  it.each<[string, Partial<ISizeFilter>, readonly VmSize[]]>([
    ['nothing', {}, all],
    ['with GPUs', { kind: 'gpu' }, [gpu]],
    ['without', { kind: 'cpu' }, [small, unpriced, full]],
    ['of so many cores', { leastCores: 4 }, [gpu, unpriced, full]],
    ['of so much memory', { leastMemoryGb: 100 }, [gpu]],
    [
      'up to a price, none of unknown price',
      { mostPerHour: 1 },
      [gpu, small, full]
    ],
    ['that can be had', { onlyCreatable: true }, [gpu, small, unpriced]],
    ['that none has', { leastCores: 1000 }, []]
  ])('%s', (_, given, wanted) => {
    expect(filteredSizes(all, { ...ALL_SIZES, ...given })).toEqual(wanted);
  });
});

describe('sizes that were used last', () => {
  const sizes = ['A', 'B', 'C', 'D', 'E', 'F'].map(name => vmSize(name));
  it('are the last chosen one, then those of the person’s own instances', () => {
    const recent = recentSizes(sizes, 'b', [
      instance('old', { vm_size: 'C', created_at: '2026-01-01T00:00:00Z' }),
      instance('new', { vm_size: 'D', created_at: '2026-02-01T00:00:00Z' }),
      instance('same', { vm_size: 'B' }),
      instance('other', { vm_size: 'E', mine: false }),
      instance('gone', { vm_size: 'NO_LONGER_OFFERED' })
    ]);
    expect(recent.map(({ name }) => name)).toEqual(['B', 'D', 'C']);
  });

  it('are few', () => {
    const own = sizes.map(({ name }) => instance(name, { vm_size: name }));
    expect(recentSizes(sizes, '', own)).toHaveLength(4);
    expect(recentSizes(sizes, '', [])).toEqual([]);
  });
});
