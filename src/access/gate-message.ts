import type { Json } from '../storage/index.ts';

/** What a message of topic `revocations` or `accounts` names. */
export type Concerned = { readonly user?: string; readonly session?: string; readonly reason?: string };

/** Reads a message leniently: one that names nobody concerns everybody. */
export function readMessage(message: Json): Concerned {
  if (typeof message !== 'object' || message === null) return {};
  const named = Object.entries(message).filter(
    ([name, value]) => typeof value === 'string' && ['user', 'session', 'reason'].includes(name),
  );
  return Object.fromEntries(named);
}
