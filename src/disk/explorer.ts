/**
 * Where in the scanned tree a person is, and what they see there in which order; no DOM.
 */
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type {
  ConsumerKind,
  ScanChange,
  ScanNode,
  ScanResult
} from '../api/types';
import type { IScanModel } from '../tokens';

/** By what the table is sorted; a leading hyphen means descending. */
export type EntrySortKey = 'name' | 'size' | 'files' | 'age' | 'change';
export type EntrySort = EntrySortKey | `-${EntrySortKey}`;

/**
 * A folder or file in the folder that is shown.
 */
export interface IEntry {
  /** Unique among the entries of a folder. */
  readonly key: string;
  readonly node: ScanNode;
  /** Of the folder that is shown, 0 to 1. */
  readonly share: number;
  /** The consumer that it is, or that it is part of. */
  readonly consumer: ConsumerKind | null;
  /** By how many bytes it changed since the scan before; null where it is not among the largest. */
  readonly change: number | null;
}

/** Whether there is something in it to show. */
export function isOpenable(node: ScanNode): boolean {
  return node.kind === 'directory' && node.children.length > 0;
}

/** The key of a node among its siblings: the rest has no URI, and there is one of it. */
export function keyOf(node: ScanNode): string {
  return node.uri ?? 'rest';
}

/**
 * A walk through the tree of the newest scan.
 */
export class Explorer implements IDisposable {
  constructor(private readonly _scan: IScanModel) {
    _scan.changed.connect(this._onScanChanged, this);
    this._onScanChanged();
  }

  /** From the root to the folder that is shown; empty before there is a scan. */
  get path(): readonly ScanNode[] {
    return this._path;
  }

  get entries(): readonly IEntry[] {
    return this._entries;
  }

  /** The folder that is shown, or null before there is a scan. */
  get folder(): ScanNode | null {
    return this._path[this._path.length - 1] ?? null;
  }

  /** The consumer that the folder shown is, or is part of. */
  get consumer(): ConsumerKind | null {
    return consumerOf(this._path);
  }

  get sort(): EntrySort {
    return this._sort;
  }

  /** The key of the entry that has, or would get, the focus. */
  get active(): string | null {
    return this._active;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._scan.changed.disconnect(this._onScanChanged, this);
    Signal.clearData(this);
  }

  activate(key: string): void {
    this._active = key;
    this._changed.emit();
  }

  /** Show what is in an entry of the folder that is shown. */
  open(key: string): void {
    const node = this._entries.find(each => each.key === key)?.node;
    if (node !== undefined && isOpenable(node)) {
      this._show([...this._path, node], null);
    }
  }

  /** Show the folder with this URI; false where the tree does not have it. */
  goTo(uri: string): boolean {
    const [root] = this._path;
    const path = root === undefined ? null : pathTo(root, uri);
    const node = path?.[path.length - 1];
    if (path === null || node === undefined) {
      return false;
    }
    if (isOpenable(node)) {
      this._show(path, null);
    } else {
      this._show(path.slice(0, -1), keyOf(node));
    }
    return true;
  }

  /** Show a folder of the path again. */
  goUpTo(depth: number): void {
    const from = this._path[depth + 1];
    if (from !== undefined) {
      this._show(this._path.slice(0, depth + 1), keyOf(from));
    }
  }

  /** Show the folder above, with the one that was left as the active entry. */
  goUp(): void {
    if (this._path.length > 1) {
      this.goUpTo(this._path.length - 2);
    }
  }

  sortBy(key: EntrySortKey): void {
    const first: EntrySort = key === 'name' ? 'name' : `-${key}`;
    const second: EntrySort = key === 'name' ? '-name' : key;
    this._sort = this._sort === first ? second : first;
    this._entries = sorted(this._entries, this._sort);
    this._changed.emit();
  }

  private _onScanChanged(): void {
    const { state } = this._scan;
    const result = state.status === 'known' ? state.value.result : null;
    if (result === this._result) {
      return;
    }
    this._result = result;
    this._changes = new Map(
      (state.status === 'known' ? state.value.changes : []).map(each => [
        each.uri,
        changeOf(each)
      ])
    );
    this._show(
      result === null ? [] : retraced(this._path, result.tree),
      this._active
    );
  }

  private _show(path: readonly ScanNode[], active: string | null): void {
    this._path = path;
    this._entries = sorted(this._entriesOf(path), this._sort);
    const found = this._entries.some(each => each.key === active);
    this._active = found ? active : (this._entries[0]?.key ?? null);
    this._changed.emit();
  }

  private _entriesOf(path: readonly ScanNode[]): IEntry[] {
    const folder = path[path.length - 1];
    if (folder === undefined) {
      return [];
    }
    const inherited = consumerOf(path);
    return folder.children.map(node => ({
      key: keyOf(node),
      node,
      share: folder.bytes === 0 ? 0 : node.bytes / folder.bytes,
      consumer: node.consumer ?? inherited,
      change: node.uri === null ? null : (this._changes.get(node.uri) ?? null)
    }));
  }

  private _active: string | null = null;
  private readonly _changed = new Signal<this, void>(this);
  private _changes: ReadonlyMap<string, number> = new Map();
  private _entries: readonly IEntry[] = [];
  private _isDisposed = false;
  private _path: readonly ScanNode[] = [];
  private _result: ScanResult | null = null;
  private _sort: EntrySort = '-size';
}

/** By how many bytes a folder changed. */
export function changeOf({ bytes, bytes_before: before }: ScanChange): number {
  return bytes - before;
}

/** The consumer that a folder is or is part of: the nearest one on its path. */
function consumerOf(path: readonly ScanNode[]): ConsumerKind | null {
  const named = path.filter(node => node.consumer !== null);
  return named[named.length - 1]?.consumer ?? null;
}

/** The same path in another tree, as far as it is there. */
function retraced(path: readonly ScanNode[], root: ScanNode): ScanNode[] {
  const found = [root];
  for (const { uri } of path.slice(1)) {
    const next = found[found.length - 1]?.children.find(
      each => each.uri === uri
    );
    if (next === undefined || !isOpenable(next)) {
      break;
    }
    found.push(next);
  }
  return found;
}

/** The way from a node to the one with a URI, or to the nearest above it that is in the tree. */
function pathTo(root: ScanNode, uri: string): ScanNode[] | null {
  if (root.uri === null || !contains(root.uri, uri)) {
    return null;
  }
  const path = [root];
  for (;;) {
    const next = path[path.length - 1]?.children.find(
      each => each.uri !== null && contains(each.uri, uri)
    );
    if (next === undefined) {
      return path;
    }
    path.push(next);
  }
}

function contains(folder: string, uri: string): boolean {
  return (
    folder === uri ||
    uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`)
  );
}

function sorted(entries: readonly IEntry[], sort: EntrySort): IEntry[] {
  const descending = sort.startsWith('-');
  const key = (descending ? sort.slice(1) : sort) as EntrySortKey;
  const sign = descending ? -1 : 1;
  return [...entries].sort((a, b) => {
    // What is too small to be shown is no entry to be compared: it stays last.
    const rest =
      Number(a.node.kind === 'rest') - Number(b.node.kind === 'rest');
    return rest !== 0
      ? rest
      : sign * compare(a, b, key) || a.node.name.localeCompare(b.node.name);
  });
}

function compare(a: IEntry, b: IEntry, key: EntrySortKey): number {
  switch (key) {
    case 'name':
      return a.node.name.localeCompare(b.node.name);
    case 'size':
      return a.node.bytes - b.node.bytes;
    case 'files':
      return a.node.files - b.node.files;
    case 'age':
      // The newest is the youngest.
      return moment(b) - moment(a);
    case 'change':
      return (a.change ?? 0) - (b.change ?? 0);
  }
}

function moment({ node }: IEntry): number {
  return node.modified_at === null ? 0 : Date.parse(node.modified_at);
}
