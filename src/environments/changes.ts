/**
 * Changes of packages that a person has put together and not yet made. Pure.
 */
import type { ChangePackages, Package } from '../api/types';
import { nameIn } from './specs';

/** One of them. */
export interface IChange {
  readonly action: 'install' | 'update' | 'remove';
  readonly manager: Package['manager'];
  /** What to install, or the name of what to update or remove. */
  readonly spec: string;
}

/** All of them, each package at most once. */
export interface IChanges {
  readonly items: readonly IChange[];
  readonly updateAll: boolean;
}

export const NO_CHANGES: IChanges = { items: [], updateAll: false };

export function isEmpty({ items, updateAll }: IChanges): boolean {
  return items.length === 0 && !updateAll;
}

/** With one more, which takes the place of another one of the same package. */
export function withChange(changes: IChanges, change: IChange): IChanges {
  return {
    ...changes,
    items: [
      ...changes.items.filter(each => !isSamePackage(each, change)),
      change
    ]
  };
}

/** Without one. */
export function withoutChange(changes: IChanges, change: IChange): IChanges {
  return {
    ...changes,
    items: changes.items.filter(each => each !== change)
  };
}

/** What is to happen to a package, or null. */
export function changeOf(
  { items }: IChanges,
  { manager, name }: Pick<Package, 'manager' | 'name'>
): IChange | null {
  return (
    items.find(
      each =>
        each.manager === manager && nameIn(each.spec) === name.toLowerCase()
    ) ?? null
  );
}

/** What the server is asked for. */
export function requestOf({ items, updateAll }: IChanges): ChangePackages {
  const specs = (
    action: IChange['action'],
    manager: IChange['manager']
  ): string[] =>
    items
      .filter(each => each.action === action && each.manager === manager)
      .map(({ spec }) => spec);
  return {
    install: specs('install', 'conda'),
    update: specs('update', 'conda'),
    update_all: updateAll,
    remove: specs('remove', 'conda'),
    pip: specs('install', 'pip'),
    pip_remove: specs('remove', 'pip'),
    channels: []
  };
}

function isSamePackage(one: IChange, other: IChange): boolean {
  return (
    one.manager === other.manager && nameIn(one.spec) === nameIn(other.spec)
  );
}
