/**
 * A setup script under examination: its text wherever it is, what it would trip over, and how it
 * went when it was tried. No DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { Operation, ScriptLint } from '../api/types';
import type { ICiManager } from '../tokens';
import { EMPTY_SCRIPT } from './draft';
import type { IScriptDraft } from './draft';

/** How long to wait for more keys. */
const SETTLE_MS = 500;

/**
 * One script.
 */
export class ScriptTrial implements IDisposable {
  /**
   * @param operation - The id of the newest try, where one is remembered.
   */
  constructor(
    private readonly _manager: Pick<
      ICiManager,
      'actions' | 'client' | 'operations'
    >,
    operation: string | null = null
  ) {
    this._operationId = operation;
  }

  /** The text, or null while it is not known. */
  get text(): string | null {
    return this._text;
  }

  /** Why the file of the share could not be read, or null. */
  get readFailure(): RequestFailure | null {
    return this._readFailure;
  }

  /** What was found in it; null before anyone looked. */
  get lint(): ScriptLint | null {
    return this._lint;
  }

  /** Why nobody looked, or null. */
  get lintFailure(): RequestFailure | null {
    return this._lintFailure;
  }

  /** The id of the newest try, or null. */
  get operationId(): string | null {
    return this._operationId;
  }

  /** The newest try, as far as this tab knows it. */
  get operation(): Operation | null {
    return (
      this._manager.operations.items.find(
        each => each.id === this._operationId
      ) ?? null
    );
  }

  /** Why it could not be tried, or null. */
  get refusal(): RequestFailure | null {
    return this._refusal;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Grows with whatever changes. */
  get revision(): number {
    return this._revision;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._abandon();
      Signal.clearData(this);
    }
  }

  /** Look at a script as soon as nobody types. */
  consider(script: IScriptDraft): void {
    if (script === this._script) {
      return;
    }
    const before = this._script;
    this._script = script;
    this._abandon();
    if (script.source === 'inline') {
      this._text = script.text;
      this._readFailure = null;
    } else if (
      script.source !== before.source ||
      script.path.trim() !== before.path.trim()
    ) {
      this._text = null;
      this._readFailure = null;
      this._lint = null;
    }
    this._announce();
    if (isThere(script)) {
      this._schedule(script);
    } else {
      this._lint = null;
    }
  }

  /** Read the file of the share once more: it was saved, or mended. */
  reread(): void {
    this._abandon();
    if (this._script.source === 'workspaceStorage' && isThere(this._script)) {
      this._text = null;
      this._schedule(this._script);
    }
  }

  /** Run it on the server's machine; `instance` is what it is told to be set up. */
  async dryRun(instance: string): Promise<void> {
    if (this._text === null) {
      return;
    }
    this._refusal = null;
    const minutes = Number(this._script.timeout);
    try {
      const { id } = await this._manager.actions.tryScript({
        text: this._text,
        arguments: this._script.arguments || null,
        instance,
        timeout_minutes: minutes >= 1 && minutes <= 60 ? minutes : 15
      });
      this._operationId = id;
    } catch (reason) {
      this._refusal = RequestError.failureOf(reason);
    }
    this._announce();
  }

  /** The newest try was read. */
  forgetTry(): void {
    this._operationId = null;
    this._refusal = null;
    this._announce();
  }

  private _schedule(script: IScriptDraft): void {
    const controller = new AbortController();
    this._controller = controller;
    this._timer = setTimeout(() => {
      void this._examine(script, controller.signal);
    }, SETTLE_MS);
  }

  private async _examine(
    script: IScriptDraft,
    signal: AbortSignal
  ): Promise<void> {
    if (script.source === 'workspaceStorage' && this._text === null) {
      try {
        const file = await this._manager.client.script(script.path.trim(), {
          signal
        });
        this._text = file.text;
        this._readFailure = null;
      } catch (reason) {
        if (!signal.aborted) {
          this._readFailure = RequestError.failureOf(reason);
          this._announce();
        }
        return;
      }
    }
    if (this._text !== null && !signal.aborted) {
      await this._look(this._text, script, signal);
    }
  }

  private async _look(
    text: string,
    script: IScriptDraft,
    signal: AbortSignal
  ): Promise<void> {
    let lint: ScriptLint | null = null;
    let failure: RequestFailure | null = null;
    try {
      lint = await this._manager.client.specs.lint(
        {
          text,
          file_name: script.source === 'inline' ? null : script.path.trim(),
          arguments: script.arguments || null
        },
        { signal }
      );
    } catch (reason) {
      failure = RequestError.failureOf(reason);
    }
    if (!signal.aborted) {
      this._lint = lint;
      this._lintFailure = failure;
      this._announce();
    }
  }

  private _announce(): void {
    this._revision += 1;
    this._changed.emit();
  }

  private _abandon(): void {
    clearTimeout(this._timer);
    this._controller?.abort();
    this._controller = null;
  }

  private readonly _changed = new Signal<this, void>(this);
  private _controller: AbortController | null = null;
  private _isDisposed = false;
  private _lint: ScriptLint | null = null;
  private _lintFailure: RequestFailure | null = null;
  private _operationId: string | null;
  private _readFailure: RequestFailure | null = null;
  private _refusal: RequestFailure | null = null;
  private _revision = 0;
  private _script: IScriptDraft = EMPTY_SCRIPT;
  private _text: string | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

function isThere({ source, path, text }: IScriptDraft): boolean {
  switch (source) {
    case 'none':
      return false;
    case 'inline':
      return text.trim() !== '';
    case 'workspaceStorage':
      return path.trim() !== '';
  }
}
