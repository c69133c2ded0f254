/**
 * What commands are made from; types only.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';

import type { ICiManager } from '../tokens';

/** Everything that a command may need. */
export interface ICommandContext {
  readonly commands: CommandRegistry;
  readonly manager: ICiManager;
  readonly trans: TranslationBundle;
}
