/**
 * Fields that an administrator has fixed: which they are, and what they hold. Pure.
 */
import type { InstanceSpec, SpecDefaults } from '../api/types';

/** Whether a field is fixed, by itself or with what it is a part of. */
export function isLocked(field: string, locked: readonly string[]): boolean {
  return locked.some(each => field === each || field.startsWith(`${each}.`));
}

/** Whether a field, or a part of it, is fixed: it cannot be switched off. */
export function isPartlyLocked(
  field: string,
  locked: readonly string[]
): boolean {
  return (
    isLocked(field, locked) || locked.some(each => each.startsWith(`${field}.`))
  );
}

/** A spec whose fixed fields hold what the administrator wants. */
export function withLocked(
  spec: InstanceSpec,
  defaults: SpecDefaults
): InstanceSpec {
  return defaults.locked.reduce<InstanceSpec>(
    (result, field) =>
      // Of the same shape: a part of one spec takes the place of that of another.
      withPart(result, defaults.spec, field.split('.')) as InstanceSpec,
    spec
  );
}

/** A value whose part at a path is that of another value. */
function withPart(
  into: unknown,
  from: unknown,
  path: readonly string[]
): unknown {
  const [key, ...rest] = path;
  if (key === undefined || !isContainer(from) || !isContainer(into)) {
    return from;
  }
  const part = from[key];
  const changed = withPart(into[key], part, rest);
  if (Array.isArray(into)) {
    return into.map((each: unknown, index) =>
      String(index) === key ? changed : each
    );
  }
  if (part === undefined) {
    return Object.fromEntries(
      Object.entries(into).filter(([each]) => each !== key)
    );
  }
  return { ...into, [key]: changed };
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
