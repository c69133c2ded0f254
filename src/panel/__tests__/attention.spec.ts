import { DisposableDelegate } from '@lumino/disposable';
import { Panel, Widget } from '@lumino/widgets';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Attention, watchWhileVisible } from '../attention';

/** A watch, and how many of it are held. */
function counted(): {
  readonly watch: () => DisposableDelegate;
  held: () => number;
} {
  let held = 0;
  const watch = (): DisposableDelegate => {
    held += 1;
    return new DisposableDelegate(() => {
      held -= 1;
    });
  };
  return { watch, held: () => held };
}

/** What holds a watch, and how many it holds. */
function watched(): { readonly attention: Attention; held: () => number } {
  const { watch, held } = counted();
  return { attention: new Attention(watch), held };
}

function hidePage(hidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('attention', () => {
  it('is one watch while the view is visible', () => {
    const { attention, held } = watched();
    expect(held()).toBe(0);
    attention.visible = true;
    attention.visible = true;
    expect(held()).toBe(1);
    attention.visible = false;
    expect(held()).toBe(0);
  });

  it('goes while the browser tab is hidden, and comes back with it', () => {
    const { attention, held } = watched();
    attention.visible = true;
    hidePage(true);
    expect(held()).toBe(0);
    hidePage(false);
    expect(held()).toBe(1);
    attention.dispose();
  });

  it('does not come for a view that is closed, whatever the browser tab does', () => {
    const { attention, held } = watched();
    hidePage(true);
    hidePage(false);
    expect(held()).toBe(0);
    attention.visible = true;
    attention.dispose();
    hidePage(false);
    expect(held()).toBe(0);
  });
});

describe('the watch of a widget', () => {
  it('is held while the widget is on the page and not hidden', () => {
    hidePage(false);
    const { watch, held } = counted();
    const widget = new Widget();
    watchWhileVisible(widget, watch);
    const tabs = new Panel();
    tabs.addWidget(widget);
    expect(held()).toBe(0);
    Widget.attach(tabs, document.body);
    expect(held()).toBe(1);
    tabs.hide();
    expect(held()).toBe(0);
    tabs.show();
    expect(held()).toBe(1);
    Widget.detach(tabs);
    expect(held()).toBe(0);
    widget.hide();
    Widget.attach(tabs, document.body);
    expect(held()).toBe(0);
    widget.show();
    expect(held()).toBe(1);
    widget.dispose();
    expect(held()).toBe(0);
    tabs.dispose();
  });
});
