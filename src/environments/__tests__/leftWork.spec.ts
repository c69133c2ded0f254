import { Widget } from '@lumino/widgets';
import { describe, expect, it, vi } from 'vitest';

import { work } from '../../__tests__/environmentBuilders';
import type { Operation } from '../../api/types';
import type { IEnvironmentWork } from '../../tokens';
import { LeftWork } from '../leftWork';

function page(current: () => Operation | null): {
  readonly widget: Widget;
  readonly left: LeftWork;
  readonly told: ReturnType<typeof vi.fn>;
} {
  const told = vi.fn();
  const widget = new Widget();
  Widget.attach(widget, document.body);
  const left = new LeftWork(
    widget,
    { environmentWork: { leave: told } as unknown as IEnvironmentWork },
    current
  );
  return { widget, left, told };
}

describe('a page that is left while work is under way', () => {
  it('lets a notification tell its end, once', () => {
    const operation = work('o');
    const { widget, left, told } = page(() => operation);
    widget.hide();
    widget.show();
    widget.hide();
    left.dispose();
    expect(told.mock.calls).toEqual([[operation]]);
  });

  it('does so when it is closed, too', () => {
    const { left, told } = page(() => work('o'));
    left.dispose();
    expect(told).toHaveBeenCalledOnce();
  });

  it('says nothing of work that has ended, or of none', () => {
    let current: Operation | null = null;
    const { widget, left, told } = page(() => current);
    widget.hide();
    current = work('o', { state: 'succeeded' });
    left.dispose();
    expect(told).not.toHaveBeenCalled();
  });
});
