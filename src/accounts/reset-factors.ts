import type { Actor } from '../audit/index.ts';
import { GatewayError } from '../errors.ts';
import { type AdministrationParts, nameOf, requireConfirmation, shutAround } from './administration-parts.ts';
import { isSeated } from './enabled-users.ts';
import { newTicket } from './enrolment-tickets.ts';
import { isEnrolled } from './enrolments.ts';
import { noFactors } from './factor-documents.ts';

export type ResetOptions = {
  /** The next enrolment needs a one-time ticket, which is returned once. */
  ticket?: boolean;
  /** The number of users as somebody typed it; needed for more than ten. */
  confirm?: number;
};

/** `ticket`: to be read out to the user; it is stored nowhere. */
export type ResetUser = { readonly user: string; readonly name: string; readonly ticket?: string };

/**
 * Empties what these users have enrolled: they stay enabled, and their next sign-in enrols afresh. Sessions, known
 * devices, recovery codes and learned drift go too. Rejects with `confirmation-required` {count} before anything is
 * changed, and with `store-unavailable` in between: those not returned have to be reset again.
 */
export async function resetFactors(
  parts: AdministrationParts,
  users: readonly string[],
  actor: Actor,
  options: ResetOptions = {},
): Promise<ResetUser[]> {
  const different = [...new Set(users)];
  requireConfirmation(different.length, options.confirm);
  const done: ResetUser[] = [];
  for (const user of different) {
    const name = await nameOf(parts, user);
    const issued = options.ticket === true ? newTicket(parts.random) : undefined;
    const seated = parts.newcomers !== undefined && (await wasSeated(parts, user));
    await shutAround(parts, user, { reason: 'reset', actor }, async () => {
      await parts.factors.replace(parts.subscription, user, {
        ...noFactors,
        resetAt: parts.clock.now(),
        ...(seated ? { seated } : {}),
        ...(issued === undefined ? {} : { ticketHash: issued.hash }),
      });
      await parts.forgetDevices({ subscription: parts.subscription, user });
    });
    parts.audit.record({ type: 'user.reset', user, name, actor });
    if (issued !== undefined) parts.audit.record({ type: 'ticket.issued', user, name, actor });
    done.push({ user, name, ...(issued === undefined ? {} : { ticket: issued.ticket }) });
  }
  return done;
}

/** A document that cannot be read is somebody's who had enrolled. */
async function wasSeated({ factors, subscription }: AdministrationParts, user: string): Promise<boolean> {
  try {
    return isSeated((await factors.read(subscription, user)).factors);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'internal') return true;
    throw error;
  }
}

/**
 * A one-time ticket with which a user who has nothing enrolled may enrol; it voids the one before.
 * Rejects with `already-enrolled`.
 */
export async function issueTicket(parts: AdministrationParts, user: string, actor: Actor): Promise<string> {
  const { ticket, hash } = newTicket(parts.random);
  const { factors, version } = await parts.factors.read(parts.subscription, user);
  if (isEnrolled(factors)) throw new GatewayError('already-enrolled');
  await parts.factors.save(parts.subscription, user, { ...factors, ticketHash: hash }, version);
  parts.audit.record({ type: 'ticket.issued', user, name: await nameOf(parts, user), actor });
  return ticket;
}
