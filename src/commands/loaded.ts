/**
 * Waits for a part of the panel that is loaded when it is first used; knows none of them.
 */
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * The part, which `import()` has been asked for; a person is told when there is none.
 */
export async function loaded<T>(
  part: Promise<T>,
  trans: TranslationBundle
): Promise<T> {
  try {
    return await part;
  } catch (reason) {
    // The server is away, or the extension was replaced by another version meanwhile.
    Notification.error(
      trans.__(
        'This part of the panel could not be loaded. Is the server running? If it is, reload the page.'
      ),
      { autoClose: false }
    );
    throw reason;
  }
}
