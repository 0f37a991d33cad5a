import type { TestContext } from 'node:test';
import { createMetrics } from '../../src/audit/index.ts';
import { systemRandom } from '../../src/random.ts';
import { type SessionRecord, SigningKeys, Tokens } from '../../src/sessions/index.ts';
import { granted } from '../../src/sessions/lifecycle.ts';
import type { Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';

export const origin = 'https://gateway.example.com';
export const hour = 3_600_000;
export const metrics = createMetrics({ process: false });

/** Seals nothing: what sealing is worth is tested where it is made. */
export const openSealer = {
  seal: (_record: unknown, _label: string, plaintext: string) => `sealed:1:test:${plaintext}`,
  open: (_record: unknown, sealed: string) => sealed.slice('sealed:1:test:'.length),
};

/** Tokens with keys in a store in memory; `replica()` gives another process on the same store. */
export async function openTokens(context: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  const opened: SigningKeys[] = [];
  const replica = async (on: Store = store) => {
    const keys = new SigningKeys({ store: on, sealer: openSealer, clock, random: systemRandom });
    opened.push(keys);
    await keys.start();
    return { keys, tokens: new Tokens({ keys, issuer: 'installation', clock }) };
  };
  context.after(async () => {
    for (const keys of opened) keys.close();
    await store.close();
  });
  return { clock, store, replica, ...(await replica()) };
}

/** A session granted at `now` with an hour before and eight hours after. */
export const sessionAt = (
  now: number,
  countFrom: 'first-session' | 'last-session' = 'first-session',
): SessionRecord => ({
  id: 'session-id',
  subscription: 'default',
  user: { key: 'local:alice-id', name: 'alice', displayName: 'Alice', directory: 'local', groups: [] },
  amr: ['pwd', 'otp'],
  verifiedAt: now,
  state: granted({ before: hour, after: 8 * hour, countFrom }, now),
  shared: false,
  address: '192.0.2.1',
  browser: 'test',
});
