/**
 * Which VM sizes to offer, in which order, and which to propose. Pure.
 */
import type { VmSize } from '../api/types';

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
