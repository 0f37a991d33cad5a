import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SeededRandom } from '../support/seeded-random.ts';
import type { SiteClient } from '../support/site-client.ts';
import { cookieOf, handshake, Line, startTarget, type Target } from './target.ts';

const methods = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'CONNECT', 'PROPFIND', 'QUERY'];
const paths = [
  '/desk/page',
  '/desk/ws',
  '/desk/trickle',
  '/vault/page',
  '/nothing',
  '/desk/../x',
  '//',
  '*',
  '/.sallyport/',
  '/.sallyport/sign-in',
  '/.sallyport/sign-out',
  '/.sallyport/hand-off?code=x',
  '/.sallyport/assets/x',
  '/.sallyport/%zz',
  '/.sallyport/api/v1/session',
  '/.sallyport/api/v1/sign-in',
  '/.sallyport/api/v1/account/sessions/%E0%A4',
];
const lines = [
  'Cookie: sallyport-session=x',
  'Connection: close',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Upgrade: h2c',
  'Expect: 100-continue',
  'Expect: x',
  'Transfer-Encoding: chunked',
  'Content-Length: 5',
  'Content-Length: 0',
  'Content-Length: 100',
  'Accept: text/html',
  'Sec-Fetch-Mode: navigate',
  'Origin: null',
  'Content-Type: application/json',
  'Accept-Language: \xff\xfe',
  'User-Agent: \x80',
  'Range: bytes=0-',
  'Authorization: Bearer x.y.z',
  'Service-Worker: script',
  'Host: docs.localhost',
];
const bodies = [
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '{}',
  '{"username":"a","password":"b"}',
  '\0\0',
  'x'.repeat(200),
];

describe('messages of any kind, in any order, cut anywhere', () => {
  let target: Target;
  let anna: SiteClient;
  before(async () => {
    target = await startTarget();
    anna = await target.site.signedIn('anna');
  });
  after(() => target.stop());

  for (const seed of [1, 2, 3]) {
    it(`threat 11: end no process, reach nobody they may not, and leave nothing behind (${seed})`, async () => {
      const { site } = target;
      const random = new SeededRandom(seed);
      const one = (signedIn: boolean): string => {
        const some = Array.from({ length: random.below(7) }, () => random.pick(lines));
        if (random.chance(0.3)) some.push(...handshake(site));
        if (signedIn && random.chance(0.6)) some.push(cookieOf(anna));
        if (!some.some((line) => line.startsWith('Host'))) some.unshift(`Host: localhost:${site.port}`);
        return `${random.pick(methods)} ${random.pick(paths)} HTTP/1.1\r\n${some.join('\r\n')}\r\n\r\n${random.pick(bodies)}`;
      };
      for (let round = 0; round < 12; round += 1) {
        // Half of the rounds nobody has a session, and then nothing may arrive at an application.
        const signedIn = round % 2 === 0;
        target.reached();
        const open = Array.from({ length: 25 }, () => {
          let bytes = Array.from({ length: 1 + random.below(3) }, () => one(signedIn)).join('');
          if (random.chance(0.2)) bytes = bytes.slice(0, 1 + random.below(bytes.length));
          const line = new Line(site.port);
          const cut = random.chance(0.3) ? random.below(bytes.length) : bytes.length;
          line.send(bytes.slice(0, cut));
          line.send(bytes.slice(cut));
          return line;
        });
        // Once this is answered, the others have been read.
        assert.equal((await anna.call('GET', 'session')).status, 200);
        for (const line of open) {
          if (random.chance(0.5)) line.hangUp();
          else line.socket.resetAndDestroy();
        }
        const reached = target.reached();
        if (!signedIn) assert.deepEqual(reached, []);
        assert.ok(!reached.some((path) => path.startsWith('/vault')), reached.join());
      }
      site.clock.advance(320_000);
      while (site.gateway.gate.live().length > 0) await new Promise((resolve) => setImmediate(resolve));
      for (const view of site.gateway.proxy.servers())
        assert.deepEqual([view.exchanges, view.tunnels], [0, 0]);
    });
  }
});
