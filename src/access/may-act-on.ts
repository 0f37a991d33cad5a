import { GatewayError } from '../errors.ts';
import { type Role, reaches, strongestRole } from './role-rank.ts';

type Held = { readonly role: Role; readonly subscription?: string };

/**
 * Whether somebody may change something about a user: who administers is the owners' business, or a helpdesk could
 * reset the owner's second factor and an administrator set the owner's password. Others may act on whoever has a
 * lesser role, or none. Judged in each place where the user has a role: whoever takes over an account has all of it, so
 * an owner of `default` alone is nobody to an owner of the site who belongs there.
 */
export const mayActOn = (caller: { readonly grants: readonly Held[] }, theirs: readonly Held[]): boolean =>
  theirs.every(({ role, subscription }) => {
    const own = strongestRole(caller.grants, subscription);
    return own === 'owner' || (own !== undefined && !reaches(role, own));
  });

/** Throws `not-allowed` unless `mayActOn`. */
export function requireMayActOn(caller: { readonly grants: readonly Held[] }, theirs: readonly Held[]): void {
  if (!mayActOn(caller, theirs)) throw new GatewayError('not-allowed');
}
