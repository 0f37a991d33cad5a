import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import {
  bypassHash,
  enable,
  endBypassCodes,
  issueBypass,
  resetFactors,
  subjectOfUser,
  takeOffList,
  undoTakeOff,
  withdrawBypass,
} from '../../src/accounts/index.ts';
import { openSite, subscription } from './site.ts';

const minute = 60_000;
const wish = { lifetime: 60 * minute, reason: 'phone left at home' };

async function bypassSite(t: TestContext) {
  const site = await openSite(t);
  const { parts, store, clock, audit } = site;
  const withStore = { ...parts, store, clock };
  const stored = async (user: string) => (await parts.factors.read(subscription, user)).factors.bypass;
  const told = (type: string) => audit.events.filter((event) => event.type === type);
  return { ...site, parts: withStore, stored, told };
}

describe('a helpdesk bypass code', () => {
  it('is 60 random bits in groups, stored as a hash, and audited with its reason', async (t) => {
    const { parts, clock, enrolled, stored, audit } = await bypassSite(t);
    const user = await enrolled('alice');
    const { code, until } = await issueBypass(parts, user, wish, 'cli');
    assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    assert.equal(until, clock.now() + 60 * minute);
    assert.deepEqual(await stored(user), {
      hash: bypassHash(user, code),
      issuedAt: clock.now(),
      expiresAt: until,
    });
    assert.deepEqual(audit.events, [
      { type: 'bypass.issued', user, name: 'alice', actor: 'cli', reason: 'phone left at home', until },
    ]);
    assert.ok(!JSON.stringify([await stored(user), audit.events]).includes(code));
    assert.notEqual(bypassHash('local:other', code), bypassHash(user, code));
    assert.equal(bypassHash(user, ` ${code.toLowerCase().replaceAll('-', ' ')}`), bypassHash(user, code));
  });

  it('lives five minutes to a day, and needs a reason of one line', async (t) => {
    const { parts, enrolled, stored, audit } = await bypassSite(t);
    const user = await enrolled('alice');
    const refused = [
      { ...wish, lifetime: 5 * minute - 1 },
      { ...wish, lifetime: 24 * 60 * minute + 1 },
      { ...wish, lifetime: Number.NaN },
      { ...wish, reason: ' \t ' },
      { ...wish, reason: 'two\nlines' },
      { ...wish, reason: 'x'.repeat(201) },
    ];
    for (const each of refused) {
      await assert.rejects(issueBypass(parts, user, each, 'cli'), { code: 'invalid-request' });
    }
    assert.equal(await stored(user), undefined);
    assert.deepEqual(audit.events, []);
    for (const lifetime of [5 * minute, 24 * 60 * minute]) {
      await issueBypass(parts, user, { ...wish, lifetime }, 'cli');
    }
  });

  it('is for users who have something enrolled and may sign in at all', async (t) => {
    const { parts, elsewhere } = await bypassSite(t);
    const { key } = await parts.users.create({ name: 'bob' });
    await assert.rejects(issueBypass(parts, key, wish, 'cli'), { code: 'nothing-enrolled' });
    await parts.users.setDisabled(key, true);
    await assert.rejects(issueBypass(parts, key, wish, 'cli'), { code: 'account-disabled' });
    await assert.rejects(issueBypass(parts, 'local:nobody', wish, 'cli'), { code: 'unknown-user' });
    elsewhere.set('corp:1', 'down');
    await assert.rejects(issueBypass(parts, 'corp:1', wish, 'cli'), /does not answer/);
  });

  it('for an administrator is issued only by whoever may make administrators', async (t) => {
    const { parts, administrators, enrolled } = await bypassSite(t);
    const user = await enrolled('root');
    administrators.add(user);
    await assert.rejects(issueBypass(parts, user, wish, 'local:helpdesk'), { code: 'not-allowed' });
    await issueBypass(parts, user, { ...wish, forAdministrators: true }, 'cli');
  });

  it('replaces the one before, and says so', async (t) => {
    const { parts, enrolled, stored, told } = await bypassSite(t);
    const user = await enrolled('alice');
    await issueBypass(parts, user, wish, 'cli');
    const second = await issueBypass(parts, user, wish, 'cli');
    assert.equal((await stored(user))?.hash, bypassHash(user, second.code));
    assert.deepEqual(told('bypass.withdrawn'), [
      { type: 'bypass.withdrawn', user, name: 'alice', actor: 'cli', reason: 'replaced' },
    ]);
  });

  it('of several issued at the same moment is one, and the one that is stored', async (t) => {
    const { parts, enrolled, stored } = await bypassSite(t);
    const user = await enrolled('alice');
    const issued = await Promise.all(Array.from({ length: 6 }, () => issueBypass(parts, user, wish, 'cli')));
    const hash = (await stored(user))?.hash;
    assert.equal(issued.filter(({ code }) => bypassHash(user, code) === hash).length, 1);
  });

  it('can be withdrawn once, and leaves everything else', async (t) => {
    const { parts, enrolled, stored, secretsOf, told } = await bypassSite(t);
    const user = await enrolled('alice');
    await issueBypass(parts, user, wish, 'cli');
    assert.equal(await withdrawBypass(parts, user, 'cli'), true);
    assert.equal(await stored(user), undefined);
    assert.equal((await secretsOf(user)).length, 1);
    assert.equal(await withdrawBypass(parts, user, 'cli'), false);
    assert.equal(told('bypass.withdrawn').length, 1);
  });

  it('goes with a reset, and with the list, whose undo does not bring it back', async (t) => {
    const { parts, enrolled, stored, isRequired } = await bypassSite(t);
    const user = await enrolled('alice');
    await issueBypass(parts, user, wish, 'cli');
    await resetFactors(parts, [user], 'cli');
    assert.equal(await stored(user), undefined);

    const other = await enrolled('bob');
    await enable(parts, subjectOfUser(other), 'cli');
    await takeOffList(parts, 'everyone', 'cli');
    await issueBypass(parts, other, wish, 'cli');
    await takeOffList(parts, subjectOfUser(other), 'cli');
    assert.equal(await isRequired(other), false);
    assert.equal(await stored(other), undefined);
    await undoTakeOff(parts, subjectOfUser(other), 'cli');
    const { factors } = await parts.factors.read(subscription, other);
    assert.equal(factors.apps.length, 1);
    assert.equal(factors.bypass, undefined);
  });

  it('that ends unused is written down once, by whichever process sees it first', async (t) => {
    const { parts, clock, store, enrolled, stored, told } = await bypassSite(t);
    const [user, used, waiting] = [await enrolled('alice'), await enrolled('bob'), await enrolled('carol')];
    const { until } = await issueBypass(parts, user, wish, 'cli');
    await issueBypass(parts, used, wish, 'cli');
    await issueBypass(parts, waiting, { ...wish, lifetime: 120 * minute }, 'cli');
    const document = await parts.factors.read(subscription, used);
    assert.ok(document.factors.bypass);
    const spent = { ...document.factors, bypass: { ...document.factors.bypass, usedAt: clock.now() } };
    await parts.factors.save(subscription, used, spent, document.version);

    clock.jump(until - 1);
    await endBypassCodes(parts);
    assert.ok(await stored(user));
    clock.jump(until);
    await Promise.all([endBypassCodes(parts), endBypassCodes(parts), endBypassCodes(parts)]);
    assert.deepEqual(told('bypass.expired'), [{ type: 'bypass.expired', user, until }]);
    assert.equal(await stored(user), undefined);
    assert.equal(await stored(used), undefined);
    assert.ok(await stored(waiting));
    const left = await store.list('bypass-codes', { prefix: 'default/', limit: 10 });
    assert.deepEqual(
      left.items.map(({ key }) => key),
      [`default/${waiting}`],
    );
  });
});
