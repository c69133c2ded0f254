import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { operation } from '../../__tests__/builders';
import { cleanupPlan, cleanupStep, GB } from '../../__tests__/diskBuilders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { button, happens } from '../../__tests__/render';
import type { CleanupReport, Operation } from '../../api/types';
import type { CiManager } from '../../model/manager';
import { askToCleanUp } from '../cleanupDialog';
import { isChosenAtFirst } from '../cleanupForm';
import { commandText } from '../cleanupStepItem';

const trans = nullTranslator.load('');
const PLAN = 'POST disk/cleanup/plan';
const RUN = 'POST disk/cleanup';

const RUNNING: Operation = operation('c1', {
  kind: 'disk.cleanup',
  target: '/',
  message: 'Emptying the cache',
  cancellable: true
});

const STEPS = [
  cleanupStep('conda'),
  cleanupStep('trash', {
    kind: 'empty_trash',
    bytes: 3 * GB,
    command: ['Remove what is in the trash'],
    why_safe: 'It is lost for good.'
  }),
  cleanupStep('docker', {
    kind: 'docker_prune',
    bytes: null,
    available: false,
    reason: 'Docker is not running.'
  })
];

let server: FakeServer;
let manager: CiManager;

async function settle(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 30));
}

function dialog(): HTMLElement {
  const found = document.querySelector<HTMLElement>('.jp-Dialog');
  if (found === null) {
    throw new Error('There is no dialog.');
  }
  return found;
}

function accept(): HTMLButtonElement {
  return dialog().querySelector('.jp-mod-accept') as HTMLButtonElement;
}

function box(title: string): HTMLInputElement {
  const label = [...dialog().querySelectorAll('label')].find(each =>
    each.textContent?.includes(title)
  );
  return label?.querySelector('input') as HTMLInputElement;
}

async function open(trash: readonly string[] = []): Promise<void> {
  await happens(async () => {
    void askToCleanUp(manager, trans, trash);
    await settle();
  });
}

async function click(element: HTMLElement): Promise<void> {
  await happens(async () => {
    element.click();
    await settle();
  });
}

function ends(
  results: CleanupReport['results'],
  given: Partial<Operation> = {}
): void {
  const freed = results.reduce((sum, each) => sum + each.bytes_freed, 0);
  server.on('GET disk/cleanup', () => ({
    report: {
      operation_id: 'c1',
      dry_run: false,
      results,
      bytes_freed: freed
    }
  }));
  manager.operations.apply({
    ...RUNNING,
    state: 'succeeded',
    revision: 9,
    ...given
  });
}

beforeEach(() => {
  server = new FakeServer()
    .on(PLAN, () => cleanupPlan(STEPS))
    .on(RUN, () => json(RUNNING, 202))
    .on('GET disk/cleanup', () => ({ report: null }))
    .on('GET operations', () => ({ items: [], warning: null }));
  ({ manager } = managerOf(server));
});

afterEach(async () => {
  await happens(() => {
    document
      .querySelector<HTMLElement>('.jp-Dialog-footer .jp-mod-reject')
      ?.click();
  });
  manager.dispose();
});

describe('the dialog that cleans up', () => {
  it('shows what can be removed, why that is safe, and what runs', async () => {
    await open();
    expect(dialog().textContent).toContain('It is downloaded again.');
    expect(dialog().querySelector('code')?.textContent).toBe(
      'conda clean --all'
    );
    expect(dialog().textContent).toContain('2 GB chosen');
  });

  it('has the focus while it is still being planned, so that Escape closes it', async () => {
    server.on(PLAN, () => new Promise(() => undefined));
    await open();
    expect(accept().disabled).toBe(true);
    expect(document.activeElement).toBe(button(dialog(), 'Close'));
    await happens(async () => {
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })
      );
      await settle();
    });
    expect(document.querySelector('.jp-Dialog')).toBeNull();
  });

  it('chooses at first only what comes back by itself', async () => {
    await open();
    expect(box('Step conda').checked).toBe(true);
    expect(box('Step trash').checked).toBe(false);
    await click(box('Step trash'));
    expect(dialog().textContent).toContain('5 GB chosen');
  });

  it('shows what cannot be done greyed, with the reason', async () => {
    await open();
    expect(box('Step docker').disabled).toBe(true);
    expect(dialog().textContent).toContain('Docker is not running.');
  });

  it('runs the chosen steps in the order of the plan, and stays to show them', async () => {
    await open();
    await click(box('Step trash'));
    await click(accept());
    expect(server.bodies[1]).toEqual({
      plan_id: 'plan-1',
      steps: ['conda', 'trash'],
      dry_run: false
    });
    expect(dialog().textContent).toContain('Emptying the cache');
    expect(accept().disabled).toBe(true);
  });

  it('has one button left when all is over, which has the focus', async () => {
    await open();
    const close = button(dialog(), 'Close');
    await click(accept());
    expect(close.hidden).toBe(false);
    close.focus();
    await happens(() => {
      ends([]);
    });
    expect(close.hidden).toBe(true);
    expect(accept().textContent).toBe('Done');
    expect(document.activeElement).toBe(accept());
  });

  it('says of each step what it really freed, and what to do about those that failed', async () => {
    await open();
    await click(accept());
    await happens(async () => {
      ends([
        {
          id: 'conda',
          title: '',
          state: 'failed',
          bytes_freed: GB,
          message: '',
          error: {
            code: 'CommandFailed',
            message: 'conda ended with status 1.',
            hint: 'Run it in a terminal.',
            details: null,
            request_id: null
          }
        }
      ]);
      await settle();
    });
    expect(dialog().textContent).toContain('Failed, 1 GB freed.');
    expect(dialog().textContent).toContain('Run it in a terminal.');
    expect(dialog().textContent).toContain('1 GB freed');
    expect(accept().textContent).toBe('Done');
    await click(accept());
    expect(document.querySelector('.jp-Dialog')).toBeNull();
  });

  it('removes nothing in a dry run, and can be meant afterwards', async () => {
    await open();
    await click(box('Dry run'));
    expect(accept().textContent).toBe('Try it out');
    await click(accept());
    await happens(async () => {
      server.on('GET disk/cleanup', () => ({
        report: {
          operation_id: 'c1',
          dry_run: true,
          bytes_freed: 0,
          results: [
            {
              id: 'conda',
              title: '',
              state: 'skipped',
              bytes_freed: 0,
              message: 'It would run conda clean.',
              error: null
            }
          ]
        }
      }));
      manager.operations.apply({ ...RUNNING, state: 'succeeded', revision: 2 });
      await settle();
    });
    expect(server.bodies[1]).toMatchObject({ dry_run: true });
    expect(dialog().textContent).toContain('It would run conda clean.');
    expect(dialog().textContent).toContain('nothing was removed');
    expect(accept().disabled).toBe(false);
  });

  it('plans anew when the plan is too old', async () => {
    server.on(RUN, () =>
      refusal(409, 'PlanExpired', { hint: 'Make the plan anew.' })
    );
    await open();
    await click(accept());
    expect(dialog().textContent).toContain('Make the plan anew.');
    await click(button(dialog(), 'Plan again'));
    expect(server.count(PLAN)).toBe(2);
    expect(box('Step conda').checked).toBe(true);
  });

  it('can be cancelled while it runs', async () => {
    server.on(
      'DELETE operations/c1',
      () => new Response(null, { status: 204 })
    );
    await open();
    await click(accept());
    await click(button(dialog(), 'Stop cleaning up'));
    expect(server.count('DELETE operations/c1')).toBe(1);
  });

  it('that is closed while it runs leaves its end to a notification', async () => {
    const startedHere = vi.fn();
    manager.operations.startedHere.connect(startedHere);
    await open();
    await click(accept());
    expect(startedHere).not.toHaveBeenCalled();
    await click(
      dialog().querySelector('.jp-Dialog-footer .jp-mod-reject') as HTMLElement
    );
    expect(startedHere).toHaveBeenCalledOnce();
  });

  it('says where else to look when there is nothing to remove', async () => {
    server.on(PLAN, () => cleanupPlan([]));
    await open();
    expect(dialog().textContent).toContain('What uses it?');
    expect(accept().disabled).toBe(true);
  });

  it('moves what was pointed at to the trash, and says that it is on the same disk', async () => {
    server.on(PLAN, () =>
      cleanupPlan([cleanupStep('t', { kind: 'move_to_trash' })])
    );
    await open(['file:///home/data.parquet']);
    expect(server.bodies[0]).toEqual({ trash: ['file:///home/data.parquet'] });
    expect(dialog().textContent).toContain('on the same disk');
    expect(accept().textContent).toBe('Move to trash');
  });
});

describe('a step', () => {
  it('that frees nothing is not chosen', () => {
    expect(isChosenAtFirst(cleanupStep('a', { bytes: 0 }))).toBe(false);
    expect(isChosenAtFirst(cleanupStep('a', { bytes: null }))).toBe(true);
  });

  it('shows its command as one would type it', () => {
    expect(
      commandText(cleanupStep('a', { command: ['rm', "it's here", '--x=1'] }))
    ).toBe(`rm 'it'\\''s here' --x=1`);
  });
});
