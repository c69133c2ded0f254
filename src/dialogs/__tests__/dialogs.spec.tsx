import { Dialog } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import React from 'react';
import { afterEach, describe, expect, it } from 'vitest';

import {
  instance,
  operation,
  vmSize,
  workspaceStatus
} from '../../__tests__/builders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { happens, type } from '../../__tests__/render';
import type { CiManager } from '../../model/manager';
import { askToDelete } from '../deleteDialog';
import { SubmitDialog } from '../submitDialog';
import { savings } from '../stopDialogs';

const trans = nullTranslator.load('');
const DELETE = 'DELETE instances/ds-amy';

/** Time for requests and widgets; React draws when `happens` ends. */
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

function acceptButton(): HTMLButtonElement {
  return dialog().querySelector('.jp-mod-accept') as HTMLButtonElement;
}

async function open(server: FakeServer): Promise<void> {
  await openOf(managerOf(server).manager);
}

async function openOf(manager: CiManager): Promise<void> {
  await happens(async () => {
    void askToDelete('ds-amy', manager, trans);
    await settle();
  });
}

/** On the dialog itself, for which JupyterLab takes its default button. */
function pressEnter(): void {
  dialog().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
}

async function typeName(name: string): Promise<void> {
  const input = dialog().querySelector('input') as HTMLInputElement;
  input.focus();
  await type(input, name);
}

describe('deleting an instance', () => {
  afterEach(async () => {
    await happens(() => {
      document
        .querySelector<HTMLElement>('.jp-Dialog-footer .jp-mod-reject')
        ?.click();
    });
  });

  it('says what is lost and what stays', async () => {
    await open(new FakeServer());
    expect(dialog().textContent).toContain('OS disk');
    expect(dialog().textContent).toContain('file share');
  });

  it('warns who works on that very instance', async () => {
    const server = new FakeServer().on('GET workspace', () =>
      workspaceStatus({ this_instance: 'ds-amy' })
    );
    const { manager } = managerOf(server);
    await openOf(manager);
    expect(dialog().textContent).not.toContain('runs on ds-amy');
    await happens(() => {
      acceptButton()
        .parentElement?.querySelector<HTMLElement>('.jp-mod-reject')
        ?.click();
    });
    await manager.workspace.refresh();
    await openOf(manager);
    expect(dialog().textContent).toContain('runs on ds-amy');
  });

  it('is possible only once the name was typed', async () => {
    const server = new FakeServer();
    await open(server);
    expect(acceptButton().disabled).toBe(true);
    await typeName('ds-am');
    expect(acceptButton().disabled).toBe(true);
    acceptButton().click();
    pressEnter();
    expect(server.requests).toHaveLength(0);
    await typeName('ds-amy');
    expect(acceptButton().disabled).toBe(false);
  });

  it('is sent once, however often Enter is pressed', async () => {
    const server = new FakeServer().on(DELETE, () =>
      json(operation('o1', { kind: 'instance.delete' }), 202)
    );
    await open(server);
    await typeName('ds-amy');
    await happens(async () => {
      pressEnter();
      pressEnter();
      await settle();
    });
    expect(document.querySelector('.jp-Dialog')).toBeNull();
    expect(server.count(DELETE)).toBe(1);
  });

  it('that is refused keeps the dialog open and says why', async () => {
    const server = new FakeServer().on(DELETE, () =>
      refusal(409, 'OperationInProgress', { hint: 'Wait until it is done.' })
    );
    await open(server);
    await typeName('ds-amy');
    await happens(async () => {
      acceptButton().click();
      await settle();
    });
    expect(dialog().textContent).toContain('Wait until it is done.');
    expect(acceptButton().disabled).toBe(false);
  });

  it('keeps the focus while it is sent, on nothing that a second Enter could press', async () => {
    const server = new FakeServer().on(DELETE, () =>
      refusal(409, 'OperationInProgress', { hint: 'Wait until it is done.' })
    );
    await open(server);
    await typeName('ds-amy');
    await happens(async () => {
      acceptButton().focus();
      acceptButton().click();
      expect(document.activeElement).toBe(dialog());
      await settle();
    });
    expect(document.activeElement).toBe(acceptButton());
  });
});

describe('a form that is not ready', () => {
  it('stays so when something is typed that is none of its concern', async () => {
    const form = {
      isReady: false,
      submitLabel: 'Create',
      changed: new Signal<object, void>({}),
      submit: () => Promise.resolve(true)
    };
    const body = ReactWidget.create(<input />);
    const dialogs = new SubmitDialog(
      {
        title: 'A form',
        body,
        buttons: [Dialog.cancelButton(), Dialog.okButton()]
      },
      form
    );
    await happens(async () => {
      void dialogs.launch();
      await settle();
    });
    await typeName('a search');
    expect(acceptButton().disabled).toBe(true);
    dialogs.reject();
  });
});

describe('what stopping saves', () => {
  const sizes = {
    a: vmSize('a'),
    b: vmSize('b'),
    unknown: vmSize('unknown', { price: null })
  };

  it('is the sum of the prices per hour', () => {
    expect(
      savings(
        [instance('x', { vm_size: 'a' }), instance('y', { vm_size: 'b' })],
        sizes,
        trans
      )
    ).toBe('Saves about $0.36 per hour (estimate).');
  });

  it('counts what has no price instead of guessing', () => {
    expect(
      savings(
        [
          instance('x', { vm_size: 'a' }),
          instance('y', { vm_size: 'unknown' }),
          instance('z', { vm_size: 'never heard of' })
        ],
        sizes,
        trans
      )
    ).toBe(
      'Saves about $0.18 per hour (estimate). The price of 2 of them is unknown.'
    );
  });
});
