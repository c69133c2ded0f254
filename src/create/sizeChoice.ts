/**
 * Which VM sizes to offer, in which order, and which to propose. Pure.
 */
import type { Instance, VmSize } from '../api/types';

/**
 * The size to propose: the wanted one if it can be had, else the cheapest that can be had.
 *
 * #### Notes
 * Sizes of unknown price are proposed last: a surprise should not be the default.
 */
export function proposedSize(
  sizes: readonly VmSize[],
  wanted: string
): VmSize | null {
  const creatable = sizes.filter(size => size.creatable);
  const same = wanted.toLowerCase();
  return (
    creatable.find(size => size.name.toLowerCase() === same) ??
    inOrder(creatable)[0] ??
    null
  );
}

/**
 * The sizes that have all words in their name, family or properties, in the order to show.
 *
 * #### Notes
 * A number before a unit is meant as a whole: "4 cores" is not a size of 24.
 */
export function matchingSizes(
  sizes: readonly VmSize[],
  query: string
): readonly VmSize[] {
  const phrases =
    query.toLowerCase().match(/\d+(?:\.\d+)?\s+(?:cores?|gb|gpus?)\b|\S+/g) ??
    [];
  const words = phrases.map(phrase => phrase.replace(/\s+/, ' '));
  return inOrder(
    sizes.filter(size => {
      const text = [
        size.name,
        size.family,
        `${size.vcpus} cores`,
        `${size.memory_gb} gb`,
        size.gpus > 0 ? `${size.gpus} gpu` : ''
      ]
        .join('\n')
        .toLowerCase();
      return words.every(word =>
        word.includes(' ')
          ? text.split('\n').some(each => each.startsWith(word))
          : text.includes(word)
      );
    })
  );
}

/** Which sizes a person wants to see; empty and null mean: all. */
export interface ISizeFilter {
  readonly kind: 'any' | 'cpu' | 'gpu';
  readonly leastCores: number | null;
  readonly leastMemoryGb: number | null;
  readonly mostPerHour: number | null;
  /** Without those that cannot be had. */
  readonly onlyCreatable: boolean;
}

export const ALL_SIZES: ISizeFilter = {
  kind: 'any',
  leastCores: null,
  leastMemoryGb: null,
  mostPerHour: null,
  onlyCreatable: false
};

/** The sizes that a filter lets through; with a limit of the price, none of unknown price. */
export function filteredSizes(
  sizes: readonly VmSize[],
  filter: ISizeFilter
): readonly VmSize[] {
  const { kind, leastCores, leastMemoryGb, mostPerHour, onlyCreatable } =
    filter;
  return sizes.filter(
    size =>
      (kind === 'any' || (kind === 'gpu') === size.gpus > 0) &&
      size.vcpus >= (leastCores ?? 0) &&
      size.memory_gb >= (leastMemoryGb ?? 0) &&
      (mostPerHour === null || priceOf(size) <= mostPerHour) &&
      (size.creatable || !onlyCreatable)
  );
}

/**
 * The sizes that were used last: the last one chosen here first, then those of the person's own
 * instances, the newest first.
 */
export function recentSizes(
  sizes: readonly VmSize[],
  last: string,
  instances: readonly Instance[]
): readonly VmSize[] {
  const own = instances
    .filter(({ mine }) => mine)
    .sort((a, b) => (b.created_at ?? '').localeCompare(a.created_at ?? ''))
    .map(({ vm_size }) => vm_size);
  const names = new Set([last, ...own].map(each => each.toLowerCase()));
  return [...names]
    .flatMap(name => sizes.filter(each => each.name.toLowerCase() === name))
    .slice(0, MOST_RECENT);
}

const MOST_RECENT = 4;

/** Those that can be had first, then by GPUs, price and cores. */
function inOrder(sizes: readonly VmSize[]): readonly VmSize[] {
  return [...sizes].sort(
    (a, b) =>
      Number(b.creatable) - Number(a.creatable) ||
      a.gpus - b.gpus ||
      priceOf(a) - priceOf(b) ||
      a.vcpus - b.vcpus ||
      a.name.localeCompare(b.name)
  );
}

function priceOf(size: VmSize): number {
  // Not Infinity: the difference of two would be NaN.
  return size.price?.amount_per_hour ?? Number.MAX_VALUE;
}
