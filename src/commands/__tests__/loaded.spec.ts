import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, describe, expect, it } from 'vitest';

import { loaded } from '../loaded';

const trans = nullTranslator.load('');

afterEach(() => {
  Notification.dismiss();
});

describe('a part of the panel that is loaded when it is used', () => {
  it('is handed on when it is there', async () => {
    expect(await loaded(Promise.resolve('the page'), trans)).toBe('the page');
    expect(Notification.manager.count).toBe(0);
  });

  it('is told to be missing where it cannot be loaded', async () => {
    const missing = new Error('Loading chunk 7 failed');
    await expect(loaded(Promise.reject(missing), trans)).rejects.toBe(missing);
    expect(Notification.manager.notifications[0]?.message).toContain(
      'could not be loaded'
    );
  });
});
