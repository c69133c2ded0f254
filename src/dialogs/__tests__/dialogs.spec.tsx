import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, describe, expect, it } from 'vitest';

import { instance, operation, vmSize } from '../../__tests__/builders';
import {
  FakeServer,
  json,
  managerOf,
  refusal
} from '../../__tests__/fakeServer';
import { happens, type } from '../../__tests__/render';
import { askToDelete } from '../deleteDialog';
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

function deleteButton(): HTMLButtonElement {
  return dialog().querySelector('.jp-mod-accept') as HTMLButtonElement;
}

async function open(server: FakeServer): Promise<void> {
  const { manager } = managerOf(server);
  await happens(async () => {
    void askToDelete('ds-amy', manager, trans);
    await settle();
  });
}

async function typeName(name: string): Promise<void> {
  await type(dialog().querySelector('input') as HTMLInputElement, name);
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

  it('is possible only once the name was typed', async () => {
    const server = new FakeServer();
    await open(server);
    expect(deleteButton().disabled).toBe(true);
    await typeName('ds-am');
    expect(deleteButton().disabled).toBe(true);
    deleteButton().click();
    dialog()
      .querySelector('input')
      ?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })
      );
    expect(server.requests).toHaveLength(0);
    await typeName('ds-amy');
    expect(deleteButton().disabled).toBe(false);
  });

  it('is sent once, however often the button is pressed', async () => {
    const server = new FakeServer().on(DELETE, () =>
      json(operation('o1', { kind: 'instance.delete' }), 202)
    );
    await open(server);
    await typeName('ds-amy');
    await happens(async () => {
      deleteButton().click();
      deleteButton().click();
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
      deleteButton().click();
      await settle();
    });
    expect(dialog().textContent).toContain('Wait until it is done.');
    expect(deleteButton().disabled).toBe(false);
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
