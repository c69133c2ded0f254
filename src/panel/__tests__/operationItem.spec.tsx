import { describe, expect, it, vi } from 'vitest';
import React from 'react';

import { operation } from '../../__tests__/builders';
import { render } from '../../__tests__/render';
import { OperationItem } from '../operationItem';

describe('an operation in the list', () => {
  it('leads to its log where its tools write one', async () => {
    const onShowLog = vi.fn();
    const host = await render(
      <>
        <OperationItem
          operation={operation('c1', { kind: 'disk.cleanup', target: '/' })}
          now={0}
          onDismiss={vi.fn()}
          onShowLog={onShowLog}
        />
        <OperationItem
          operation={operation('o1', { kind: 'instance.stop' })}
          now={0}
          onDismiss={vi.fn()}
          onShowLog={onShowLog}
        />
      </>
    );
    const buttons = [
      ...host.querySelectorAll<HTMLButtonElement>(
        '[aria-label^="View the log"]'
      )
    ];
    expect(buttons).toHaveLength(1);
    buttons[0]?.click();
    expect(onShowLog).toHaveBeenCalledWith('c1');
  });
});
