/**
 * What of a line a terminal would leave on the screen: carriage returns, escape sequences and control
 * characters. It knows no colours and no DOM, and runs in the search's worker, too.
 */

const ESC = '\u001b';
const BEL = '\u0007';

/**
 * ECMA-48: control sequences, strings up to their terminator, and escapes of two characters.
 */
const ESCAPES = new RegExp(
  [
    String.raw`${ESC}\[[0-?]*[ -/]*[@-~]`,
    String.raw`${ESC}\][^${BEL}${ESC}\n]*(?:${BEL}|${ESC}\\)?`,
    String.raw`${ESC}[PX^_][^${ESC}\n]*(?:${ESC}\\)?`,
    String.raw`${ESC}[ -/]*[0-OQ-WYZ\\\u0060-~]`
  ].join('|'),
  'g'
);

/** Select graphic rendition: colours and decorations. */
const STYLE = new RegExp(String.raw`${ESC}\[[0-9;:]*m`, 'g');

/** Characters that a terminal obeys, and that turn the direction of what follows. */
const INVISIBLE = new RegExp(
  String.raw`[^\P{Cc}\t\n${ESC}]|[\u202a-\u202e\u2066-\u2069]`,
  'gu'
);

const DELETE = 0x7f;
const SPACE = 0x20;

/** A line of more characters is cut where it is drawn or searched. */
const LONGEST_LINE = 16 * 1024;

/** Whether there is an escape sequence in a text. */
export function hasEscapes(text: string): boolean {
  return text.includes(ESC);
}

/** The sequences of a text that set colours and decorations, in their order. */
export function stylesIn(text: string): string {
  return hasEscapes(text) ? (text.match(STYLE) ?? []).join('') : '';
}

/**
 * A line with nothing left of what a terminal would obey, but for colours and decorations.
 *
 * #### Notes
 * Of a progress bar, which returns to the beginning of its line, the newest state remains. Other
 * control characters become visible.
 */
export function styledLine(raw: string): string {
  let line = raw;
  let before = '';
  if (line.includes('\r')) {
    const parts = line.split('\r');
    const last = parts.reduce(
      (found, part, index) => (isBlank(part) ? found : index),
      0
    );
    before = stylesIn(parts.slice(0, last).join(''));
    line = parts[last] ?? '';
  }
  if (line.length > LONGEST_LINE) {
    line = `${line.slice(0, LONGEST_LINE)}…`;
  }
  if (hasEscapes(line)) {
    line = line.replace(ESCAPES, found =>
      found.replace(STYLE, '') === '' ? normal(found) : ''
    );
    // What is left of an escape that leads nowhere.
    line = line.replace(new RegExp(`${ESC}(?!\\[[0-9;]*m)`, 'g'), '␛');
  }
  return before + line.replace(INVISIBLE, visible);
}

/** A line as it can be read, without any style. */
export function plainLine(raw: string): string {
  const line = styledLine(raw);
  return hasEscapes(line) ? line.replace(STYLE, '') : line;
}

/**
 * Text of several lines as it can be read.
 *
 * #### Notes
 * All at once where no line needs a look of its own, which is several times as fast.
 */
export function plainText(raw: string): string {
  if (raw.includes('\r') || hasLongLine(raw)) {
    return raw.split('\n').map(plainLine).join('\n');
  }
  const text = hasEscapes(raw)
    ? raw.replace(ESCAPES, '').replaceAll(ESC, '␛')
    : raw;
  return text.replace(INVISIBLE, visible);
}

function hasLongLine(text: string): boolean {
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    if ((end === -1 ? text.length : end) - start > LONGEST_LINE) {
      return true;
    }
    start = end === -1 ? text.length : end + 1;
  }
  return false;
}

function isBlank(part: string): boolean {
  return part.replace(ESCAPES, '') === '';
}

/** ISO 8613-6 writes colours with colons, most programs with semicolons. */
function normal(sequence: string): string {
  return sequence
    .replace(/([34]8:2):\d*:(?=\d+:\d+:\d+)/g, '$1:')
    .replace(/\b4:\d+/g, '4')
    .replaceAll(':', ';');
}

function visible(character: string): string {
  const code = character.charCodeAt(0);
  if (code < SPACE) {
    return String.fromCharCode(0x2400 + code);
  }
  return code === DELETE
    ? '␡'
    : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
