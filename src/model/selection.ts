/**
 * Which rows are picked and which one is active; knows names only, no rows and no DOM.
 */
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { ISelection } from '../tokens';

/**
 * The selection of the list.
 */
export class Selection implements ISelection {
  get names(): ReadonlySet<string> {
    return this._names;
  }

  get active(): string | null {
    return this._active;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  activate(name: string | null): void {
    if (this._active !== name) {
      this._become(this._names, name);
    }
  }

  toggle(name: string): void {
    const names = new Set(this._names);
    if (!names.delete(name)) {
      names.add(name);
    }
    this._become(names, name);
  }

  selectOnly(name: string): void {
    this._become(new Set([name]), name);
  }

  selectNew(name: string): void {
    this._coming.add(name);
    this.selectOnly(name);
  }

  select(names: Iterable<string>): void {
    this._become(new Set(names), this._active);
  }

  clear(): void {
    this._become(new Set(), this._active);
  }

  /** Forget the names that are not among these any more. */
  retain(existing: { has(name: string): boolean }): void {
    const names = [...this._names].filter(
      name => existing.has(name) || this._coming.has(name)
    );
    for (const name of this._coming) {
      if (existing.has(name)) {
        this._coming.delete(name);
      }
    }
    if (names.length < this._names.size) {
      this._become(new Set(names), this._active);
    }
  }

  private _become(names: ReadonlySet<string>, active: string | null): void {
    this._names = names;
    this._active = active;
    for (const name of this._coming) {
      if (!names.has(name)) {
        this._coming.delete(name);
      }
    }
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _names: ReadonlySet<string> = new Set();
  private _active: string | null = null;
  private readonly _coming = new Set<string>();
}
