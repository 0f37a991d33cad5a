import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { disableAccount, resetFactors } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { password } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import { startTarget, type Target } from './target.ts';

const another = 'an entirely new passphrase';

describe('a sign-in that is under way when something changes', () => {
  let target: Target;
  let counter = 0;
  const site = () => target.site;
  const rooms = () => site().gateway.rooms;
  before(async () => {
    target = await startTarget();
  });
  after(() => target.stop());

  async function user(): Promise<{ name: string; key: string }> {
    counter += 1;
    const name = `user${counter}`;
    return { name, key: await site().addUser(name) };
  }

  async function enrolled(): Promise<{ name: string; key: string; phone: SiteClient }> {
    counter += 1;
    const name = `user${counter}`;
    const phone = await site().signedIn(name);
    site().clock.advance(30_000);
    return { name, key: (await rooms().local.lookUp(name))?.key ?? '', phone };
  }

  async function begun(name: string): Promise<SiteClient> {
    const client = site().client();
    const answer = await client.call('POST', 'sign-in', { username: name, password });
    assert.ok(['verify', 'enrol'].includes(answer.json?.status), answer.text);
    return client;
  }

  async function opensNothing(client: SiteClient): Promise<void> {
    assert.equal((await client.get('/desk/page')).status, 401);
    await assert.rejects(client.open('/desk/ws'), { message: '401' });
    assert.deepEqual(target.reached(), []);
  }

  const liveSessions = async (key: string): Promise<number> =>
    (await rooms().sessions.listOf({ subscription, user: key })).filter(
      ({ state }) => state.name !== 'revoked',
    ).length;

  /** Runs something the moment before, or after, the first write to a collection; that write waits for it. */
  function at(
    when: 'before' | 'after',
    collection: string,
    operation: 'put' | 'delete',
    task: () => Promise<unknown>,
  ): void {
    const store = rooms().store as Store & Record<string, unknown>;
    const original = store[operation] as (...args: unknown[]) => Promise<unknown>;
    const spied = async (...args: unknown[]): Promise<unknown> => {
      if (args[0] !== collection) return original.apply(store, args);
      Object.assign(store, { [operation]: original });
      if (when === 'before') await task();
      const result = await original.apply(store, args);
      if (when === 'after') await task();
      return result;
    };
    Object.assign(store, { [operation]: spied });
  }

  it('ends when the user changes their password: whoever knew the old one begins anew', async () => {
    const { name, phone } = await enrolled();
    const thief = await begun(name);
    const changed = await phone.call('POST', 'account/password', { current: password, next: another });
    assert.equal(changed.status, 204, changed.text);
    const answer = await thief.call('POST', 'sign-in/verify', { method: 'app', code: phone.code() });
    assert.deepEqual([answer.status, answer.json?.code], [401, 'sign-in-expired']);
    await opensNothing(thief);
  });

  it('ends when the owner recovers a user: whoever knew the old password enrols nothing any more', async () => {
    const { name, key } = await user();
    const thief = await begun(name);
    thief.secret = (await thief.call('POST', 'enrol/app', {})).json.secret;
    await resetFactors(rooms().administration, [key], 'test');
    const { ticket } = await rooms().ownerSetup.recover(name, 'test');
    const late = await thief.call('POST', 'enrol/verify', { method: 'app', code: thief.code() });
    assert.deepEqual([late.status, late.json?.code], [401, 'sign-in-expired']);
    await opensNothing(thief);
    // Begun in between, with the password that is about to be replaced.
    const second = await begun(name);
    const real = site().client();
    const step = await real.call('POST', 'owner', { ticket, username: name, password: another });
    assert.equal(step.json?.status, 'enrol', step.text);
    assert.equal((await second.call('POST', 'enrol/app', {})).json?.code, 'sign-in-expired');
    assert.equal((await real.enrol()).json?.status, 'done');
    target.reached();
  });

  it('ends when the user is reset, disabled, or signs out everywhere, at every step', async () => {
    for (const what of ['reset', 'disabled'] as const) {
      for (const step of ['verify', 'enrol'] as const) {
        const { name, key, phone } =
          step === 'verify' ? await enrolled() : { ...(await user()), phone: site().client() };
        const thief = await begun(name);
        if (step === 'enrol') phone.secret = (await thief.call('POST', 'enrol/app', {})).json.secret;
        if (what === 'reset') await resetFactors(rooms().administration, [key], 'test');
        else await disableAccount(rooms().administration, key, 'test');
        const path = step === 'verify' ? 'sign-in/verify' : 'enrol/verify';
        const answer = await thief.call('POST', path, { method: 'app', code: phone.code() });
        assert.ok(
          ['sign-in-expired', 'account-disabled'].includes(answer.json?.code),
          `${what} ${step}: ${answer.text}`,
        );
        assert.equal(await liveSessions(key), 0);
        await opensNothing(thief);
      }
    }
  });

  it('of which the code was just accepted gives no session when the user is reset or disabled in that very moment', async () => {
    const moments = [
      ['before', 'claims', 'put'],
      ['after', 'claims', 'put'],
      ['before', 'factors', 'put'],
      ['after', 'factors', 'put'],
      ['before', 'pending', 'delete'],
      ['after', 'pending', 'delete'],
      ['before', 'sessions', 'put'],
      ['after', 'sessions', 'put'],
    ] as const;
    for (const [when, collection, operation] of moments) {
      for (const what of ['reset', 'disabled'] as const) {
        const { name, key, phone } = await enrolled();
        await phone.call('DELETE', 'session');
        const client = await begun(name);
        at(when, collection, operation, () =>
          what === 'reset'
            ? resetFactors(rooms().administration, [key], 'test')
            : disableAccount(rooms().administration, key, 'test'),
        );
        await client.call('POST', 'sign-in/verify', { method: 'app', code: phone.code() });
        assert.equal(await liveSessions(key), 0, `${what} ${when} ${collection}`);
        await opensNothing(client);
      }
    }
  });

  it('threat 3: cannot complete an enrolment for which a ticket is asked from this very moment on', async () => {
    for (const [when, collection, operation] of [
      ['before', 'claims', 'put'],
      ['after', 'claims', 'put'],
      ['before', 'factors', 'put'],
    ] as const) {
      const { name, key } = await user();
      const thief = await begun(name);
      thief.secret = (await thief.call('POST', 'enrol/app', {})).json.secret;
      at(when, collection, operation, () =>
        resetFactors(rooms().administration, [key], 'test', { ticket: true }),
      );
      const late = await thief.call('POST', 'enrol/verify', { method: 'app', code: thief.code() });
      assert.notEqual(late.json?.status, 'done', `${when} ${collection}`);
      const { factors } = await rooms().administration.factors.read(subscription, key);
      assert.deepEqual(factors.apps, [], `${when} ${collection}: nothing is enrolled`);
      assert.ok(factors.ticketHash, `${when} ${collection}: the ticket is still asked for`);
      await opensNothing(thief);
    }
  });

  it('races twelve ways with a reset: afterwards nobody is signed in by what was proven before', async () => {
    const { name, key, phone } = await enrolled();
    await phone.call('DELETE', 'session');
    const clients = await Promise.all(Array.from({ length: 6 }, () => begun(name)));
    await Promise.all([
      ...clients.map((client) =>
        client.call('POST', 'sign-in/verify', { method: 'app', code: phone.code() }),
      ),
      ...clients.map(() => resetFactors(rooms().administration, [key], 'test')),
    ]);
    assert.equal(await liveSessions(key), 0);
    for (const client of clients) await opensNothing(client);
  });

  it('has one outcome for any number of right codes at the same moment', async () => {
    const { name, key, phone } = await enrolled();
    await phone.call('DELETE', 'session');
    const client = await begun(name);
    const codes = [phone.code(-1), phone.code(), phone.code(1), phone.code(), phone.code(-1)];
    const answers = await Promise.all(
      codes.map((code) => client.call('POST', 'sign-in/verify', { method: 'app', code })),
    );
    assert.equal(answers.filter(({ json }) => json?.status === 'done').length, 1);
    assert.equal(await liveSessions(key), 1);
    target.reached();
  });
});
