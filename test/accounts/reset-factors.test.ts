import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { issueTicket, noFactors, resetFactors, ticketHash } from '../../src/accounts/index.ts';
import { failAfter } from '../support/failing-store.ts';
import { openSite, subscription } from './site.ts';

describe('a reset', () => {
  it('empties what is enrolled, ends the sessions before and after, and leaves the user enabled', async (t) => {
    const { parts, clock, ended, forgotten, audit, enrolled, isRequired } = await openSite(t);
    const key = await enrolled('alice');
    assert.deepEqual(await resetFactors(parts, [key, key], 'local:root'), [{ user: key, name: 'alice' }]);
    const { factors } = await parts.factors.read(subscription, key);
    assert.deepEqual(factors, { ...noFactors, resetAt: clock.now() });
    assert.ok(await isRequired(key));
    assert.deepEqual(ended, [`${key} reset local:root`, `${key} reset local:root`]);
    assert.deepEqual(forgotten, [`devices ${key}`]);
    assert.deepEqual(audit.events, [{ type: 'user.reset', user: key, name: 'alice', actor: 'local:root' }]);
  });

  it('can ask for a ticket, which is shown once and stored as a hash', async (t) => {
    const { parts, store, audit, enrolled } = await openSite(t);
    const key = await enrolled('alice');
    const [reset] = await resetFactors(parts, [key], 'cli', { ticket: true });
    const ticket = reset?.ticket ?? '';
    assert.match(ticket, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    const stored = await store.get<Record<string, string>>('factors', `default/${key}`);
    assert.equal(stored?.value.ticketHash, ticketHash(ticket));
    assert.equal(
      ticketHash(` ${ticket.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')}`),
      ticketHash(ticket),
    );
    assert.notEqual(ticketHash(`${ticket}0`), ticketHash(ticket));
    assert.ok(!JSON.stringify([stored, audit.events]).includes(ticket));
    assert.deepEqual(
      audit.events.map(({ type }) => type),
      ['user.reset', 'ticket.issued'],
    );
  });

  it('of more than ten users asks for their number', async (t) => {
    const { parts, enrolled, secretsOf } = await openSite(t);
    const keys = await Promise.all(Array.from({ length: 11 }, (_, index) => enrolled(`user${index}`)));
    for (const confirm of [undefined, 10, 12]) {
      await assert.rejects(resetFactors(parts, keys, 'cli', confirm === undefined ? {} : { confirm }), {
        code: 'confirmation-required',
        params: { count: 11 },
      });
    }
    assert.equal((await secretsOf(keys[0] ?? '')).length, 1);
    assert.equal((await resetFactors(parts, keys.slice(0, 10), 'cli')).length, 10);
    assert.equal((await resetFactors(parts, keys, 'cli', { confirm: 11 })).length, 11);
  });

  it('works while the directory of the user does not answer, and on a damaged document', async (t) => {
    const { parts, store, elsewhere, audit } = await openSite(t);
    elsewhere.set('corp:1', 'down');
    await store.put('factors', 'default/corp:1', 'damaged');
    await resetFactors(parts, ['corp:1'], 'cli');
    assert.deepEqual((await parts.factors.read(subscription, 'corp:1')).factors.apps, []);
    assert.deepEqual(audit.events, [{ type: 'user.reset', user: 'corp:1', name: 'corp:1', actor: 'cli' }]);
  });

  it('that is interrupted has ended the sessions before it took anything', async (t) => {
    const { parts, over, store, ended, enrolled, secretsOf } = await openSite(t);
    const key = await enrolled('alice');
    await assert.rejects(resetFactors(over(failAfter(store, 0).store), [key], 'cli'), {
      code: 'store-unavailable',
    });
    assert.equal((await secretsOf(key)).length, 1);
    assert.equal(ended.length, 1);
    await resetFactors(parts, [key], 'cli');
    assert.deepEqual(await secretsOf(key), []);
  });
});

describe('a ticket for an enrolment', () => {
  it('replaces the one before, and is not for who has something enrolled', async (t) => {
    const { parts, enrolled } = await openSite(t);
    const { key } = await parts.users.create({ name: 'bob' });
    const first = await issueTicket(parts, key, 'cli');
    const second = await issueTicket(parts, key, 'cli');
    const { factors } = await parts.factors.read(subscription, key);
    assert.equal(factors.ticketHash, ticketHash(second));
    assert.notEqual(first, second);
    await assert.rejects(issueTicket(parts, await enrolled('alice'), 'cli'), { code: 'already-enrolled' });
  });
});
