import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type ApplicationServer, startApplicationServer } from '../support/application-server.ts';
import { type Site, startSite } from '../support/site.ts';

const server = 'ts1.corp.example';

describe('a logon by RDP, and the applications in the browser', () => {
  let site: Site;
  let upstream: ApplicationServer;
  let secret = '';
  before(async () => {
    upstream = await startApplicationServer();
    site = await startSite({
      config: {
        applications: [
          { name: 'desk', path: '/desk', servers: [upstream.url] },
          { name: 'ts', type: 'rdp', servers: [server] },
        ],
      },
    });
    const { rooms } = site.gateway;
    const creator = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const made = await rooms.apiTokens.create(
      { name: 'ts1', role: 'logon-check', servers: [server], expiresAt: site.clock.now() + 86_400_000 },
      { creator, actor: creator },
    );
    secret = made.secret;
  });
  after(async () => {
    await site?.stop();
    await upstream?.close();
  });

  it('share both clocks: what the logon opened is open for the browser too, past the time before the first session', async () => {
    const alice = await site.signedIn('alice');
    // The gate has seen the session before it became active.
    assert.equal((await alice.get('/desk/page')).status, 200);
    assert.equal((await alice.call('POST', 'rdp/permit', { application: 'ts', server })).status, 200);
    const answer = await fetch(`${site.origin}/.sallyport/api/v1/logon-check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ user: 'alice', server, protocol: 'rdp' }),
    });
    assert.equal(await answer.text(), '{"decision":"allow","reason":"permitted"}');
    // Never idle for long, so that the gate has no other reason to look again.
    for (let minutes = 0; minutes < 120; minutes += 10) {
      site.clock.advance(10 * 60_000);
      assert.equal((await alice.get('/desk/page')).status, 200, `after ${minutes + 10} minutes`);
    }
    site.clock.advance(7 * 3_600_000);
    assert.equal((await alice.get('/desk/page')).status, 401);
  });
});
