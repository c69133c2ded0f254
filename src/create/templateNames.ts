/**
 * How files are recognised that the form can begin with. Pure.
 */

/** What the names of templates end in. */
export const TEMPLATE_END = '.ci.json';

/** What a file is to the form, by its name; null for none of its business. */
export function kindOfFile(name: string): 'template' | 'script' | null {
  const lower = name.toLowerCase();
  return lower.endsWith(TEMPLATE_END)
    ? 'template'
    : lower.endsWith('.sh')
      ? 'script'
      : null;
}
