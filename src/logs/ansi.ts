/**
 * Colours and decorations of a line, as pieces of text with class names; no DOM, no markup.
 */
import {
  createAnsiSequenceParser,
  createColorPalette
} from 'ansi-sequence-parser';
import type { Color, ParseToken } from 'ansi-sequence-parser';

import { hasEscapes, styledLine, stylesIn } from './lineText';

/**
 * A piece of a line that looks the same throughout.
 */
export interface ISpan {
  readonly text: string;
  /** Class names, or null where it looks like any text. */
  readonly className: string | null;
  /** Of colours that are none of the sixteen with a name. */
  readonly style: ISpanStyle | null;
}

/**
 * Colours as the log says them, six hexadecimal digits each.
 */
export interface ISpanStyle {
  readonly color?: string;
  readonly backgroundColor?: string;
}

/** What holds at the beginning of a log. */
export const PLAIN = '';

const palette = createColorPalette();

/** The named colours of a terminal, in the order of their codes. */
const NAMES = [
  ...['black', 'red', 'green', 'yellow'],
  ...['blue', 'magenta', 'cyan', 'white']
];

/**
 * The style that holds after a text, as a sequence that brings it about.
 *
 * @param style - The one that holds before it.
 */
export function styleAfter(style: string, text: string): string {
  const sequences = stylesIn(text);
  if (sequences === '') {
    return style;
  }
  const tokens = createAnsiSequenceParser().parse(`${style}${sequences}x`);
  const last = tokens[tokens.length - 1];
  return last === undefined ? PLAIN : sequenceOf(last);
}

/**
 * The pieces of a line.
 *
 * @param style - The one that holds at its beginning.
 */
export function spansOf(raw: string, style: string): readonly ISpan[] {
  const line = styledLine(raw);
  if (style === PLAIN && !hasEscapes(line)) {
    return [{ text: line, className: null, style: null }];
  }
  return createAnsiSequenceParser().parse(`${style}${line}`).map(spanOf);
}

function spanOf(token: ParseToken): ISpan {
  const reversed = token.decorations.has('reverse');
  const [front, back] = reversed
    ? [token.background, token.foreground]
    : [token.foreground, token.background];
  const classes = [...token.decorations].map(each => `jp-mod-${each}`);
  const style: { color?: string; backgroundColor?: string } = {};
  const frontName = nameOf(front);
  const backName = nameOf(back);
  if (frontName !== null) {
    classes.push(`jp-ci-front-${frontName}`);
  } else if (front !== null) {
    style.color = hexOf(front);
  }
  if (backName !== null) {
    classes.push(`jp-ci-back-${backName}`);
  } else if (back !== null) {
    style.backgroundColor = hexOf(back);
  }
  return {
    text: token.value,
    className: classes.length === 0 ? null : classes.join(' '),
    style: Object.keys(style).length === 0 ? null : style
  };
}

/** The name of a colour that has one; bright ones have that of the darker. */
function nameOf(color: Color | null): string | null {
  if (color?.type === 'table' && color.index < 2 * NAMES.length) {
    return NAMES[color.index % NAMES.length] ?? null;
  }
  return color?.type === 'named'
    ? color.name.replace('bright', '').toLowerCase()
    : null;
}

function hexOf(color: Color): string {
  const known = color.type !== 'table' || isInTable(color.index);
  const hex = known ? palette.value(color) : '';
  return /^#[0-9a-f]{6}$/.test(hex) ? hex : 'inherit';
}

function isInTable(index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < 256;
}

const DECORATIONS: Readonly<Record<string, number>> = {
  bold: 1,
  dim: 2,
  italic: 3,
  underline: 4,
  reverse: 7,
  hidden: 8,
  strikethrough: 9,
  overline: 53
};

function sequenceOf(token: ParseToken): string {
  const codes = [...token.decorations].map(each => DECORATIONS[each] ?? 0);
  const parts = [
    ...codes.map(String),
    ...(token.foreground === null ? [] : [codeOf(token.foreground, 30)]),
    ...(token.background === null ? [] : [codeOf(token.background, 40)])
  ];
  return parts.length === 0 ? PLAIN : `\u001b[${parts.join(';')}m`;
}

/** @param base - 30 for the foreground, 40 for the background. */
function codeOf(color: Color, base: number): string {
  switch (color.type) {
    case 'named': {
      const bright = color.name.startsWith('bright') ? 60 : 0;
      return String(base + bright + NAMES.indexOf(nameOf(color) ?? 'white'));
    }
    case 'table':
      return `${base + 8};5;${color.index}`;
    case 'rgb':
      return `${base + 8};2;${color.rgb.join(';')}`;
  }
}
