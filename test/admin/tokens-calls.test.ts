import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { type Site, startSite } from '../support/site.ts';
import type { Answer } from '../support/site-client.ts';

describe('API tokens by API', () => {
  let site: Site<ManualClock>;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site.stop());

  const soon = (): string => new Date(site.clock.now() + 86_400_000).toISOString();
  const make = async (more: Record<string, unknown> = {}, client = owner) => {
    const body = { name: 'report', role: 'auditor', everywhere: true, expiresAt: soon(), ...more };
    const answer = await client.admin('POST', 'tokens', body);
    assert.equal(answer.status, 201, answer.text);
    return answer.json as { token: { id: string; creatorName: string }; secret: string };
  };
  const as =
    (secret: string) =>
    (method: string, path: string, body?: unknown): Promise<Answer> =>
      new AdminClient(site.consolePort, site.clock, 'http').admin(method, path, body, {
        authorization: `Bearer ${secret}`,
      });

  it('let a program do what their role may, without a fresh second factor, and no more', async () => {
    const { token, secret } = await make({ role: 'helpdesk' });
    const call = as(secret);
    const me = await call('GET', 'me');
    assert.deepEqual(
      [me.json.actor, me.json.name, me.json.role],
      [`token:${token.id}`, 'report', 'helpdesk'],
    );
    assert.equal(
      (await call('POST', 'tokens', { name: 'x', role: 'auditor', expiresAt: soon() })).json.code,
      'not-allowed',
    );
    const listed = await owner.admin('GET', 'tokens');
    assert.equal(listed.text.includes(secret.slice(-43)), false);
    const shown = listed.json.items.find(({ id }: { id: string }) => id === token.id);
    assert.deepEqual(
      [shown.creatorName, shown.role, typeof shown.lastUsedAt],
      ['olivia', 'helpdesk', 'string'],
    );
  });

  it('made for logon checks open nothing of this API', async () => {
    const { secret } = await make({ role: 'logon-check', servers: ['ts1'] });
    const answer = await as(secret)('GET', 'me');
    assert.ok([401, 403].includes(answer.status), answer.text);
  });

  it('are revoked from the next call on', async () => {
    const { token, secret } = await make();
    assert.equal((await owner.admin('DELETE', `tokens/${token.id}`)).status, 204);
    assert.equal((await as(secret)('GET', 'me')).json.code, 'sign-in-required');
    assert.equal((await owner.admin('DELETE', `tokens/${token.id}`)).json.code, 'not-found');
  });

  it('end with whoever made them', async () => {
    const second = await signedInAs(site, 'owner', { name: 'otto' });
    const { secret } = await make({}, second);
    assert.equal((await as(secret)('GET', 'me')).status, 200);
    const otto = (await site.gateway.rooms.directories.lookUp('otto'))?.key ?? '';
    await site.gateway.rooms.administrators.grant(otto, { role: 'administrator' }, { actor: 'cli' });
    assert.equal((await as(secret)('GET', 'me')).status, 200, 'an administrator may still read');
    await site.gateway.rooms.administrators.withdraw(otto, {}, { actor: 'cli' });
    assert.equal((await as(secret)('GET', 'me')).status, 401);
  });

  it('of one subscription are seen and revoked there alone', async () => {
    await site.gateway.rooms.subscriptions.create({ name: 'Acme' }, 'cli');
    const acme = await signedInAs(site, 'owner', { subscription: 'acme', name: 'ada' });
    const whole = await make();
    const everywhere = await acme.admin('POST', 'tokens', {
      name: 'x',
      role: 'auditor',
      everywhere: true,
      expiresAt: soon(),
    });
    assert.equal(everywhere.json.code, 'not-allowed');
    const own = await make({ everywhere: false, role: 'owner' }, acme);
    assert.deepEqual(
      (await acme.admin('GET', 'tokens')).json.items.map(({ id }: { id: string }) => id),
      [own.token.id],
    );
    assert.equal((await acme.admin('DELETE', `tokens/${whole.token.id}`)).json.code, 'not-found');
    assert.equal((await as(own.secret)('GET', 'settings')).status, 200);
    assert.equal((await as(own.secret)('GET', 'settings?subscription=default')).json.code, 'not-allowed');
  });

  it('are refused without a time, or with one too far away', async () => {
    const { everywhere, ...body } = { name: 'x', role: 'auditor', everywhere: true };
    for (const expiresAt of [
      undefined,
      'tomorrow',
      '2026-13-01T00:00:00Z',
      '2199-01-01T00:00:00Z',
      '2000-01-01T00:00:00Z',
    ]) {
      const answer = await owner.admin('POST', 'tokens', { ...body, everywhere, expiresAt });
      assert.deepEqual([answer.status, answer.json.code], [400, 'invalid-request'], String(expiresAt));
    }
  });
});
