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

  select(names: Iterable<string>): void {
    this._become(new Set(names), this._active);
  }

  clear(): void {
    this._become(new Set(), this._active);
  }

  /**
   * Forget the names that are not among these any more. One that has never been among them is about
   * to come: it was picked when it was created, and a list asked for before does not have it.
   */
  retain(existing: { has(name: string): boolean }): void {
    const names = [...this._names].filter(name => {
      if (existing.has(name)) {
        this._seen.add(name);
        return true;
      }
      return !this._seen.has(name);
    });
    if (names.length < this._names.size) {
      this._become(new Set(names), this._active);
    }
  }

  private _become(names: ReadonlySet<string>, active: string | null): void {
    this._names = names;
    this._active = active;
    this._seen = new Set([...this._seen].filter(name => names.has(name)));
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
  private _names: ReadonlySet<string> = new Set();
  private _active: string | null = null;
  /** Picked names that have been in a list. */
  private _seen = new Set<string>();
}
