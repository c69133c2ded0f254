/**
 * Draws a view into the page of a test, and takes it away after it.
 */
import React, { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach } from 'vitest';

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) {
    cleanup();
  }
});

/** Draw a view; resolves to the element it was drawn into. */
export async function render(view: React.JSX.Element): Promise<HTMLElement> {
  const host = document.createElement('div');
  document.body.appendChild(host);
  const root = createRoot(host);
  cleanups.push(() => {
    act(() => {
      root.unmount();
    });
    host.remove();
  });
  await act(async () => {
    root.render(<React.StrictMode>{view}</React.StrictMode>);
    await Promise.resolve();
  });
  return host;
}

/** Let something happen, and the views draw what came of it. */
export async function happens(something: () => unknown): Promise<void> {
  await act(async () => {
    await something();
  });
}

/** Type into a field as a person would. */
export async function type(
  field: HTMLInputElement,
  text: string
): Promise<void> {
  await happens(() => {
    // React overrides the value of its inputs; the prototype's setter is the browser's.
    Object.getOwnPropertyDescriptor(
      HTMLInputElement.prototype,
      'value'
    )?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

/** The button with this text or label. */
export function button(host: Element, label: string): HTMLButtonElement {
  const found = [...host.querySelectorAll('button')].find(
    each =>
      each.textContent === label || each.getAttribute('aria-label') === label
  );
  if (found === undefined) {
    throw new Error(`There is no button “${label}” in ${host.innerHTML}`);
  }
  return found;
}
