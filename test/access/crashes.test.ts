import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Sealer, Store } from '../../src/storage/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openSealer } from '../support/open-sealer.ts';
import { openStore } from '../support/open-store.ts';
import { RecordingSenders } from '../support/recording-senders.ts';
import { CrashingStore, type CrashMoment } from './crashing-store.ts';
import { ScriptedDirectory } from './scripted-directory.ts';
import { number, sentSite, sentTo, withNumber } from './sent-code-site.ts';
import {
  doneOf,
  minute,
  outcome,
  type Phone,
  pendingOf,
  type SignInSite,
  step,
  visitor,
} from './sign-in-site.ts';

/** What outlives a killed process. */
class Machine {
  readonly clock: ManualClock;
  readonly store: Store;
  readonly directory = new ScriptedDirectory();
  readonly #sealer: Sealer;
  readonly #t: TestContext;

  private constructor(t: TestContext, store: Store, clock: ManualClock) {
    this.#t = t;
    this.store = store;
    this.clock = clock;
    this.#sealer = openSealer(clock);
  }

  static async open(t: TestContext): Promise<Machine> {
    const clock = new ManualClock();
    return new Machine(t, await openStore(clock), clock);
  }

  /** A gateway on this machine, which knows nothing but what is stored. */
  start(store = this.store): Promise<SignInSite> {
    const { clock, directory } = this;
    return sentSite(this.#t, { clock, directory, sealer: this.#sealer, store, owner: false, senders });
  }
}

/**
 * Runs `work` on a gateway that is killed at its first write, then on one killed at its second, and so on, each time
 * before and after the write, until it gets through; and `judge` on the gateway that is started afterwards.
 */
async function killedEverywhere<Prepared>(
  t: TestContext,
  prepare: (site: SignInSite, machine: Machine) => Promise<Prepared>,
  work: (site: SignInSite, prepared: Prepared) => Promise<unknown>,
  judge: (site: SignInSite, prepared: Prepared, acknowledged: boolean) => Promise<void>,
): Promise<number> {
  let kills = 0;
  for (const moment of ['before', 'after'] satisfies CrashMoment[]) {
    for (let at = 0; ; at += 1) {
      const machine = await Machine.open(t);
      const whole = await machine.start();
      const prepared = await prepare(whole, machine);
      const crashing = new CrashingStore(machine.store, at, moment);
      const doomed = await machine.start(crashing.facade());
      doomed.obligation = whole.obligation;
      const acknowledged = await work(doomed, prepared).then(
        () => true,
        (error: unknown) => {
          assert.ok(crashing.crashed, `failed without a kill: ${error}`);
          return false;
        },
      );
      const restarted = await machine.start();
      restarted.obligation = whole.obligation;
      await t.test(`killed ${moment} write ${at}`, () => judge(restarted, prepared, acknowledged));
      await machine.store.close();
      if (!crashing.crashed) break;
      kills += 1;
    }
  }
  return kills;
}

async function ready(site: SignInSite): Promise<void> {
  await site.parts.roles.makeOwner('local:owner-id');
}

async function withPhone(site: SignInSite) {
  await ready(site);
  const enrolled = await site.enrolled('alice');
  await site.sessions.revokeAll(
    { subscription: 'default', user: enrolled.user.key },
    { reason: 'test', actor: 'system' },
  );
  return { ...enrolled, code: enrolled.phone.code() };
}

const verifying = async (site: SignInSite, code: string, method: 'app' | 'recovery' = 'app') => {
  const pending = pendingOf(await site.begin('alice'), 'verify');
  return site.signIn.verify(pending, { method, code }, visitor);
};

/** Signs in with the phone's next code, whatever happened before. */
async function nextCodeWorks(site: SignInSite, phone: Phone): Promise<void> {
  site.pass(5 * step);
  doneOf(await verifying(site, phone.code()));
}

/** Outlives the gateways, as people's phones do. */
const senders = new RecordingSenders();

describe('a gateway that is killed between any two writes', () => {
  it('never accepts a code twice, and always accepts the next one', async (t) => {
    const kills = await killedEverywhere(
      t,
      withPhone,
      (site, { code }) => verifying(site, code),
      async (site, { user, phone, code }, acknowledged) => {
        const granted = (await site.live(user)).length;
        const again = await outcome(verifying(site, code));
        assert.ok(granted + (again === 'done' ? 1 : 0) <= 1, `granted ${granted}, then ${again}`);
        if (acknowledged) assert.equal(again, 'code-already-used');
        await nextCodeWorks(site, phone);
      },
    );
    assert.ok(kills >= 12, `${kills} kills`);
  });

  it('never accepts a code that was sent twice, and sends and accepts the next one', async (t) => {
    const kills = await killedEverywhere(
      t,
      async (site) => {
        await ready(site);
        const user = await withNumber(site, 'alice');
        await site.sessions.revokeAll(
          { subscription: 'default', user: user.key },
          { reason: 'test', actor: 'system' },
        );
        return { user, sent: await sentTo(site, 'alice') };
      },
      (site, { sent }) => site.signIn.verify(sent.pending, { method: 'sms', code: sent.code }, visitor),
      async (site, { user, sent }, acknowledged) => {
        const proof = { method: 'sms', code: sent.code } as const;
        const granted = (await site.live(user)).length;
        const again = await outcome(site.signIn.verify(sent.pending, proof, visitor));
        assert.ok(granted + (again === 'done' ? 1 : 0) <= 1, `granted ${granted}, then ${again}`);
        if (acknowledged) assert.equal(again, 'sign-in-expired');
        site.pass(2 * minute);
        const next = await sentTo(site, 'alice');
        doneOf(await site.signIn.verify(next.pending, { method: 'sms', code: next.code }, visitor));
      },
    );
    assert.ok(kills >= 12, `${kills} kills`);
  });

  it('enrols no number without its code', async (t) => {
    const kills = await killedEverywhere(
      t,
      async (site) => {
        await ready(site);
        return { user: site.directory.add('alice') };
      },
      async (site) => {
        const pending = pendingOf(await site.begin('alice'), 'enrol');
        await site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
        const proof = { method: 'sms', code: site.senders.code('sms') } as const;
        return site.signIn.confirmSent(pending, proof, visitor);
      },
      async (site, { user }, acknowledged) => {
        const { phone } = await site.factors(user);
        if (acknowledged) assert.ok(phone);
        assert.ok((await site.live(user)).length <= (phone === undefined ? 0 : 1));
        site.pass(2 * minute);
        const begun = await site.begin('alice');
        if (phone === undefined) {
          const pending = pendingOf(begun, 'enrol');
          await site.signIn.beginSent(pending, { method: 'sms', phone: number }, visitor);
          const proof = { method: 'sms', code: site.senders.code('sms') } as const;
          doneOf(await site.signIn.confirmSent(pending, proof, visitor));
          return;
        }
        const { pending, code } = await sentTo(site, 'alice');
        doneOf(await site.signIn.verify(pending, { method: 'sms', code }, visitor));
      },
    );
    assert.ok(kills >= 16, `${kills} kills`);
  });

  it('never accepts a recovery code twice', async (t) => {
    await killedEverywhere(
      t,
      withPhone,
      (site, { recoveryCodes }) => verifying(site, recoveryCodes[0] ?? '', 'recovery'),
      async (site, { user, phone, recoveryCodes }, acknowledged) => {
        const granted = (await site.live(user)).length;
        const again = await outcome(verifying(site, recoveryCodes[0] ?? '', 'recovery'));
        assert.ok(granted + (again === 'done' ? 1 : 0) <= 1, `granted ${granted}, then ${again}`);
        if (acknowledged) assert.equal(again, 'code-already-used');
        await nextCodeWorks(site, phone);
      },
    );
  });

  it('loses no acknowledged enrolment, and leaves nobody unable to enrol or to sign in', async (t) => {
    await killedEverywhere(
      t,
      async (site) => {
        await ready(site);
        return { user: site.directory.add('alice'), seen: { secret: '', code: '' } };
      },
      async (site, { seen }) => {
        const pending = pendingOf(await site.begin('alice'), 'enrol');
        seen.secret = (await site.signIn.beginApp(pending, visitor)).secret;
        seen.code = site.phone(seen.secret).code();
        return doneOf(await site.signIn.confirmApp(pending, { code: seen.code }, visitor));
      },
      async (site, { user, seen }, acknowledged) => {
        const enrolled = (await site.factors(user)).apps.length;
        if (acknowledged) assert.equal(enrolled, 1);
        const granted = (await site.live(user)).length;
        if (granted > 0) assert.equal(enrolled, 1, 'no session without an enrolment');
        if (enrolled === 0) {
          await site.enrol('alice');
          return;
        }
        if (granted > 0) assert.equal(await outcome(verifying(site, seen.code)), 'code-already-used');
        await nextCodeWorks(site, site.phone(seen.secret));
      },
    );
  });

  it('neither proves nor forgets a drift by halves', async (t) => {
    await killedEverywhere(
      t,
      withPhone,
      async (site, { phone }) => {
        const pending = pendingOf(await site.begin('alice'), 'verify');
        await site.signIn.verify(pending, { method: 'app', code: phone.code(50) }, visitor);
        site.pass(step);
        const answer = await site.signIn.verify(pending, { method: 'app', code: phone.code(50) }, visitor);
        return doneOf(answer);
      },
      async (site, { user, phone }, acknowledged) => {
        const drift = (await site.factors(user)).apps[0]?.drift;
        assert.ok(drift === 0 || drift === 50);
        if (acknowledged) assert.equal(drift, 50);
        if ((await site.live(user)).length > 0) assert.equal(drift, 50);
        assert.notEqual(await outcome(verifying(site, phone.code(50))), 'done', 'seen, so claimed');
      },
    );
  });

  it('gives no guess back', async (t) => {
    await killedEverywhere(
      t,
      async (site) => {
        const prepared = await withPhone(site);
        return {
          ...prepared,
          guess: site.wrong(prepared.phone),
          pending: pendingOf(await site.begin('alice'), 'verify'),
        };
      },
      async (site, { pending, guess }) => {
        const answer = await outcome(site.signIn.verify(pending, { method: 'app', code: guess }, visitor));
        if (answer !== 'wrong-code') throw new Error(answer);
      },
      async (site, { user }, acknowledged) => {
        const count = await site.store.get<{ failures: number }>('counters', `default/codes/${user.key}`);
        const address = await site.store.get('counters', 'default/codes-from/192.0.2.7');
        // Whoever was told that a code is wrong has been counted.
        if (acknowledged) assert.equal(count?.value.failures, 1);
        if (count !== undefined) assert.ok(address);
      },
    );
  });

  it('makes an owner or leaves a ticket that can', async (t) => {
    await killedEverywhere(
      t,
      async (site) => ({ ...(await site.owners.issueOwnerTicket('system')), seen: { secret: '' } }),
      async (site, { ticket, seen }) => {
        const wish = { ticket, username: 'root', password: "root's password" };
        const pending = pendingOf(await site.owners.create(wish, visitor), 'enrol');
        seen.secret = (await site.signIn.beginApp(pending, visitor)).secret;
        const code = site.phone(seen.secret).code();
        return doneOf(await site.signIn.confirmApp(pending, { code }, visitor));
      },
      async (site, { ticket, seen }, acknowledged) => {
        site.pass(5 * step);
        const exists = await site.owners.exists();
        if (acknowledged) assert.ok(exists);
        const phone = seen.secret === '' ? undefined : site.phone(seen.secret);
        if (exists) {
          assert.ok(phone);
          assert.equal((await site.factors(await root(site))).apps.length, 1, 'an owner has a second factor');
          await site.through('root', phone);
          return;
        }
        const wish = { ticket, username: 'root', password: "root's password" };
        const answer = await site.owners.create(wish, visitor);
        if (answer.status === 'verify') {
          assert.ok(phone);
          const proof = { method: 'app', code: phone.code() } as const;
          doneOf(await site.signIn.verify(answer.pending.token, proof, visitor));
        } else {
          const pending = pendingOf(answer, 'enrol');
          const fresh = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
          doneOf(await site.signIn.confirmApp(pending, { code: fresh.code() }, visitor));
        }
        assert.ok(await site.owners.exists());
      },
    );
  });

  it('adds a further phone as a whole or not at all', async (t) => {
    await killedEverywhere(
      t,
      async (site) => {
        const prepared = await withPhone(site);
        const { session } = await site.through('alice', prepared.phone);
        site.pass(5 * step);
        return { ...prepared, session, seen: { secret: '' } };
      },
      async (site, { phone, session, seen }) => {
        const proof = { method: 'app', code: phone.code() } as const;
        seen.secret = (await site.changes.beginApp(session, proof, visitor)).secret;
        const code = site.phone(seen.secret).code();
        return site.changes.confirmApp(session, { code }, visitor);
      },
      async (site, { user, phone, seen }, acknowledged) => {
        const { apps } = await site.factors(user);
        if (acknowledged) assert.equal(apps.length, 2);
        if (apps.length === 2) await nextCodeWorks(site, site.phone(seen.secret));
        await nextCodeWorks(site, phone);
      },
    );
  });
});

async function root(site: SignInSite) {
  const user = await site.directory.lookUp('root');
  assert.ok(user);
  return user;
}
