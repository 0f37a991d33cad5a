import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { SiteClient } from '../support/site-client.ts';
import { apiCall, ask, cookieOf, handshake, Line, message, startTarget, type Target } from './target.ts';

describe('a request smuggled past the gate', () => {
  let target: Target;
  let anna: SiteClient;
  const site = () => target.site;
  before(async () => {
    target = await startTarget();
    anna = await site().signedIn('anna');
  });
  after(() => target.stop());
  beforeEach(() => {
    target.reached();
  });

  /** A request to an application that anna may not use: should it ever arrive, it was smuggled. */
  const smuggled = (): string => `GET /vault/smuggled HTTP/1.1\r\nHost: localhost:${site().port}\r\n\r\n`;

  /** Sends bytes and everything that may hide behind them; resolves to the statuses of all answers. */
  async function statuses(bytes: string): Promise<number[]> {
    const line = new Line(site().port).send(bytes);
    const seen: number[] = [];
    // The last answer is the one to a request that closes the connection, if the gateway gets that far.
    line.send(message(site(), 'GET /.sallyport/jwks.json', ['Connection: close']));
    for (let answer = await line.answer(); answer !== undefined; answer = await line.answer())
      seen.push(answer.status);
    line.hangUp();
    return seen;
  }

  const head = (first: string, lines: readonly string[]): string =>
    `${[`${first} HTTP/1.1`, `Host: localhost:${site().port}`, cookieOf(anna), ...lines].join('\r\n')}\r\n\r\n`;

  it('threat 11: ambiguous or malformed framing is 400, the connection ends, and nothing of it reaches an application', async () => {
    const hidden = smuggled();
    const chunk = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    const framings: Record<string, string> = {
      'both, length first': head('POST /desk/x', [`Content-Length: 4`, 'Transfer-Encoding: chunked']) + chunk,
      'both, coding first': head('POST /desk/x', ['Transfer-Encoding: chunked', 'Content-Length: 4']) + chunk,
      'both, right length':
        head('POST /desk/x', [`Content-Length: ${chunk.length}`, 'Transfer-Encoding: chunked']) + chunk,
      'two lengths': head('POST /desk/x', ['Content-Length: 0', `Content-Length: ${hidden.length}`]) + hidden,
      'two equal lengths': head('POST /desk/x', ['Content-Length: 0', 'Content-Length: 0']) + hidden,
      'a list of lengths': head('POST /desk/x', ['Content-Length: 0, 0']) + hidden,
      'a signed length': head('POST /desk/x', ['Content-Length: +0']) + hidden,
      'a negative length': head('POST /desk/x', ['Content-Length: -1']) + hidden,
      'a hexadecimal length': head('POST /desk/x', ['Content-Length: 0x0']) + hidden,
      'an endless length': head('POST /desk/x', ['Content-Length: 99999999999999999999999']) + hidden,
      'an empty length': head('POST /desk/x', ['Content-Length:']) + hidden,
      'a length in words': head('POST /desk/x', ['Content-Length: zero']) + hidden,
      'a space before the colon':
        head('POST /desk/x', ['Content-Length : 0', 'Transfer-Encoding: chunked']) + chunk,
      'a tab before the colon':
        head('POST /desk/x', ['Transfer-Encoding\t: chunked', 'Content-Length: 0']) + chunk,
      'a coding before a space': head('POST /desk/x', ['Transfer-Encoding : chunked']) + chunk,
      'a folded header': head('POST /desk/x', ['X-Long: a\r\n b', 'Content-Length: 0']) + hidden,
      'a folded coding':
        head('POST /desk/x', ['Transfer-Encoding:\r\n chunked', 'Content-Length: 0']) + chunk,
      'a bare LF': head('POST /desk/x', ['Content-Length: 0\nTransfer-Encoding: chunked']) + chunk,
      'a bare CR': head('POST /desk/x', ['X: y\rTransfer-Encoding: chunked', 'Content-Length: 0']) + chunk,
      'a NUL': head('POST /desk/x', ['X: y\0z', 'Content-Length: 0']) + hidden,
      'an empty name': head('POST /desk/x', [': x', 'Content-Length: 0']) + hidden,
      'a name in brackets':
        head('POST /desk/x', ['(Transfer-Encoding): chunked', 'Content-Length: 0']) + hidden,
      'a line without colon': head('POST /desk/x', ['Transfer-Encoding', 'Content-Length: 0']) + hidden,
      'a leading space': head('POST /desk/x', [' Content-Length: 5']) + hidden,
      identity:
        head('POST /desk/x', ['Transfer-Encoding: identity', `Content-Length: ${hidden.length}`]) + hidden,
      'chunked twice':
        head('POST /desk/x', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']) + chunk,
      'chunked, identity': head('POST /desk/x', ['Transfer-Encoding: chunked, identity']) + chunk,
      'gzip, chunked': head('POST /desk/x', ['Transfer-Encoding: gzip, chunked']) + chunk,
      xchunked: head('POST /desk/x', ['Transfer-Encoding: xchunked']) + chunk,
      quoted: head('POST /desk/x', ['Transfer-Encoding: "chunked"']) + chunk,
      'chunked with a vertical tab': head('POST /desk/x', ['Transfer-Encoding: chunked\x0b']) + chunk,
      'an empty coding':
        head('POST /desk/x', ['Transfer-Encoding:', `Content-Length: ${hidden.length}`]) + hidden,
      'a coding of HTTP/1.0': `POST /desk/x HTTP/1.0\r\nHost: localhost:${site().port}\r\n${cookieOf(anna)}\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`,
      'a chunk size with a sign': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}+0\r\n\r\n${hidden}`,
      'a chunk size with 0x': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}0x0\r\n\r\n${hidden}`,
      'a negative chunk': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}-1\r\n\r\n${hidden}`,
      'a chunk without size': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}\r\n\r\n${hidden}`,
      'an oversized chunk': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}FFFFFFFFFFFFFFFFF\r\n${hidden}`,
      'a chunk that wraps around': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}10000000000000000\r\n\r\n${hidden}`,
      'a chunk that is longer than said': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}1\r\nabc\r\n0\r\n\r\n${hidden}`,
      'a chunk that ends with LF': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}1\na\n0\n\n${hidden}`,
      'a bare LF in an extension': `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}1;\nx\r\na\r\n0\r\n\r\n${hidden}`,
      'HTTP/2 by prior knowledge': `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`,
      'another version': `GET /desk/x HTTP/1.2\r\nHost: localhost:${site().port}\r\n${cookieOf(anna)}\r\n\r\n${hidden}`,
      'no version': `GET /desk/x\r\n\r\n${hidden}`,
    };
    const wrong: string[] = [];
    for (const [name, bytes] of Object.entries(framings)) {
      const seen = await statuses(bytes);
      // What matters is that it ends there: the request behind it is not answered, the hidden one not heard.
      const ended = seen.every((status) => [400, 413, 502, 505].includes(status));
      const reached = target.reached();
      if (!ended || reached.some((path) => path.includes('smuggled')))
        wrong.push(`${name}: ${seen} ${reached}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('threat 11: a body stays a body, even if it looks like a request', async () => {
    const hidden = smuggled();
    assert.deepEqual(
      await statuses(head('POST /desk/x', [`Content-Length: ${hidden.length}`]) + hidden),
      [200, 200],
    );
    const chunked = `${hidden.length.toString(16)};ext="\r";x=y\r\n`.replace('\r"', '"');
    assert.deepEqual(
      await statuses(
        `${head('POST /desk/x', ['Transfer-Encoding: chunked'])}${chunked}${hidden}\r\n0\r\n\r\n`,
      ),
      [200, 200],
    );
    assert.deepEqual(
      await statuses(head('GET /desk/x', [`Content-Length: ${hidden.length}`]) + hidden),
      [200, 200],
    );
    assert.deepEqual(target.reached(), ['/desk/x', '/desk/x', '/desk/x']);
  });

  it('threat 11: Connection may not take the framing away', async () => {
    const hidden = smuggled();
    const lines = [
      `Content-Length: ${hidden.length}`,
      'Connection: Content-Length, Transfer-Encoding, keep-alive',
    ];
    await statuses(head('POST /desk/x', lines) + hidden);
    assert.deepEqual(target.reached(), ['/desk/x']);
  });

  it('threat 11: a pipelined request passes the gate by itself, whoever sent the one before', async () => {
    const page = message(site(), 'GET /desk/page', [cookieOf(anna)]);
    assert.deepEqual(await statuses(page + smuggled() + page), [200, 401, 200, 200]);
    const hers = message(site(), 'GET /vault/page', [cookieOf(anna)]);
    assert.deepEqual(await statuses(page + hers + page), [200, 403, 200, 200]);
    assert.deepEqual(target.reached(), ['/desk/page', '/desk/page', '/desk/page', '/desk/page']);
  });

  it('threat 11: what follows a refused request with a body is never taken for a request, and its connection ends', async () => {
    const { port } = site();
    const hidden = message(site(), 'GET /desk/smuggled', [cookieOf(anna)]);
    const cases = [
      `POST /desk/x HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `POST /desk/x HTTP/1.1\r\nHost: localhost:${port}\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n${hidden}`,
      `POST /desk/x HTTP/1.1\r\nHost: localhost:${port}\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `POST /desk/../x HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `POST /vault/x HTTP/1.1\r\nHost: localhost:${port}\r\n${cookieOf(anna)}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `TRACE /desk/x HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `POST /.sallyport/api/v1/sign-in HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `POST /.sallyport/api/v1/nothing HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `DELETE /.sallyport/api/v1/session HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
      `POST /.sallyport/hand-off HTTP/1.1\r\nHost: ${target.otherHost}\r\nContent-Length: 5000\r\n\r\n${hidden}`,
    ];
    for (const bytes of cases) {
      const line = new Line(port).send(bytes);
      const answer = await line.answer();
      assert.ok((answer?.status ?? 0) >= 400, `${bytes.slice(0, 60)}: ${answer?.status}`);
      assert.equal(answer?.header('connection'), 'close', bytes.slice(0, 60));
      line.send(hidden);
      assert.equal(await line.answer(), undefined, bytes.slice(0, 60));
    }
    assert.deepEqual(target.reached(), []);
  });

  it('threat 11: Expect is answered after the gate, and by the gateway alone', async () => {
    const { port } = site();
    const stranger = new Line(port).send(
      `POST /desk/x HTTP/1.1\r\nHost: localhost:${port}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`,
    );
    assert.equal((await stranger.answer())?.status, 401, 'no 100 before the refusal');
    stranger.hangUp();
    const line = new Line(port).send(head('POST /desk/x', ['Expect: 100-continue', 'Content-Length: 4']));
    assert.equal((await line.answer())?.status, 100);
    const answer = await line.send('body').answer();
    assert.equal(answer?.status, 200);
    assert.equal(answer?.json.headers.expect, undefined);
    line.hangUp();
    const other = await ask(site(), head('POST /desk/x', ['Expect: 200-ok', 'Content-Length: 4']));
    assert.equal(other?.status, 417);
    assert.deepEqual(target.reached(), ['/desk/x']);
  });

  it('threat 11: an upgrade with a method other than GET, a body, or another protocol is no upgrade, and hides nothing', async () => {
    const { port } = site();
    const hidden = smuggled();
    const upgrade = handshake(site());
    for (const bytes of [
      head('POST /desk/ws', upgrade) + hidden,
      head('PUT /desk/ws', [...upgrade, 'Content-Length: 4']) + hidden,
      head('GET /desk/ws', [...upgrade, `Content-Length: ${hidden.length}`]) + hidden,
      head('GET /desk/ws', [...upgrade, 'Transfer-Encoding: chunked']) + hidden,
      head('GET /desk/ws', upgrade).replace('HTTP/1.1', 'HTTP/1.0') + hidden,
      head(
        'GET /desk/ws',
        upgrade.map((line) => line.replace('Version: 13', 'Version: 8')),
      ) + hidden,
      head(
        'GET /desk/ws',
        upgrade.filter((line) => !line.includes('Key')),
      ) + hidden,
    ]) {
      const line = new Line(port).send(bytes);
      const answer = await line.answer();
      assert.ok([400, 405].includes(answer?.status ?? 0), `${bytes.slice(0, 60)}: ${answer?.status}`);
      assert.equal(await line.answer(), undefined);
    }
    // Not ours to switch to: an ordinary request, behind which nothing is read.
    for (const protocol of ['h2c', 'TLS/1.0', 'websocket2', 'h2c, websocket']) {
      const lines = [
        'Connection: Upgrade, HTTP2-Settings',
        `Upgrade: ${protocol}`,
        'HTTP2-Settings: AAMAAABkAAQAAP__',
      ];
      const line = new Line(port).send(head('GET /desk/page', lines) + hidden);
      const answer = await line.answer();
      assert.deepEqual([answer?.status, answer?.header('connection')], [200, 'close'], protocol);
      assert.equal(await line.send(hidden).answer(), undefined, protocol);
      assert.deepEqual(target.reached(), ['/desk/page'], protocol);
    }
    // A refused upgrade ends its connection: nothing behind it is read.
    const refused = new Line(port).send(message(site(), 'GET /desk/ws', upgrade) + hidden);
    assert.equal((await refused.answer())?.status, 401);
    assert.equal(await refused.answer(), undefined);
    assert.deepEqual(target.reached(), []);
  });

  it('threat 11: an upgrade whose announced body never comes gets one answer, from whomever it is, and ends no process', async () => {
    // Node hands over another kind of stream for these; a method that only sockets have once ended the process.
    for (const announced of ['Content-Length: 500', 'Transfer-Encoding: chunked']) {
      for (const lines of [[], [cookieOf(anna)]]) {
        for (const path of ['/desk/ws', '/nothing', '/.sallyport/ws', '/desk/../ws']) {
          const bytes = message(site(), `GET ${path}`, [...handshake(site()), ...lines, announced]);
          const line = new Line(site().port).send(`${bytes}5\r\nab`);
          assert.equal((await line.answer())?.status, 400, `${path} ${announced}`);
          await line.closed();
        }
      }
    }
    assert.equal((await anna.get('/desk/page')).status, 200);
  });

  it('threat 11: an upgrade, or garbage, behind a request that has no answer yet ends the connection, no tunnel, and no process', async () => {
    // The answer that was on its way would end up in the tunnel; giving the connection a second one once ended the process.
    const slow = apiCall(site(), 'POST', 'sign-in', { username: 'nobody', password: 'wrong' });
    const endless = message(site(), 'GET /desk/trickle', [cookieOf(anna)]);
    // Some answers come from Node itself, which tells nobody of them.
    const refused = message(site(), 'GET /desk/page', ['Expect: something']);
    const hostless = 'GET /desk/page HTTP/1.1\r\n\r\n';
    for (const first of [slow, endless, slow + endless, refused, hostless]) {
      for (const second of [
        message(site(), 'GET /desk/ws', handshake(site())),
        message(site(), 'GET /desk/ws', [...handshake(site()), cookieOf(anna)]),
        message(site(), 'GET /.sallyport/ws', handshake(site())),
        message(site(), 'POST /desk/ws', handshake(site())),
        message(site(), 'GET /desk/ws', [...handshake(site()), 'Content-Length: 10']),
        'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n',
        'garbage\r\n\r\n',
      ]) {
        const said = await new Line(site().port).send(first + second).rest();
        assert.doesNotMatch(said, /HTTP\/1\.1 101/, second.slice(0, 30));
        if (first !== hostless) assert.doesNotMatch(said, /HTTP\/1\.1 400/, second.slice(0, 30));
      }
    }
    assert.deepEqual(site().gateway.proxy.tunnels(), []);
    const line = new Line(site().port).send(message(site(), 'GET /desk/page', [cookieOf(anna)]));
    assert.equal((await line.answer())?.status, 200);
    line.send(message(site(), 'GET /desk/ws', [...handshake(site()), cookieOf(anna)]));
    assert.equal((await line.answer())?.status, 101, 'a tunnel on a connection whose answers are complete');
    line.hangUp();
    target.reached();
  });

  it('threat 11: an upgrade to our own prefix never becomes a tunnel', async () => {
    for (const path of [
      '/.sallyport/',
      '/.sallyport/api/v1/session',
      '/.sallyport/hand-off',
      '/.sallyport/ws',
    ]) {
      for (const lines of [handshake(site()), [...handshake(site()), cookieOf(anna)]]) {
        const line = new Line(site().port).send(message(site(), `GET ${path}`, lines) + smuggled());
        const answer = await line.answer();
        assert.ok([400, 401, 404].includes(answer?.status ?? 0), `${path}: ${answer?.status}`);
        assert.equal(await line.answer(), undefined);
      }
    }
    assert.deepEqual(target.reached(), []);
  });

  it('threat 16d: trailers carry no identity, and no header that the gateway says itself', async () => {
    const trailers =
      'X-Sallyport-User: root\r\nX-Forwarded-For: 10.0.0.1\r\nCookie: a=b\r\nAuthorization: Bearer x\r\n';
    const bytes = `${head('POST /desk/x', ['Transfer-Encoding: chunked', 'Trailer: X-Sallyport-User'])}2\r\nhi\r\n0\r\n${trailers}\r\n`;
    const answer = await ask(site(), bytes);
    assert.equal(answer?.status, 200);
    const { headers } = answer?.json ?? {};
    assert.equal(headers['x-sallyport-user'], 'anna');
    assert.equal(headers.trailer, undefined);
    assert.doesNotMatch(answer?.text ?? '', /root|10\.0\.0\.1/);
  });
});
