import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import React from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  instance,
  instanceList,
  workspaceStatus
} from '../../__tests__/builders';
import { FakeServer, managerOf } from '../../__tests__/fakeServer';
import { button, happens, render, type } from '../../__tests__/render';
import type { ScriptOutcome } from '../../api/types';
import { LogDocument } from '../logDocument';
import { LogView } from '../logView';
import { notifyOfScriptFailures } from '../scriptFailures';
import { SearchHere } from '../searchThread';
import {
  diagnosis,
  FakeLog,
  gone,
  logFile,
  logList,
  notFound
} from './fakeLog';

let held: IDisposable[] = [];

/** A page in which twenty lines are in sight, as jsdom lays nothing out. */
function layOut(): void {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(private readonly _tell: ResizeObserverCallback) {}
      observe(): void {
        const contentRect = { width: 500, height: 340 } as DOMRectReadOnly;
        this._tell([{ contentRect } as ResizeObserverEntry], this);
      }
      unobserve(): void {
        return;
      }
      disconnect(): void {
        return;
      }
    }
  );
}

async function shown(
  log: FakeLog,
  name: string | null = 'setup.log'
): Promise<{ readonly host: HTMLElement; readonly document: LogDocument }> {
  const { manager } = managerOf(log.server);
  const document = new LogDocument(
    manager.client,
    { kind: 'instance', name: 'ds-amy', log: name },
    new SearchHere()
  );
  held.push(document, document.watch());
  const host = await render(
    <LogView
      log={document}
      manager={manager}
      commands={new CommandRegistry()}
    />
  );
  return { host, document };
}

function server(): FakeServer {
  return new FakeServer()
    .on('GET instances/ds-amy/logs', () => logList([logFile('setup.log')]))
    .on('GET instances/ds-amy/logs/setup.log/diagnosis', () => diagnosis())
    .on('GET instances/ds-amy', () => ({
      instance: instance('ds-amy'),
      resource: {},
      setup_scripts: {
        creation: {
          source: 'inline',
          data: 'echo hello',
          arguments: '--fast',
          timeout_minutes: null
        },
        startup: null
      }
    }));
}

/** Let things happen until the page shows what it should; views are drawn between two looks. */
async function until(check: () => boolean): Promise<void> {
  for (let look = 0; look < 200 && !check(); look += 1) {
    await happens(() => new Promise(resolve => setTimeout(resolve, 20)));
  }
  expect(check()).toBe(true);
}

function text(element: Element | null): string {
  return element?.textContent ?? '';
}

function lines(host: HTMLElement): (string | null)[] {
  return [...host.querySelectorAll('.jp-ci-log-text')].map(
    each => each.textContent
  );
}

describe('the page of a log', () => {
  beforeEach(layOut);
  afterEach(() => {
    for (const each of held) {
      each.dispose();
    }
    held = [];
    vi.unstubAllGlobals();
  });

  it('shows lines, colours and markup as text, and nothing of it as markup', async () => {
    const log = new FakeLog(server());
    log.append('<img src=x onerror=alert(1)>\n\u001b[31mred\u001b[0m\n');
    const { host } = await shown(log);
    await until(
      () =>
        lines(host).join('\n') ===
        ['<img src=x onerror=alert(1)>', 'red'].join('\n')
    );
    expect(host.querySelector('.jp-ci-log-area img')).toBeNull();
    expect(host.querySelector('.jp-ci-front-red')?.textContent).toBe('red');
  });

  it('draws of a long log what is in sight', async () => {
    const log = new FakeLog(server());
    log.append('line\n'.repeat(100_000));
    const { host, document } = await shown(log);
    await until(() => document.text.endLine === 100_000);
    expect(lines(host).length).toBeGreaterThan(20);
    expect(lines(host).length).toBeLessThan(60);
  });

  it('says what wrote it, and shows the script on request', async () => {
    const { host } = await shown(new FakeLog(server()));
    await until(() =>
      text(host.querySelector('.jp-ci-log-header')).includes('--fast')
    );
    await happens(() => {
      button(host, 'Script').click();
    });
    expect(host.textContent).toContain('15 minutes');
  });

  it('counts matches, and goes to the next', async () => {
    const log = new FakeLog(server());
    log.append('one\ntwo\none\n');
    const { host, document } = await shown(log);
    await until(() => document.text.endLine === 3);
    const field = host.querySelector('input');
    expect(field).not.toBeNull();
    if (field !== null) {
      await type(field, 'one');
    }
    await until(() =>
      text(host.querySelector('.jp-ci-log-count')).includes('2 matches')
    );
    await happens(() => {
      button(host, 'Next match (Enter)').click();
    });
    expect(host.querySelector('.jp-ci-log-count')?.textContent).toBe('1 of 2');
    expect(host.querySelectorAll('mark')).toHaveLength(2);
    expect(document.isFollowing).toBe(false);
  });

  it('says that it reconnects, and what is not there', async () => {
    const log = new FakeLog(server());
    log.away = gone;
    const { host, document } = await shown(log);
    await until(() =>
      text(host.querySelector('.jp-ci-log-footer')).includes('Reconnecting…')
    );
    log.away = notFound;
    await happens(() => {
      document.retry();
    });
    await until(() => text(host).includes('LogNotFound!'));
  });

  it('says that the log was replaced', async () => {
    const log = new FakeLog(server());
    log.append('old\n');
    const { host } = await shown(log);
    await until(() => lines(host).join('\n') === ['old'].join('\n'));
    log.replace('new\n');
    await until(() => lines(host).join('\n') === ['new'].join('\n'));
    expect(host.querySelector('.jp-ci-log-divider')?.textContent).toMatch(
      /The log was replaced at .*; it begins anew/
    );
  });

  it('waits for a log where there is none yet, and says where', async () => {
    const log = new FakeLog(
      server().on('GET instances/ds-amy/logs', () => logList([]))
    );
    const { host, document } = await shown(log, null);
    await until(() => text(host).includes('There is no log yet.'));
    expect(host.textContent).toContain('folder Logs/ds-amy');
    log.server.on('GET instances/ds-amy/logs', () =>
      logList([logFile('setup.log')])
    );
    log.append('here\n');
    await happens(() => {
      document.retry();
    });
    await until(() => lines(host).join('\n') === ['here'].join('\n'));
  });

  it('says what probably went wrong, and leads to the line', async () => {
    const log = new FakeLog(
      server().on('GET instances/ds-amy/logs/setup.log/diagnosis', () =>
        diagnosis({
          first_error_line: 2,
          hints: [
            {
              code: 'CondaNotFound',
              title: 'No conda',
              text: 'Call `conda` by its path.',
              line: 2,
              offset: 4
            }
          ]
        })
      )
    );
    log.append('one\nconda: command not found\n');
    const { host, document } = await shown(log);
    await until(() => text(host).includes('No conda'));
    expect(host.textContent).toContain('Failed with exit status 1');
    await happens(() => {
      button(host, 'Line 2').click();
    });
    expect(document.selected).toBe(1);
    expect(
      host.querySelector('.jp-ci-log-line.jp-mod-selected')?.textContent
    ).toContain('conda: command not found');
  });
});

describe('the notification of a script that fails', () => {
  const FAILED: ScriptOutcome = {
    phase: 'creation',
    outcome: 'failed',
    exit_status: 3,
    log: 'setup.log',
    line: 7,
    ended_at: null
  };

  it('is one for each failure that is news, and leads to its log', async () => {
    Notification.dismiss();
    let items = [
      instance('old', { script_outcome: FAILED }),
      instance('ds-amy')
    ];
    const { manager } = managerOf(
      new FakeServer()
        .on('GET workspace', () => workspaceStatus())
        .on('GET operations', () => ({ items: [], warning: null }))
        .on('GET disk', () => new Response('', { status: 404 }))
        .on('GET instances', () => instanceList(items))
    );
    const opened: (string | null)[] = [];
    const watching = notifyOfScriptFailures(
      manager,
      nullTranslator.load(''),
      each => {
        opened.push(each.name);
      }
    );
    await manager.refresh();
    expect(Notification.manager.notifications).toEqual([]);
    items = [
      instance('old', { script_outcome: FAILED }),
      instance('ds-amy', { script_outcome: FAILED })
    ];
    await manager.refresh();
    await manager.refresh();
    expect(Notification.manager.notifications).toHaveLength(1);
    const [notification] = Notification.manager.notifications;
    expect(notification?.message).toBe(
      'ds-amy: Creation script: Failed with exit status 3'
    );
    notification?.options.actions?.[0]?.callback(new MouseEvent('click'));
    expect(opened).toEqual(['ds-amy']);
    watching.dispose();
    manager.dispose();
  });
});
