import { GatewayError } from '../errors.ts';
import { type Role, roleNames } from './role-rank.ts';

/**
 * Whether somebody may change something about a user: who administers is the owners' business, or a helpdesk could
 * reset the owner's second factor and an administrator set the owner's password. Others may act on whoever has a
 * lesser role, or none. `theirs`: the strongest role that the user has anywhere.
 */
export const mayActOn = (caller: Role, theirs: Role | undefined): boolean =>
  theirs === undefined || caller === 'owner' || roleNames.indexOf(caller) > roleNames.indexOf(theirs);

/** Throws `not-allowed` unless `mayActOn`. */
export function requireMayActOn(caller: Role, theirs: Role | undefined): void {
  if (!mayActOn(caller, theirs)) throw new GatewayError('not-allowed');
}
