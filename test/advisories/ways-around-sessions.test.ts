import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deleteAccount, disableAccount } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { password } from '../support/site.ts';
import type { SiteClient } from '../support/site-client.ts';
import {
  audited,
  cookieOf,
  handshake,
  Line,
  message,
  noTunnels,
  type Replica,
  startReplica,
  startTarget,
  type Target,
} from './target.ts';

describe('a way around the second factor by a session that is over', () => {
  let target: Target;
  let replica: Replica;
  const site = () => target.site;
  const rooms = () => site().gateway.rooms;

  before(async () => {
    target = await startTarget();
    replica = await startReplica(site());
  });
  after(async () => {
    await replica.gateway.close(0);
    await target.stop();
  });

  const ownerOf = async (name: string) => ({
    subscription,
    user: (await rooms().local.lookUp(name))?.key ?? '',
  });

  it('threat 7: the next request on a kept connection is refused once its session was revoked, and so are pipelined ones', async () => {
    const anna = await site().signedIn('anna');
    const line = new Line(site().port);
    const page = message(site(), 'GET /desk/page', [cookieOf(anna)]);
    assert.equal((await line.send(page).answer())?.status, 200);
    assert.equal((await line.send(page).answer())?.status, 200);
    await rooms().sessions.revokeAll(await ownerOf('anna'), { reason: 'test', actor: 'test' });
    target.reached();
    line.send(page + page);
    assert.equal((await line.answer())?.status, 401);
    assert.equal((await line.answer())?.status, 401);
    assert.deepEqual(target.reached(), []);
    line.hangUp();
  });

  it('threat 7: the next request on a kept connection is refused after a sign-out by another replica, as soon as it is heard', async () => {
    const bert = await site().signedIn('bert');
    const line = new Line(site().port);
    const page = message(site(), 'GET /desk/page', [cookieOf(bert)]);
    assert.equal((await line.send(page).answer())?.status, 200);
    const tunnel = await bert.open('/desk/ws');
    assert.equal((await replica.client(bert).call('DELETE', 'session')).status, 204);
    // SQLite tells nobody by itself: each process looks twenty times a second.
    site().clock.advance(50);
    await tunnel.closed;
    target.reached();
    assert.equal((await line.send(page).answer())?.status, 401);
    assert.deepEqual(target.reached(), []);
    line.hangUp();
  });

  it('threat 7: a user who was disabled, removed, or lost the application is refused on the connection that they have', async () => {
    for (const [name, what] of [
      ['dina', (key: string) => disableAccount(rooms().administration, key, 'test')],
      ['rita', (key: string) => deleteAccount(rooms().administration, key, 'test')],
      [
        'dirk',
        (key: string) =>
          rooms()
            .administration.users.setDisabled(key, true)
            .then(() => {}),
      ],
    ] as const) {
      const client = await site().signedIn(name);
      const line = new Line(site().port);
      const page = message(site(), 'GET /desk/page', [cookieOf(client)]);
      assert.equal((await line.send(page).answer())?.status, 200);
      const tunnel = await client.open('/desk/ws');
      const { user } = await ownerOf(name);
      await what(user);
      await tunnel.closed;
      target.reached();
      assert.equal((await line.send(page).answer())?.status, 401, name);
      assert.deepEqual(target.reached(), []);
      line.hangUp();
    }
  });

  it('threat 8: between its end and the sweep that writes it down, a session opens nothing, on no replica', async () => {
    const carl = await site().signedIn('carl');
    const { opensUntil } = await deadlines('carl');
    // The wall clock alone: nothing that is due has run, so nothing has been swept.
    site().clock.jump(opensUntil - 1);
    const tunnel = await carl.open('/desk/ws');
    tunnel.close();
    await tunnel.closed;
    await noTunnels(site());

    const dora = await site().signedIn('dora');
    const end = (await deadlines('dora')).opensUntil;
    site().clock.jump(end);
    for (const client of [dora, replica.client(dora)]) {
      await assert.rejects(client.open('/desk/ws'), { message: '401' });
      assert.equal((await client.get('/desk/page')).status, 401);
      assert.equal((await client.call('GET', 'session')).status, 401);
    }
    const stored = await rooms().sessions.listOf(await ownerOf('dora'));
    assert.equal(stored[0]?.state.name, 'granted', 'nobody has written it down');
  });

  it('threat 8: two first sessions at the same instant on two replicas give one T1 and one end', async () => {
    const emil = await site().signedIn('emil');
    const twin = replica.client(emil);
    const tunnels = await Promise.all([
      emil.open('/desk/ws'),
      twin.open('/desk/ws'),
      emil.open('/books/ws'),
      twin.open('/books/ws'),
    ]);
    await replica.gateway.rooms.audit.flush();
    const firsts = (await audited(site(), 'session.active')).filter(
      (entry) => 'name' in entry && entry.name === 'emil',
    );
    assert.equal(firsts.length, 1);
    const here = (await emil.call('GET', 'session')).json;
    const there = (await twin.call('GET', 'session')).json;
    assert.deepEqual(here, there);
    assert.equal(here.state, 'active');
    for (const tunnel of tunnels) tunnel.close();
    await Promise.all(tunnels.map(({ closed }) => closed));
  });

  it('threat 8: an opening races a sign-out on another replica: whatever wins, nothing stays open and nothing opens again', async () => {
    for (let round = 0; round < 8; round += 1) {
      const client = await freshSession(`race${round}`);
      const [opening, ended] = await Promise.all([
        client.open('/desk/ws').catch((refusal: Error) => refusal.message),
        replica.client(client).call('DELETE', 'session'),
      ]);
      assert.equal(ended.status, 204);
      site().clock.advance(50);
      // Revoked in the middle of its opening, it ends without an answer, as everything of that session does.
      if (typeof opening === 'string') assert.match(opening, /^(401|socket hang up)$/);
      else await opening.closed;
      await assert.rejects(client.open('/desk/ws'), { message: '401' });
    }
  });

  it('an expired session with a tunnel to one application gets no further: no other application, no API, no hand-off', async () => {
    const greta = await site().signedIn('greta');
    await greta.open('/desk/ws');
    site().clock.jump(site().clock.now() + 481 * 60_000);
    assert.equal((await greta.get('/desk/page')).status, 200);
    target.reached();
    const refusedLines = [
      message(site(), 'GET /books/page', [cookieOf(greta)]),
      message(site(), 'GET /vault/page', [cookieOf(greta)]),
      message(site(), 'GET /desk/ws', [...handshake(site()), cookieOf(greta)]),
      message(site(), 'GET /desk/../books/page', [cookieOf(greta)]),
      message(site(), 'GET /desk/..%2fbooks/page', [cookieOf(greta)]),
    ];
    for (const bytes of refusedLines) {
      const line = new Line(site().port).send(bytes);
      assert.ok([400, 401].includes((await line.answer())?.status ?? 0), bytes.slice(0, 60));
      line.hangUp();
    }
    assert.equal((await greta.call('GET', 'account')).status, 401);
    const handOff = await greta.navigate(
      `/.sallyport/hand-off?host=${target.otherHost}&nonce=${'A'.repeat(43)}&returnTo=/`,
    );
    assert.match(String(handOff.headers.location), /^\/\.sallyport\/sign-in/);
    assert.deepEqual(target.reached(), []);
    // An open tunnel elsewhere gives the other sessions of this user nothing.
    const second = site().client();
    await second.call('POST', 'sign-in', { username: 'greta', password });
    assert.equal((await second.get('/desk/page')).status, 401);
  });

  async function deadlines(name: string): Promise<{ opensUntil: number }> {
    const [session] = await rooms().sessions.listOf(await ownerOf(name));
    assert.ok(session?.state.name === 'granted');
    return { opensUntil: session.state.opensUntil };
  }

  /** Granted by the rooms themselves, since the password of eight users costs seconds. */
  async function freshSession(name: string): Promise<SiteClient> {
    const origin = `http://localhost:${site().port}`;
    const user = await rooms().administration.users.create({ name });
    const session = await rooms().sessions.grant({
      subscription,
      user: { key: user.key, name, displayName: name, directory: 'local', groups: [] },
      amr: ['pwd', 'otp'],
      shared: false,
      address: '127.0.0.1',
      browser: '',
    });
    const { token } = await rooms().tokens.issueSession(session, origin);
    const client = site().client();
    client.cookies.set(client.portalHost, new Map([['sallyport-session', token]]));
    return client;
  }
});
