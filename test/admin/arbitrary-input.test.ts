import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { problems } from '../../src/errors.ts';
import { ownerAtConsole } from '../support/admin-client.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { type Site, startSite } from '../support/site.ts';
import { type Input, inputOf } from './arbitrary-input.ts';
import { type Call, describedCalls, nameOf, pathWith } from './open-api.ts';

/** Inputs for each call. */
const runs = 30;

/** What is kept of having been called at all, whatever came of it. */
const ofCalling = new Set(['api-tokens', 'counters', 'statistics', 'known-users']);

type Told = { status: number; type: string; text: string };

describe('arbitrary input to every call that the document describes', () => {
  let site: Site<ManualClock>;
  let calls: readonly Call[];
  let secret: string;

  before(async () => {
    site = await startSite();
    const owner = await ownerAtConsole(site);
    calls = await describedCalls(owner);
    await site.addUser('alice');
    const { rooms } = site.gateway;
    const olivia = (await rooms.local.lookUp('olivia'))?.key ?? '';
    const wish = { name: 'fuzz', role: 'owner', expiresAt: site.clock.now() + 86_400_000 } as const;
    ({ secret } = await rooms.apiTokens.create(wish, { creator: olivia, actor: 'test' }));
  });
  after(() => site.stop());

  function send(call: Call, input: Input): Promise<Told> {
    const query = input.query.map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
    );
    const path = pathWith(call, (name) => input.params[name] ?? '0');
    const url = `/.sallyport/api/v1/admin/${path}${query.length === 0 ? '' : `?${query.join('&')}`}`;
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: site.consolePort,
          method: call.method,
          path: url,
          headers: {
            host: `localhost:${site.consolePort}`,
            authorization: `Bearer ${secret}`,
            ...(input.type === undefined ? {} : { 'content-type': input.type }),
            ...(input.ifMatch === undefined ? {} : { 'if-match': input.ifMatch }),
            ...(input.body === undefined ? {} : { 'content-length': Buffer.byteLength(input.body) }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              type: String(response.headers['content-type'] ?? ''),
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      // A body that is far too long may be cut off while it is still being sent.
      asked.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EPIPE' || error.code === 'ECONNRESET'
          ? resolve({ status: 413, type: 'application/problem+json', text: '{"code":"request-too-large"}' })
          : reject(error),
      );
      asked.end(input.body);
    });
  }

  /** Everything that the store holds. */
  async function contents(): Promise<string> {
    const { database } = site.gateway.rooms;
    const hash = createHash('sha256');
    for (const collection of (await database.collections()).sort()) {
      if (ofCalling.has(collection)) continue;
      let after: string | undefined;
      do {
        const page = await database.list(collection, {
          limit: 500,
          ...(after === undefined ? {} : { after }),
        });
        for (const { key, value } of page.items)
          hash.update(`${collection}\0${key}\0${JSON.stringify(value)}\n`);
        after = page.next;
      } while (after !== undefined);
    }
    return hash.digest('hex');
  }

  it('is answered, never by a 500, and what is refused has changed nothing', async () => {
    const seen = new Map<string, number>();
    let known = await contents();
    for (const call of calls) {
      await fc.assert(
        fc.asyncProperty(inputOf(call), async (input) => {
          const { status, type, text } = await send(call, input);
          const what = `${nameOf(call)} → ${status} ${text.slice(0, 300)}`;
          seen.set(String(status), (seen.get(String(status)) ?? 0) + 1);
          assert.ok(status !== 500 && status < 504, what);
          if (status < 400) {
            if (call.method !== 'GET') known = await contents();
            return;
          }
          assert.match(type, /^application\/problem\+json/, what);
          const { code } = JSON.parse(text);
          assert.ok(code in problems && code !== 'internal', what);
          assert.equal(await contents(), known, `${what} changed something`);
        }),
        { numRuns: runs },
      );
    }
    for (const status of ['200', '400', '404', '415', '428']) assert.ok(seen.has(status), status);
  });

  it('is refused unread when it is far too long', async () => {
    const long = {
      ...plain,
      body: `{"a":"${'x'.repeat(9_000_000)}"}`,
      type: 'application/json',
      ifMatch: '"0"',
    };
    for (const call of calls.filter(({ body }) => body !== undefined).slice(0, 5)) {
      assert.equal((await send(call, long)).status, 413, nameOf(call));
    }
  });

  it('leaves the gateway as quick and whole as it was', async () => {
    assert.equal((await send({ ...(calls[0] as Call), method: 'GET', path: 'me' }, plain)).status, 200);
    const { rooms } = site.gateway;
    assert.equal(await rooms.roles.ownerExists(), true);
  });
});

const plain: Input = { params: {}, query: [], body: undefined, type: undefined, ifMatch: undefined };
