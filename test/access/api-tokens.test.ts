import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ApiTokens, Roles, type TokenWish } from '../../src/access/index.ts';
import type { DirectoryUser } from '../../src/accounts/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { systemRandom } from '../../src/random.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const day = 86_400_000;
const address = '192.0.2.7';
const owner = 'local:olga';

async function site(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  t.after(() => store.close());
  const audit = recordingAudit();
  const users = new Map<string, Partial<DirectoryUser> | 'down'>([[owner, {}]]);
  const roles = new Roles({ store, clock, isUsable: async () => true });
  await roles.makeOwner(owner);
  await roles.makeOwner('local:other');
  const tokens = new ApiTokens({
    store,
    clock,
    random: systemRandom,
    audit,
    roles,
    async findUser(key) {
      const found = users.get(key);
      if (found === 'down') throw new GatewayError('directory-unavailable');
      return found === undefined ? undefined : ({ key, disabled: false, ...found } as DirectoryUser);
    },
  });
  const wish = (more: Partial<TokenWish> = {}): TokenWish => ({
    name: 'nightly report',
    role: 'auditor',
    expiresAt: clock.now() + 30 * day,
    ...more,
  });
  const make = (more: Partial<TokenWish> = {}, by = { creator: owner, actor: owner }) =>
    tokens.create(wish(more), by);
  return { clock, store, audit, users, roles, tokens, wish, make };
}

const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

describe('an API token', () => {
  it('is shown once, and stored only as a hash', async (t) => {
    const { store, audit, tokens, make } = await site(t);
    const { token, secret } = await make();
    assert.match(secret, /^spt_[0-9a-f]{16}_[\w-]{43}$/);
    const everything = JSON.stringify([
      (await store.list('api-tokens', { limit: 10 })).items,
      await tokens.list(),
      audit.events,
    ]);
    const proof = secret.slice(-43);
    assert.equal(everything.includes(proof), false);
    assert.deepEqual(await tokens.verify(secret, address), {
      id: token.id,
      name: 'nightly report',
      role: 'auditor',
    });
  });

  it('says where it holds, and to which servers a logon check is bound', async (t) => {
    const { make, tokens } = await site(t);
    const { secret } = await make({ role: 'logon-check', servers: ['ts1'], subscription: 'acme' });
    const { id, name, ...rest } = (await tokens.verify(secret, address)) ?? assert.fail();
    assert.deepEqual(rest, { role: 'logon-check', servers: ['ts1'], subscription: 'acme' });
    await assert.rejects(make({ role: 'logon-check' }), refused('invalid-request'));
    await assert.rejects(make({ role: 'auditor', servers: ['ts1'] }), refused('invalid-request'));
  });

  it('is nothing with any other secret, id or form', async (t) => {
    const { make, tokens, clock } = await site(t);
    const { secret } = await make();
    const other = (await make()).secret;
    const wrong = [
      '',
      'spt_',
      `${secret}x`,
      secret.toUpperCase(),
      secret.slice(0, 21) + other.slice(21),
      `spt_${'0'.repeat(16)}_${secret.slice(-43)}`,
      `spt_${secret.slice(4, 20)}_${'A'.repeat(43)}`,
      ` ${secret}`,
    ];
    for (const text of wrong) {
      assert.equal(await tokens.verify(text, address), undefined, text);
      clock.advance(60_000);
    }
  });

  it('ends at its time, which is at most a year away', async (t) => {
    const { clock, make, tokens } = await site(t);
    for (const expiresAt of [0, clock.now(), clock.now() + 367 * day, Number.NaN, clock.now() + 0.5]) {
      await assert.rejects(make({ expiresAt }), refused('invalid-request'));
    }
    const { secret } = await make({ expiresAt: clock.now() + day });
    clock.advance(day - 1);
    assert.ok(await tokens.verify(secret, address));
    clock.advance(1);
    assert.equal(await tokens.verify(secret, address), undefined);
    assert.equal((await tokens.list()).length, 1, 'and is still shown');
    clock.advance(31 * day);
    assert.equal((await tokens.list()).length, 0);
  });

  it('can do no more than whoever makes it', async (t) => {
    const { roles, users, make } = await site(t);
    users.set('local:ada', {});
    await roles.grant('local:ada', { role: 'administrator', subscription: 'acme', by: owner });
    const ada = { creator: 'local:ada', actor: 'local:ada' };
    await assert.rejects(make({ role: 'auditor' }, ada), refused('not-allowed'));
    await assert.rejects(make({ role: 'owner', subscription: 'acme' }, ada), refused('not-allowed'));
    await make({ role: 'administrator', subscription: 'acme' }, ada);
    await assert.rejects(make({}, { creator: 'local:x', actor: 'local:x' }), refused('not-allowed'));
  });

  it("made by a program is its creator's too, and does not outlive the one it was made with", async (t) => {
    const { clock, make, tokens } = await site(t);
    const { token } = await make({ role: 'owner', expiresAt: clock.now() + 2 * day });
    const by = { creator: 'local:other', actor: `token:${token.id}` };
    assert.equal((await make({ expiresAt: clock.now() + day }, by)).token.creator, owner);
    await assert.rejects(make({ expiresAt: clock.now() + 3 * day }, by), refused('invalid-request'));
    await tokens.revoke(token.id, owner);
    await assert.rejects(make({ expiresAt: clock.now() + day }, by), refused('not-allowed'));
  });

  for (const [how, end, reason] of [
    ['loses the role', (s: Site) => s.roles.withdraw(owner, undefined), 'role-changed'],
    ['gets a lesser role', (s: Site) => s.roles.grant(owner, { role: 'auditor', by: 'x' }), 'role-changed'],
    ['is disabled', async (s: Site) => void s.users.set(owner, { disabled: true }), 'user-disabled'],
    ['is gone', async (s: Site) => void s.users.delete(owner), 'user-removed'],
  ] as const) {
    it(`ends for good when its creator ${how}`, async (t) => {
      const s = await site(t);
      const { token, secret } = await s.make({ role: 'helpdesk' });
      const auditor = await s.make({ role: 'auditor' });
      await end(s);
      assert.equal(await s.tokens.verify(secret, address), undefined);
      assert.equal(await s.tokens.find(token.id), undefined);
      const told = s.audit.events.find(({ type }) => type === 'api-access.revoked');
      assert.ok(told?.type === 'api-access.revoked');
      assert.deepEqual([told.reason, told.actor, told.id], [reason, 'system', token.id]);
      const stays = how === 'gets a lesser role';
      await s.tokens.judgeCreator(owner);
      assert.equal((await s.tokens.list()).length, stays ? 1 : 0);
      assert.equal((await s.tokens.verify(auditor.secret, address)) !== undefined, stays);
    });
  }

  it('stays what it was while the directory of its creator cannot be asked', async (t) => {
    const { users, make, tokens } = await site(t);
    const { secret } = await make();
    users.set(owner, 'down');
    assert.ok(await tokens.verify(secret, address));
  });

  it('is void with the next call once revoked', async (t) => {
    const { make, tokens } = await site(t);
    const { token, secret } = await make();
    await tokens.revoke(token.id, owner);
    assert.equal(await tokens.verify(secret, address), undefined);
    await assert.rejects(tokens.revoke(token.id, owner), refused('not-found'));
  });

  it('remembers to the hour when it was used, and writes no more often', async (t) => {
    const { clock, store, make, tokens } = await site(t);
    const { token, secret } = await make();
    const version = async () => (await store.get('api-tokens', `default/${token.id}`))?.version;
    await tokens.verify(secret, address);
    const first = (await tokens.find(token.id))?.lastUsedAt ?? 0;
    assert.equal(first % 3_600_000, 0);
    const before = await version();
    clock.advance(10 * 60_000);
    await tokens.verify(secret, address);
    assert.equal(await version(), before);
    clock.advance(3_600_000);
    await Promise.all([tokens.verify(secret, address), tokens.verify(secret, address)]);
    assert.equal((await tokens.find(token.id))?.lastUsedAt, first + 3_600_000);
  });

  it('is not looked for once an address has been wrong 30 times within 15 minutes, unless there is one', async (t) => {
    const { clock, audit, make, tokens } = await site(t);
    const { secret } = await make();
    const wrong = `spt_${'0'.repeat(16)}_${'A'.repeat(43)}`;
    for (let tries = 0; tries < 30; tries += 1) await tokens.verify('spt_wrong', address);
    await assert.rejects(tokens.verify(wrong, address), refused('too-many-requests'));
    await assert.rejects(tokens.verify('spt_wrong', address), refused('too-many-requests'));
    const forged = `${secret.slice(0, -43)}${'A'.repeat(43)}`;
    await assert.rejects(tokens.verify(forged, address), refused('too-many-requests'));
    assert.ok(await tokens.verify(secret, address), 'nobody beside it shuts out the program that has one');
    assert.equal(await tokens.verify(wrong, '192.0.2.8'), undefined, 'others are not concerned');
    clock.advance(15 * 60_000 + 1);
    assert.equal(await tokens.verify(wrong, address), undefined);
    assert.equal(audit.events.filter(({ type }) => type === 'api-access.refused').length, 32);
  });
});

type Site = Awaited<ReturnType<typeof site>>;
