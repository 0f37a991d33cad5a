import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { GatewayError } from '../../src/errors.ts';
import { systemRandom } from '../../src/random.ts';
import { SigningKeys, Tokens } from '../../src/sessions/index.ts';
import type { Store } from '../../src/storage/index.ts';
import { delivered } from '../support/open-store.ts';
import { hour, openSealer, openTokens, origin, sessionAt } from './token-site.ts';

/** The store as another process sees it that hears nothing. */
const deafTo = (store: Store): Store => ({
  ...bind(store),
  subscribe: () => ({ deaf: false, close: () => {} }),
});

function bind(store: Store): Store {
  return {
    get: (...parameters) => store.get(...parameters),
    getMany: (...parameters) => store.getMany(...parameters),
    put: (...parameters) => store.put(...parameters),
    delete: (...parameters) => store.delete(...parameters),
    list: (...parameters) => store.list(...parameters),
    append: (...parameters) => store.append(...parameters),
    read: (...parameters) => store.read(...parameters),
    publish: (...parameters) => store.publish(...parameters),
    subscribe: (...parameters) => store.subscribe(...parameters),
    health: () => store.health(),
    close: () => store.close(),
  };
}

describe('signing keys', () => {
  it('are shared by all processes on one store, and outlive them', async (t) => {
    const { clock, tokens, replica } = await openTokens(t);
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    const other = await replica();
    assert.equal((await other.tokens.verifySession(token, origin)).result, 'valid');
    const again = await other.tokens.issueSession(sessionAt(clock.now()), origin);
    assert.equal(decodeProtectedHeader(again.token).kid, decodeProtectedHeader(token).kid);
  });

  it('are sealed in the store, each bound to its own record', async (t) => {
    const { clock, store } = await openTokens(t);
    const sealed: string[] = [];
    for (const { key } of (await store.list('signing-keys', { limit: 10 })).items) {
      await store.delete('signing-keys', key);
    }
    const keys = new SigningKeys({
      store,
      clock,
      random: systemRandom,
      sealer: {
        seal: (record, label, plaintext) => {
          sealed.push(`${record.collection}/${record.key}/${label}`);
          return `sealed:1:test:${Buffer.from(plaintext).toString('hex')}`;
        },
        open: (_record, text) => Buffer.from(text.slice('sealed:1:test:'.length), 'hex').toString(),
      },
    });
    await keys.start();
    t.after(() => keys.close());
    const { items } = await store.list('signing-keys', { limit: 10 });
    assert.deepEqual(sealed.sort(), items.map(({ key }) => `signing-keys/${key}/private-key`).sort());
    assert.equal(items.length, 3);
  });

  it('rotate: new tokens get the new key everywhere, old ones verify until they have expired', async (t) => {
    const { clock, keys, tokens, replica } = await openTokens(t);
    const other = await replica();
    const { token: old } = await tokens.issueSession(sessionAt(clock.now()), origin);
    clock.jump(clock.now() - 1000);
    await keys.rotate();
    await delivered();
    const { token } = await other.tokens.issueSession(sessionAt(clock.now()), origin);
    assert.notEqual(decodeProtectedHeader(token).kid, decodeProtectedHeader(old).kid);
    for (const each of [tokens, other.tokens]) {
      assert.equal((await each.verifySession(old, origin)).result, 'valid');
      assert.equal((await each.verifySession(token, origin)).result, 'valid');
    }
    clock.jump(clock.now() + 32 * 24 * hour);
    assert.equal((await tokens.verifySession(old, origin)).result, 'refused');
  });

  it('rotate at once: nothing signed before verifies any more, on any replica', async (t) => {
    const { clock, keys, tokens, replica } = await openTokens(t);
    const other = await replica();
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    await keys.rotate({ atOnce: true });
    await delivered();
    assert.equal((await tokens.verifySession(token, origin)).result, 'refused');
    assert.equal((await other.tokens.verifySession(token, origin)).result, 'refused');
  });

  it('verify nothing for a purpose they were not made for', async (t) => {
    const { keys } = await openTokens(t);
    const { kid } = await keys.signer('pending');
    assert.equal(await keys.verifier('session', kid), undefined);
    assert.equal((await keys.verifier('pending', kid))?.kid, kid);
  });

  it('are read again once for an unknown kid, and not more often than every five seconds', async (t) => {
    const { clock, store, keys, tokens } = await openTokens(t);
    const facade = deafTo(store);
    let lists = 0;
    const counting: Store = {
      ...facade,
      list: (...parameters) => {
        lists++;
        return facade.list(...parameters);
      },
    };
    const behind = new SigningKeys({ store: counting, sealer: openSealer, clock, random: systemRandom });
    await behind.start();
    t.after(() => behind.close());
    const theirs = new Tokens({ keys: behind, issuer: 'installation', clock });
    const before = lists;
    clock.advance(1000);
    await keys.rotate();
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    assert.equal((await theirs.verifySession(token, origin)).result, 'valid');
    assert.equal(lists - before, 1);
    const { privateKey } = await keys.signer('session');
    for (let guess = 0; guess < 50; guess++) {
      const forged = await new SignJWT({})
        .setProtectedHeader({ alg: 'EdDSA', typ: 'sallyport-session+jwt', kid: `guess-${guess}` })
        .sign(privateKey);
      assert.equal((await theirs.verifySession(forged, origin)).result, 'refused');
    }
    assert.equal(lists - before, 1);
    clock.advance(5000);
    assert.equal(await behind.verifier('session', 'unknown'), undefined);
    assert.equal(await behind.verifier('session', 'unknown'), undefined);
    assert.equal(lists - before, 2);
  });

  it('are not believed from memory when a change could not be read', async (t) => {
    const { clock, store, keys, tokens } = await openTokens(t);
    let failing = false;
    const facade: Store = {
      ...bind(store),
      list: async (...parameters) => {
        if (failing) throw new GatewayError('store-unavailable');
        return store.list(...parameters);
      },
    };
    const behind = new SigningKeys({ store: facade, sealer: openSealer, clock, random: systemRandom });
    await behind.start();
    t.after(() => behind.close());
    const theirs = new Tokens({ keys: behind, issuer: 'installation', clock });
    const { token } = await tokens.issueSession(sessionAt(clock.now()), origin);
    failing = true;
    await keys.rotate({ atOnce: true });
    await delivered();
    await assert.rejects(theirs.verifySession(token, origin), { code: 'store-unavailable' });
    failing = false;
    assert.equal((await theirs.verifySession(token, origin)).result, 'refused');
  });
});
