import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { disableAccount } from '../../src/accounts/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { password } from '../support/site.ts';
import { apiCall, ask, type RawAnswer, startTarget, type Target } from './target.ts';

/** People of every kind, and names that nobody has, of the same length. */
const people = ['anna12', 'newone', 'banned', 'change'];
const nobodies = ['nobody', 'noone7', 'zzzzzz', 'absent', 'no one'];

describe('whether a name exists', () => {
  let target: Target;
  const site = () => target.site;
  const rooms = () => site().gateway.rooms;

  before(async () => {
    // So that each try can come from an address of its own, whose count is no help to tell.
    target = await startTarget({ config: { trustedProxies: ['127.0.0.1/32'] } });
    const phone = await site().signedIn('anna12');
    await phone.call('DELETE', 'session');
    await site().addUser('newone');
    await disableAccount(rooms().administration, await site().addUser('banned'), 'test');
    await site().addUser('locked');
    await rooms().local.create({ name: 'change', password, mustChange: true }, 'test');
  });
  after(() => target.stop());

  let address = 0;
  async function tried(username: string, typed = 'wrong password', more: readonly string[] = []) {
    address += 1;
    const from = `X-Forwarded-For: 10.${address >> 16}.${(address >> 8) & 255}.${address & 255}`;
    const answer = await ask(
      site(),
      apiCall(site(), 'POST', 'sign-in', { username, password: typed }, [from, ...more]),
    );
    assert.ok(answer);
    return answer;
  }

  /** All that can be seen of an answer, but for the moment it was given. */
  const seen = (answer: RawAnswer): string =>
    `${answer.head.replace(/^date: .*$/gim, 'Date')}\r\n\r\n${answer.text}`;

  it('threat 22: is told by no status, header, body or size of the answer to a wrong password', async () => {
    const answers = new Set<string>();
    for (const name of [...people, ...nobodies]) answers.add(seen(await tried(name)));
    assert.equal(answers.size, 1, [...answers].join('\n\n'));
    assert.match([...answers][0] ?? '', /^HTTP\/1\.1 401 .*invalid-credentials/s);
  });

  it('threat 22: is told in no language, to no spelling and to no odd password', async () => {
    const variations: readonly [string, string, readonly string[]][] = [
      ['local\\', 'wrong password', []],
      ['elsewhere\\', 'wrong password', []],
      ['', 'wrong password', ['Accept-Language: fr']],
      ['', 'wrong password', ['Accept: text/html']],
      ['', 'wrong password', [`Cookie: sallyport-device=${'A'.repeat(43)}`]],
      ['', 'wrong password', [`Cookie: sallyport-session=x`]],
      ['', 'x', []],
      ['', 'x'.repeat(1024), []],
      ['', '\u0000', []],
      ['', 'p\u0308\u{1f600}', []],
    ];
    for (const [prefix, typed, more] of variations) {
      const known = seen(await tried(`${prefix}newone`, typed, more));
      const unknown = seen(await tried(`${prefix}noone7`, typed, more));
      assert.equal(known, unknown, `${prefix} ${typed.slice(0, 20)} ${more}`);
    }
    for (const odd of ['', 'x'.repeat(257), '\u0000', '../anna12', "anna12' OR 1=1--", '*', '{"$ne":""}']) {
      const answer = await tried(odd);
      assert.ok([400, 401].includes(answer.status), JSON.stringify(odd));
      assert.doesNotMatch(answer.text, /anna12/);
    }
  });

  it('threat 22: is told by no wait: names that somebody has and names that nobody has are locked alike, and say so alike', async () => {
    const outcomes: string[][] = [];
    for (const name of ['locked', 'lucked']) {
      const answers: string[] = [];
      for (let nth = 0; nth < 13; nth += 1) {
        const answer = await tried(name);
        answers.push(
          `${answer.status} ${answer.header('retry-after')} ${answer.header('content-length')} ${answer.text}`,
        );
      }
      site().clock.jump(site().clock.now() + 61_000);
      const later = await tried(name);
      const again = await tried(name);
      answers.push(seen(later), seen(again));
      outcomes.push(answers);
      site().clock.jump(site().clock.now() - 61_000);
    }
    assert.deepEqual(outcomes[0], outcomes[1]);
    assert.ok(outcomes[0]?.[12]?.startsWith('429 '));
  });

  it('threat 22: is told by no work that is done: the same questions to the store, and one hash, each time', async () => {
    // Failures of before are forgotten after a day.
    site().clock.jump(site().clock.now() + 25 * 3_600_000);
    const store = rooms().store as Store & Record<string, unknown>;
    const original = { ...store };
    const { argon2 } = crypto;
    let asked: string[] = [];
    let hashed = 0;
    for (const operation of ['get', 'getMany', 'put', 'delete', 'list', 'append'] as const) {
      const call = original[operation] as (...args: unknown[]) => Promise<unknown>;
      Object.assign(store, {
        [operation]: (...args: unknown[]) => {
          if (operation !== 'append') asked.push(`${operation} ${args[0]}`);
          return call.apply(store, args);
        },
      });
    }
    Object.assign(crypto, {
      argon2: (...args: Parameters<typeof argon2>) => {
        hashed += 1;
        return argon2(...args);
      },
    });
    syncBuiltinESMExports();
    try {
      const work = async (name: string, more: readonly string[] = []): Promise<string> => {
        asked = [];
        hashed = 0;
        assert.equal((await tried(name, 'wrong password', more)).status, 401);
        return `${hashed} ${asked.join(', ')}`;
      };
      for (const more of [[], [`Cookie: sallyport-device=${'B'.repeat(43)}`]]) {
        const works = new Map<string, string[]>();
        for (const name of ['anna12', 'newone', 'banned', 'change', 'nobody', 'noone7', 'never1']) {
          // Counted before, so that all have the same history.
          await tried(name);
          const done = await work(name, more);
          works.set(done, [...(works.get(done) ?? []), name]);
        }
        assert.equal(works.size, 1, JSON.stringify([...works]));
        assert.match([...works.keys()][0] ?? '', /^1 /, 'one hash for everybody');
      }
    } finally {
      Object.assign(store, original);
      Object.assign(crypto, { argon2 });
      syncBuiltinESMExports();
    }
  });

  it('threat 22: is told by no other call: not by the owner page, not by a ticket that is wrong, not by a page', async () => {
    for (const ticket of ['made-up', 'A'.repeat(32)]) {
      const answers = new Set<string>();
      for (const username of ['anna12', 'nobody', 'olivia']) {
        const answer = await ask(site(), apiCall(site(), 'POST', 'owner', { ticket, username, password }));
        assert.ok(answer);
        answers.add(seen(answer));
      }
      assert.equal(answers.size, 1);
    }
    const pages = new Set<string>();
    for (const name of ['anna12', 'nobody']) {
      const page = await site().client().navigate(`/.sallyport/sign-in?username=${name}`);
      pages.add(page.text.replaceAll(/nonce[=-]"?[\w+/=-]+"?/g, ''));
    }
    assert.equal(pages.size, 1);
  });

  it('threat 22: that an account is disabled, or has to change its password, is told only to whoever knows that password', async () => {
    for (const [name, code] of [
      ['banned', 'account-disabled'],
      ['change', undefined],
    ] as const) {
      assert.equal((await tried(name)).json.code, 'invalid-credentials');
      assert.equal((await tried(name, password)).json.code, code);
    }
  });
});
