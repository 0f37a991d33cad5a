import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { missing } from '../support/real-part.ts';
import { RedisServer } from '../support/redis-server.ts';
import type { SiteClient } from '../support/site-client.ts';
import { Replicas, type Which } from './replicas.ts';

const server = 'ts1.corp.example';

describe('checks of logons on two gateways with one Redis', { skip: missing('redis-server') }, () => {
  let redis: RedisServer;
  let site: Replicas;
  let secret = '';

  before(async () => {
    redis = await RedisServer.start();
    site = await Replicas.start({
      store: { redis: { url: redis.url } },
      config: { applications: [{ name: 'ts', type: 'rdp', servers: [server] }] },
    });
    const creator = await site.userKey('olivia');
    const wish = { name: 'ts1', role: 'logon-check' as const, servers: [server] };
    const made = await site.rooms.apiTokens.create(
      { ...wish, expiresAt: Date.now() + 86_400_000 },
      { creator, actor: creator },
    );
    secret = made.secret;
  });
  after(async () => {
    await site?.stop();
    await redis?.remove();
  });

  const ask = async (at: Which, user: string, more = {}): Promise<string> => {
    const answer = await fetch(`http://localhost:${site.ports[at]}/.sallyport/api/v1/logon-check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ user, server, protocol: 'rdp', ...more }),
    });
    const { decision, reason } = (await answer.json()) as { decision: string; reason: string };
    return `${decision} ${reason}`;
  };
  const click = async (client: SiteClient): Promise<void> => {
    const { status, text } = await client.call('POST', 'rdp/permit', { application: 'ts', server });
    assert.equal(status, 200, text);
  };

  it('a click on one lets in once, whichever of them is asked, and both know that the session is active', async () => {
    const [here, there] = await site.signedIn('anna');
    await click(here);
    const both = [0, 1, 0, 1, 0, 1] as const;
    const answers = await Promise.all(both.map((at) => ask(at, 'anna')));
    assert.equal(answers.filter((each) => each === 'allow permitted').length, 1, String(answers));
    assert.equal((await here.call('GET', 'session')).json.state, 'active');
    assert.equal((await there.call('GET', 'session')).json.state, 'active');
  });

  it('what one has let in may come back through the other, until the session ends on either', async () => {
    const [here, there] = await site.signedIn('bert');
    await click(there);
    assert.equal(await ask(0, 'bert'), 'allow permitted');
    assert.equal(await ask(1, 'bert', { existing: true }), 'allow reconnect');
    assert.equal((await here.call('DELETE', 'session')).status, 204);
    assert.equal(await ask(1, 'bert', { existing: true }), 'deny session-ended');
    assert.equal(await ask(0, 'bert', { existing: true }), 'deny session-ended');
  });
});
