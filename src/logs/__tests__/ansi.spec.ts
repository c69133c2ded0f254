import { describe, expect, it } from 'vitest';

import { PLAIN, spansOf, styleAfter } from '../ansi';

const ESC = '\u001b';

describe('the colours of a line', () => {
  it('are names of classes, never markup', () => {
    expect(spansOf(`a${ESC}[1;31m<b>${ESC}[0mc`, PLAIN)).toEqual([
      { text: 'a', className: null, style: null },
      {
        text: '<b>',
        className: 'jp-mod-bold jp-ci-front-red',
        style: null
      },
      { text: 'c', className: null, style: null }
    ]);
  });

  it('are six digits where they have no name', () => {
    expect(spansOf(`${ESC}[38;5;196;48;2;1;2;300mx`, PLAIN)).toEqual([
      {
        text: 'x',
        className: null,
        style: { color: '#ff0000', backgroundColor: '#0102ff' }
      }
    ]);
  });

  it('are none that a log could make up', () => {
    for (const sequence of ['38;5;999', '38;5;-1', '38;2;1', '48;5;x']) {
      const [span] = spansOf(`${ESC}[${sequence}mx`, PLAIN);
      const { color, backgroundColor } = span?.style ?? {};
      expect(
        [color, backgroundColor].every(
          value =>
            value === undefined ||
            value === 'inherit' ||
            /^#[0-9a-f]{6}$/.test(value)
        )
      ).toBe(true);
    }
  });

  it.each([
    ['31', 'jp-ci-front-red'],
    ['91', 'jp-ci-front-red'],
    ['38;5;12', 'jp-ci-front-blue'],
    ['44', 'jp-ci-back-blue'],
    ['1;3;4;9;53', 'jp-mod-bold'],
    ['7;32', 'jp-ci-back-green']
  ])('hold on in the lines that follow: %s', (sequence, expected) => {
    const raw = `${ESC}[${sequence}mx`;
    const after = styleAfter(PLAIN, raw);
    expect(spansOf('x', after)).toEqual(spansOf(raw, PLAIN));
    expect(spansOf('x', after)[0]?.className).toContain(expected);
    expect(styleAfter(after, `y${ESC}[0m`)).toBe(PLAIN);
  });

  it('hold on where they have no name, too', () => {
    const raw = `${ESC}[38;2;10;20;30;48;5;200mx`;
    expect(spansOf('x', styleAfter(PLAIN, raw))).toEqual(spansOf(raw, PLAIN));
  });
});
