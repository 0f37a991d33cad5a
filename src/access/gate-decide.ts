import type { Credentials } from './credentials.ts';
import type { GatedApplication, Refusal } from './gate.ts';
import type { KnownToken } from './gate-memory.ts';
import { refusals, refuseUser } from './gate-refusals.ts';
import type { LiveSession } from './gate-session.ts';

/**
 * The table of states of product section 2, for a verified token at the host of `origin` (undefined: nobody's).
 * A request that arrived at `arrival` (Unix milliseconds) is judged by that. No I/O, and nothing is allocated for a
 * session that may pass: this runs on every request. `elsewhere`: another replica carries a tunnel of this session to
 * this application.
 */
export function decide(
  known: KnownToken,
  origin: string | undefined,
  application: GatedApplication | undefined,
  kind: 'request' | 'upgrade',
  credentials: Credentials,
  arrival: number,
  elsewhere = false,
): LiveSession | Refusal {
  const { session } = known;
  if (known.audience !== origin) return refusals.signInRequired;
  if (session.endedBy !== undefined) return refusals.signInRequired;
  if (isForeign(credentials, known.audience, kind)) return refusals.crossOrigin;
  const over = session.isOver(arrival) || (arrival >= known.expiresAt && !session.outlivesTokens);
  if (application === undefined) {
    return over ? refusals.signInExpired : refuseUser('not-found', session.user);
  }
  if (over && (kind === 'upgrade' || !(elsewhere || session.hasTunnelTo(application.name)))) {
    return refusals.signInExpired;
  }
  if (!session.mayUse(application)) return refuseUser('not-assigned', session.user);
  session.lastUsed = arrival;
  return session;
}

/**
 * Whether another site's page asks: upgrades carry cookies whoever starts them (cross-site WebSocket hijacking), so
 * they must name the application's own origin. A bearer token is sent by a program, which may name none.
 */
function isForeign(credentials: Credentials, own: string, kind: 'request' | 'upgrade'): boolean {
  if (credentials.origin === own) return false;
  if (credentials.via === 'bearer') return credentials.origin !== undefined;
  return kind === 'upgrade';
}
