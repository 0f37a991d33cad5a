import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { Claims, type Visitor } from '../../src/access/index.ts';
import { timeStep } from '../../src/second-factors/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { RecordingSenders } from '../support/recording-senders.ts';
import { jumblingStore } from './jumbling-store.ts';
import { number, sentSite, sentTo, withNumber } from './sent-code-site.ts';
import { outcome, pendingOf, SignInSite, step, visitor } from './sign-in-site.ts';

const rounds = 8;

/** Runs `race` again and again, each time with the store's calls in another order. */
async function inManyOrders(
  t: TestContext,
  race: (site: SignInSite) => Promise<void>,
  senders?: RecordingSenders,
): Promise<void> {
  for (let seed = 1; seed <= rounds; seed += 1) {
    const clock = new ManualClock();
    const store = await openStore(clock);
    const jumbling = jumblingStore(store, seed * 7919);
    const site =
      senders === undefined
        ? await SignInSite.open(t, { clock, store: jumbling })
        : await sentSite(t, { clock, store: jumbling, senders });
    await t.test(`order ${seed}`, () => race(site));
    await store.close();
  }
}

const count = (outcomes: readonly string[], wanted: string): number =>
  outcomes.filter((each) => each === wanted).length;
const from = (index: number): Visitor => ({ address: `198.51.100.${index}`, browser: 'curl' });

describe('at the same moment, on whatever replicas', () => {
  it('one of many takes a claim', async (t) => {
    const clock = new ManualClock();
    const store = await openStore(clock);
    t.after(() => store.close());
    for (let seed = 1; seed <= rounds; seed += 1) {
      const claims = new Claims({ store: jumblingStore(store, seed), clock });
      const holder = { subscription: 'default', user: `local:${seed}` };
      const wanted = [5, 7, 9].map((at) => ({ enrolment: 'phone', step: timeStep(clock.now()) + at }));
      const taken = await Promise.all(Array.from({ length: 8 }, () => claims.take(holder, wanted)));
      assert.ok(count(taken.map(String), 'true') <= 1);
      assert.deepEqual(await claims.taken(holder, wanted), [true, true, true]);
      assert.equal(await claims.take(holder, wanted.slice(1, 2)), false);
    }
  });

  it('one code gives one session', (t) =>
    inManyOrders(t, async (site) => {
      const { user, phone } = await site.enrolled('alice');
      const before = (await site.live(user)).length;
      const begun = await Promise.all(Array.from({ length: 4 }, () => site.begin('alice')));
      const code = phone.code();
      const outcomes = await Promise.all(
        begun.map((each) =>
          outcome(site.signIn.verify(pendingOf(each, 'verify'), { method: 'app', code }, visitor)),
        ),
      );
      assert.ok(count(outcomes, 'done') <= 1, outcomes.join());
      assert.equal((await site.live(user)).length - before, count(outcomes, 'done'));
      assert.equal(count(outcomes, 'done') + count(outcomes, 'code-already-used'), 4, outcomes.join());
    }));

  it('one code that was sent gives one session', (t) =>
    inManyOrders(
      t,
      async (site) => {
        const user = await withNumber(site, 'alice');
        const before = (await site.live(user)).length;
        const { pending, code } = await sentTo(site, 'alice');
        const outcomes = await Promise.all(
          Array.from({ length: 4 }, () =>
            outcome(site.signIn.verify(pending, { method: 'sms', code }, visitor)),
          ),
        );
        assert.equal(count(outcomes, 'done'), 1, outcomes.join());
        assert.equal((await site.live(user)).length - before, 1);
      },
      new RecordingSenders(),
    ));

  it('one number is enrolled, and never beside an app that came first', (t) =>
    inManyOrders(
      t,
      async (site) => {
        const user = site.directory.add('alice');
        const bySms = pendingOf(await site.begin('alice'), 'enrol');
        await site.signIn.beginSent(bySms, { method: 'sms', phone: number }, visitor);
        const byApp = pendingOf(await site.begin('alice'), 'enrol');
        const phone = site.phone((await site.signIn.beginApp(byApp, visitor)).secret);
        const proof = { method: 'sms', code: site.senders.code('sms') } as const;
        const outcomes = await Promise.all([
          outcome(site.signIn.confirmSent(bySms, proof, visitor)),
          outcome(site.signIn.confirmApp(byApp, { code: phone.code() }, visitor)),
          outcome(site.signIn.confirmSent(bySms, proof, visitor)),
        ]);
        assert.ok(count(outcomes, 'done') <= 1, outcomes.join());
        assert.equal((await site.live(user)).length, count(outcomes, 'done'));
        const { apps, phone: enrolled } = await site.factors(user);
        assert.ok(apps.length + (enrolled === undefined ? 0 : 1) <= 1);
      },
      new RecordingSenders(),
    ));

  it('one message goes out', (t) =>
    inManyOrders(
      t,
      async (site) => {
        await withNumber(site, 'alice');
        const sent = site.senders.sms.length;
        const begun = await Promise.all(Array.from({ length: 4 }, () => site.begin('alice')));
        await Promise.allSettled(
          begun.map((each) => site.signIn.sendCode(pendingOf(each, 'verify'), 'sms', visitor)),
        );
        assert.equal(site.senders.sms.length - sent, 1);
      },
      new RecordingSenders(),
    ));

  it('one recovery code gives one session', (t) =>
    inManyOrders(t, async (site) => {
      const { user, recoveryCodes } = await site.enrolled('alice');
      const before = (await site.live(user)).length;
      const begun = await Promise.all(Array.from({ length: 4 }, () => site.begin('alice')));
      const proof = { method: 'recovery', code: recoveryCodes[0] ?? '' } as const;
      const outcomes = await Promise.all(
        begun.map((each) => outcome(site.signIn.verify(pendingOf(each, 'verify'), proof, visitor))),
      );
      assert.equal(count(outcomes, 'done'), 1, outcomes.join());
      assert.equal((await site.live(user)).length - before, 1);
    }));

  it('two right codes for one sign-in give one session', (t) =>
    inManyOrders(t, async (site) => {
      const { user, phone } = await site.enrolled('alice');
      const before = (await site.live(user)).length;
      const pending = pendingOf(await site.begin('alice'), 'verify');
      const outcomes = await Promise.all(
        [phone.code(0), phone.code(1), phone.code(-1)].map((code) =>
          outcome(site.signIn.verify(pending, { method: 'app', code }, visitor)),
        ),
      );
      assert.equal(count(outcomes, 'done'), 1, outcomes.join());
      assert.equal((await site.live(user)).length - before, 1);
    }));

  it('one of two enrolments wins', (t) =>
    inManyOrders(t, async (site) => {
      const user = site.directory.add('alice');
      const ways = [];
      for (let index = 0; index < 3; index += 1) {
        const pending = pendingOf(await site.begin('alice'), 'enrol');
        const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
        ways.push({ pending, code: phone.code() });
      }
      const outcomes = await Promise.all(
        ways.map(({ pending, code }) => outcome(site.signIn.confirmApp(pending, { code }, visitor))),
      );
      assert.equal(count(outcomes, 'done'), 1, outcomes.join());
      assert.equal((await site.factors(user)).apps.length, 1);
      assert.equal((await site.live(user)).length, 1);
    }));

  it('many guesses are four guesses', (t) =>
    inManyOrders(t, async (site) => {
      const { phone } = await site.enrolled('alice');
      const begun = await Promise.all(
        Array.from({ length: 12 }, (_, index) => site.begin('alice', from(index))),
      );
      const code = site.wrong(phone);
      const outcomes = await Promise.all(
        begun.map((each, index) =>
          outcome(site.signIn.verify(pendingOf(each, 'verify'), { method: 'app', code }, from(index))),
        ),
      );
      assert.equal(count(outcomes, 'wrong-code'), 4, outcomes.join());
      assert.equal(count(outcomes, 'locked'), 8, outcomes.join());
    }));

  it('many guesses from a known device are five, and it is void', (t) =>
    inManyOrders(t, async (site) => {
      const { user, phone } = await site.enrolled('alice');
      const { device } = await site.through('alice', phone);
      assert.ok(device);
      const at = { ...visitor, device: device.token };
      await site.store.put('counters', `default/codes/${user.key}`, { failures: 100, lastAt: 0 });
      const begun = await Promise.all(Array.from({ length: 12 }, () => site.begin('alice', at)));
      const proof = { method: 'app', code: site.wrong(phone) } as const;
      const outcomes = await Promise.all(
        begun.map((each) => outcome(site.signIn.verify(pendingOf(each, 'verify'), proof, at))),
      );
      assert.equal(count(outcomes, 'wrong-code'), 5, outcomes.join());
      assert.equal(count(outcomes, 'locked'), 7, outcomes.join());
    }));

  it('many wrong passwords are ten, at the user and at the address', (t) =>
    inManyOrders(t, async (site) => {
      site.directory.add('alice');
      const outcomes = await Promise.all(
        Array.from({ length: 25 }, () => outcome(site.begin('alice', visitor, 'wrong'))),
      );
      assert.equal(count(outcomes, 'invalid-credentials'), 10, outcomes.join());
      const address = await site.store.get<{ at: number[] }>('counters', 'default/password-from/192.0.2.7');
      assert.equal(address?.value.at.length, 10, 'refused tries are taken back');
    }));

  it('one ticket makes one owner', (t) =>
    inManyOrders(t, async (site) => {
      // The link of the first start: good only while there is no owner.
      for (const { key } of (await site.store.list('roles', { prefix: 'default/', limit: 10 })).items) {
        await site.store.delete('roles', key);
      }
      const { ticket } = await site.owners.issueOwnerTicket('system');
      const ways = await Promise.all(
        ['one', 'two', 'three'].map(async (username) => {
          const begun = await site.owners.create({ ticket, username, password: 'a good password' }, visitor);
          const pending = pendingOf(begun, 'enrol');
          const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
          return { pending, code: phone.code() };
        }),
      );
      const outcomes = await Promise.all(
        ways.map(({ pending, code }) => outcome(site.signIn.confirmApp(pending, { code }, visitor))),
      );
      assert.equal(count(outcomes, 'done'), 1, outcomes.join());
      const roles = await site.store.list('roles', { prefix: 'default/', limit: 10 });
      assert.equal(roles.items.length, 1);
    }));

  it('two removals leave one phone', (t) =>
    inManyOrders(t, async (site) => {
      const { user, phone } = await site.enrolled('alice');
      const { session } = await site.through('alice', phone);
      site.pass(4 * step);
      const proof = () => ({ method: 'app', code: phone.code() }) as const;
      const fresh = site.phone((await site.changes.beginApp(session, proof(), visitor)).secret);
      await site.changes.confirmApp(session, { code: fresh.code() }, visitor);
      site.pass(4 * step);
      const [first, second] = (await site.factors(user)).apps.map((app) => app.id);
      await Promise.allSettled([
        site.changes.removeFactor(session, first ?? '', proof(), visitor),
        site.changes.removeFactor(session, second ?? '', { method: 'app', code: fresh.code() }, visitor),
      ]);
      assert.equal((await site.factors(user)).apps.length, 1);
    }));

  it('a forced password change is made once', (t) =>
    inManyOrders(t, async (site) => {
      const { user, phone } = await site.enrolled('alice');
      site.directory.change(user.key, { mustChange: true });
      const pending = pendingOf(await site.begin('alice'), 'verify');
      const verify = (code: string) => outcome(site.signIn.verify(pending, { method: 'app', code }, visitor));
      const answers = await Promise.all([verify(phone.code()), verify(phone.code(1))]);
      assert.equal(count(answers, 'change-password'), 1, answers.join());
      const changes = await Promise.all(
        ['the first password', 'the second password'].map((next) =>
          outcome(site.signIn.changePassword(pending, next, visitor)),
        ),
      );
      assert.equal(count(changes, 'done'), 1, changes.join());
    }));
});
