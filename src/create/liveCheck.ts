/**
 * What the server says of a spec while it is being filled in: asked when the keys rest, the newest
 * question only. No DOM, no words for people.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import { RequestError } from '../api/errors';
import type { RequestFailure } from '../api/errors';
import type { SpecsClient } from '../api/specsClient';
import type { InstanceSpec, SpecCheck, SpecProblem } from '../api/types';
import { problemOf } from './refusals';

/** How long to wait for more keys. */
const SETTLE_MS = 400;

/**
 * Checks one spec after the other.
 */
export class LiveCheck implements IDisposable {
  constructor(private readonly _client: SpecsClient) {}

  /** The newest answer, which may be to a spec that has changed since; null before the first. */
  get value(): SpecCheck | null {
    return this._value;
  }

  /** What is wrong, by the newest answer. */
  get problems(): readonly SpecProblem[] {
    return this._problems;
  }

  /** Why the newest question was not answered, or null. */
  get failure(): RequestFailure | null {
    return this._failure;
  }

  /** Whether an answer is awaited. */
  get isAsking(): boolean {
    return this._controller !== null;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
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

  /** Ask as soon as nobody types. */
  ask(spec: InstanceSpec): void {
    this._abandon();
    const controller = new AbortController();
    this._controller = controller;
    this._timer = setTimeout(() => {
      void this._send(spec, controller);
    }, SETTLE_MS);
  }

  private async _send(
    spec: InstanceSpec,
    controller: AbortController
  ): Promise<void> {
    const { signal } = controller;
    let value: SpecCheck | null = null;
    let failure: RequestFailure | null = null;
    try {
      value = await this._client.check(spec, { signal });
    } catch (reason) {
      failure = RequestError.failureOf(reason);
    }
    if (signal.aborted) {
      return;
    }
    this._controller = null;
    // A spec that cannot even be read is a problem of one of its fields.
    const unreadable = failure === null ? null : problemOf(failure);
    this._failure = unreadable === null ? failure : null;
    this._problems =
      unreadable === null ? (value?.problems ?? []) : [unreadable];
    this._value = value ?? this._value;
    this._changed.emit();
  }

  private _abandon(): void {
    clearTimeout(this._timer);
    this._controller?.abort();
    this._controller = null;
  }

  private readonly _changed = new Signal<this, void>(this);
  private _controller: AbortController | null = null;
  private _failure: RequestFailure | null = null;
  private _isDisposed = false;
  private _problems: readonly SpecProblem[] = [];
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _value: SpecCheck | null = null;
}
