import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { issueBypass, resetFactors } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { startMailServer, type TakenMail } from '../support/mail-server.ts';
import { password, startSite } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';

const step = 30_000;

/** A site that sends mail, and a user `alice` with an address; `mails` are those since the last call. */
async function noticeSite(t: TestContext) {
  const server = await startMailServer();
  t.after(() => server.close());
  const site = await startSite({ config: { serverName: 'Example' } });
  t.after(() => site.stop());
  const { rooms } = site.gateway;
  const sender = {
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    from: 'gate@example.com',
  } as const;
  await rooms.delivery.change(subscription, 'email', sender, 'test');
  const { key } = await rooms.local.create({ name: 'alice', password, email: 'alice@example.com' }, 'test');
  const mails = async (): Promise<TakenMail[]> => {
    await rooms.notices.settled();
    return server.taken.splice(0);
  };
  const subjects = async (): Promise<string[]> => (await mails()).map(({ subject }) => subject);
  return { site, rooms, server, key, mails, subjects };
}

const french = { 'accept-language': 'fr' };

/** Signs in with another browser of the same person, which knows the app but not the cookies. */
async function signInElsewhere(from: SiteClient, client: SiteClient, headers = {}): Promise<void> {
  client.secret = from.secret;
  const begun = await client.call('POST', 'sign-in', { username: 'alice', password }, headers);
  assert.equal(begun.json?.status, 'verify', begun.text);
  const done = await client.call('POST', 'sign-in/verify', { method: 'app', code: client.code() }, headers);
  assert.equal(done.json?.status, 'done', done.text);
}

describe('users are told by mail', () => {
  it('of a new way to verify, and of a sign-in from a new device but not from a known one', async (t) => {
    const { site, mails, subjects } = await noticeSite(t);
    const client = site.client();
    assert.equal((await client.signIn('alice', password)).json?.status, 'done');
    const [added, ...rest] = await mails();
    assert.deepEqual(rest, []);
    assert.equal(added?.subject, 'Example: A new way to verify was added to your account');
    assert.deepEqual(added?.to, ['alice@example.com']);
    assert.match(added?.text ?? '', /An authenticator app was added to your account alice/);
    assert.match(added?.html ?? '', /<a href="http:\/\/localhost:\d+\/\.sallyport\/account">/);
    assert.doesNotMatch(`${added?.raw}`, new RegExp(client.secret));

    site.clock.advance(2 * step);
    assert.equal((await client.signIn('alice', password)).json?.status, 'done');
    assert.deepEqual(await subjects(), []);

    site.clock.advance(2 * step);
    await signInElsewhere(client, site.client(), french);
    assert.deepEqual(await subjects(), ['Example: Connexion depuis un nouvel appareil']);
  });

  it('in the language they last signed in in, whoever caused it', async (t) => {
    const { site, rooms, key, subjects } = await noticeSite(t);
    const client = site.client();
    await client.signIn('alice', password);
    site.clock.advance(2 * step);
    await signInElsewhere(client, site.client(), french);
    await subjects();
    await resetFactors(rooms.administration, [key], 'cli');
    assert.deepEqual(await subjects(), ['Example: Vos moyens de vérification ont été réinitialisés']);
  });

  it('of recovery codes and helpdesk codes that were used, and of those that were issued', async (t) => {
    const { site, rooms, key, subjects } = await noticeSite(t);
    const client = site.client();
    const enrolled = await client.signIn('alice', password);
    await subjects();
    await client.call('POST', 'sign-in', { username: 'alice', password });
    const code = enrolled.json?.recoveryCodes?.[0];
    const recovered = await client.call('POST', 'sign-in/verify', { method: 'recovery', code });
    assert.equal(recovered.json?.status, 'done', recovered.text);
    assert.deepEqual(await subjects(), ['Example: A recovery code was used']);

    const wish = { reason: 'lost the phone', lifetime: 600_000 };
    const issued = await issueBypass({ ...rooms.administration, store: rooms.store }, key, wish, 'cli');
    assert.deepEqual(await subjects(), ['Example: The helpdesk made a code for your account']);
    const other = site.client();
    await other.call('POST', 'sign-in', { username: 'alice', password });
    const passed = await other.call('POST', 'sign-in/verify', { method: 'bypass', code: issued.code });
    assert.equal(passed.json?.status, 'done', passed.text);
    assert.deepEqual((await subjects()).sort(), [
      'Example: A helpdesk code was used',
      'Example: Sign-in from a new device',
    ]);
  });

  it('of five wrong codes after the right password, and administrators too', async (t) => {
    const { site, rooms, mails } = await noticeSite(t);
    const owner = await rooms.local.lookUp('olivia');
    await rooms.administration.users.describe(owner?.key ?? '', { email: 'olivia@example.com' });
    await site.client().signIn('alice', password);
    await mails();
    const mallory = site.client();
    await mallory.call('POST', 'sign-in', { username: 'alice', password });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      // The fifth has to wait.
      site.clock.advance(60_000);
      const code = String(100_000 + attempt);
      const headers = { 'user-agent': 'Visit http://evil.example' };
      await mallory.call('POST', 'sign-in/verify', { method: 'app', code }, headers);
    }
    const told = await mails();
    assert.deepEqual(
      told.map(({ to, subject }) => [to[0], subject]),
      [
        ['alice@example.com', 'Example: Somebody may know your password'],
        ['olivia@example.com', 'Example: Somebody may know the password of alice'],
      ],
    );
    for (const { raw } of told) assert.doesNotMatch(raw, /evil/);
  });

  it('never in the way of a sign-in: with a mail server that hangs, or that is not there', async (t) => {
    const { site, rooms } = await noticeSite(t);
    const hanging = createServer(() => {}).listen(0, '127.0.0.1');
    await once(hanging, 'listening');
    t.after(() => hanging.close());
    const address = hanging.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await rooms.delivery.change(subscription, 'email', { port }, 'test');
    const connected = once(hanging, 'connection');
    const client = site.client();
    assert.equal((await client.signIn('alice', password)).json?.status, 'done');
    const [socket] = await connected;
    site.clock.advance(10_000);
    await rooms.notices.settled();
    socket.destroy();
    await rooms.audit.flush();
    const failed = await rooms.store.read<{ reason?: string; to?: string }>('audit', {
      tags: ['type:message.failed'],
      limit: 10,
    });
    assert.deepEqual(
      failed.items.map(({ value }) => [value.reason, value.to]),
      [['no-answer', 'a•••@example.com']],
    );
    await rooms.delivery.remove(subscription, 'email', 'test');
    site.clock.advance(2 * step);
    await signInElsewhere(client, site.client());
    await rooms.notices.settled();
  });

  it('ten times an hour at most, so that nobody buries what matters', async (t) => {
    const { rooms, key, subjects } = await noticeSite(t);
    for (let time = 0; time < 12; time += 1) await resetFactors(rooms.administration, [key], 'cli');
    assert.equal((await subjects()).length, 10);
  });
});
