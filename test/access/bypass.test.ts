import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import {
  type AdministrationParts,
  issueBypass,
  noFactors,
  withdrawBypass,
} from '../../src/accounts/index.ts';
import { systemRandom } from '../../src/random.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { jumblingStore } from './jumbling-store.ts';
import { doneOf, minute, outcome, pendingOf, refusal, SignInSite, visitor } from './sign-in-site.ts';

/** Issues codes as a command beside the gateway does. */
function helpdesk(site: SignInSite) {
  const { store, clock, audit, directory } = site;
  // Of the rooms of administration, these are all that is asked.
  const parts = {
    subscription: 'default',
    ...{ store, clock, audit, random: systemRandom },
    factors: site.parts.factorStore,
    roles: { isAdministrator: async () => false },
    findUser: (key: string) => directory.find(key),
  } as unknown as AdministrationParts & { store: typeof store };
  return {
    issue: (user: string) => issueBypass(parts, user, { lifetime: 30 * minute, reason: 'lost phone' }, 'cli'),
    withdraw: (user: string) => withdrawBypass(parts, user, 'cli'),
  };
}

async function bypassSite(t: TestContext) {
  const site = await SignInSite.open(t);
  const { user, phone, recoveryCodes } = await site.enrolled('alice');
  const tryCode = async (code: string, name = 'alice') => {
    const pending = pendingOf(await site.begin(name), 'verify');
    return site.signIn.verify(pending, { method: 'bypass', code }, visitor);
  };
  return { site, user, phone, recoveryCodes, tryCode, ...helpdesk(site) };
}

describe('signing in with a code from the helpdesk', () => {
  it('works once, says so in the session and the log, and makes no known device', async (t) => {
    const { site, user, tryCode, issue } = await bypassSite(t);
    const { code } = await issue(user.key);
    const done = doneOf(await tryCode(code));
    assert.deepEqual(done.session.amr, ['pwd', 'bypass']);
    assert.equal(done.device, undefined);
    const [used] = site.events('sign-in.factor').filter(({ method }) => method === 'bypass');
    assert.deepEqual([used?.result, used?.user, used?.session], ['accepted', user.key, done.session.id]);
    await refusal(tryCode(code), 'code-already-used');
  });

  it('works for a code that is issued while its user waits at the code page', async (t) => {
    const { site, user, issue } = await bypassSite(t);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const { code } = await issue(user.key);
    doneOf(await site.signIn.verify(pending, { method: 'bypass', code }, visitor));
  });

  it('ends with the last millisecond of the code', async (t) => {
    const { site, user, tryCode, issue } = await bypassSite(t);
    const first = await issue(user.key);
    site.clock.jump(first.until);
    await refusal(tryCode(first.code), 'wrong-code');
    const second = await issue(user.key);
    site.clock.jump(second.until - 1);
    doneOf(await tryCode(second.code));
  });

  it('is refused after a withdrawal, for a replaced code, and for another user', async (t) => {
    const { site, user, tryCode, issue, withdraw } = await bypassSite(t);
    await site.enrolled('bob');
    const withdrawn = await issue(user.key);
    await withdraw(user.key);
    await refusal(tryCode(withdrawn.code), 'wrong-code');
    const replaced = await issue(user.key);
    const current = await issue(user.key);
    await refusal(tryCode(replaced.code), 'wrong-code');
    await refusal(tryCode(current.code, 'bob'), 'wrong-code');
    doneOf(await tryCode(current.code));
  });

  it('is over after a reset, also in a sign-in under way', async (t) => {
    const { site, user, issue } = await bypassSite(t);
    const pending = pendingOf(await site.begin('alice'), 'verify');
    const { code } = await issue(user.key);
    await site.parts.factorStore.save(
      'default',
      user.key,
      noFactors,
      (await site.parts.factorStore.read('default', user.key)).version,
    );
    await refusal(site.signIn.verify(pending, { method: 'bypass', code }, visitor), 'sign-in-expired');
    // Whoever has nothing enrolled enrols: the helpdesk's code opens nothing there.
    pendingOf(await site.begin('alice'), 'enrol');
    await refusal(issue(user.key), 'nothing-enrolled');
  });

  it('counts wrong codes with all the others, and a malformed one not at all', async (t) => {
    const { tryCode, user, issue } = await bypassSite(t);
    const { code } = await issue(user.key);
    await refusal(tryCode('not a code'), 'code-malformed');
    for (let tries = 0; tries < 4; tries += 1) await refusal(tryCode('0000-0000-0000'), 'wrong-code');
    await refusal(tryCode(code), 'locked');
  });

  it('changes nothing of what the user has enrolled', async (t) => {
    const { site, user, tryCode, issue } = await bypassSite(t);
    const { session } = doneOf(await tryCode((await issue(user.key)).code));
    const proof = { method: 'bypass', code: (await issue(user.key)).code } as const;
    const own = await site.changes.factors(session);
    assert.ok(own.methods.every(({ id }) => id !== 'bypass'));
    const id = own.apps[0]?.id ?? '';
    await site.enrolled('bob');
    await refusal(site.changes.beginApp(session, proof, visitor), 'method-not-available');
    await refusal(site.changes.renewRecoveryCodes(session, proof, visitor), 'method-not-available');
    await refusal(site.changes.removeFactor(session, id, proof, visitor), 'last-factor');
    doneOf(await tryCode(proof.code));
  });

  it('gives one session for one code, at the same moment and on whatever replica', async (t) => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const clock = new ManualClock();
      const store = await openStore(clock);
      const jumbled = jumblingStore(store, seed * 7919);
      const one = await SignInSite.open(t, { clock, store: jumbled });
      const other = await SignInSite.open(t, {
        clock,
        store: jumbled,
        sealer: one.sealer,
        directory: one.directory,
      });
      const { user } = await one.enrolled('alice');
      const before = (await one.live(user)).length;
      const { code } = await helpdesk(one).issue(user.key);
      const replicas = [one, other, one, other];
      const begun = await Promise.all(replicas.map((site) => site.begin('alice')));
      const outcomes = await Promise.all(
        replicas.map((site, index) => {
          const step = begun[index];
          assert.ok(step);
          const pending = pendingOf(step, 'verify');
          return outcome(site.signIn.verify(pending, { method: 'bypass', code }, visitor));
        }),
      );
      assert.equal(outcomes.filter((each) => each === 'done').length, 1, outcomes.join());
      assert.equal((await one.live(user)).length - before, 1);
      await store.close();
    }
  });
});
