import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { HandOffs } from '../../src/access/index.ts';
import { referenceTo } from '../../src/sessions/index.ts';
import { openSite } from './gate-site.ts';

const host = 'apps.example.com';
const application = `https://${host}`;

async function openHandOffs(context: TestContext) {
  const site = await openSite(context);
  const handOffs = new HandOffs({
    store: site.store,
    sessions: site.sessions,
    tokens: site.tokens,
    clock: site.clock,
    random: site.random,
  });
  const { session } = await site.signIn();
  const { nonce, challenge } = handOffs.begin();
  const code = await handOffs.issue(session, host, challenge);
  return { ...site, handOffs, session, nonce, challenge, code };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

const invalid = { code: 'invalid-hand-off' };

describe('a hand-off to another host', () => {
  it("gives that host a token of its own for the same session, and tells whether it's a shared computer", async (t) => {
    const { handOffs, tokens, session, nonce, code } = await openHandOffs(t);
    const issued = await handOffs.redeem(code, application, nonce);
    assert.equal(issued.shared, false);
    const verdict = await tokens.verifySession(issued.token, application);
    assert.ok(verdict.result === 'valid');
    assert.equal(verdict.claims.session, session.id);
    assert.equal((await tokens.verifySession(issued.token, 'https://gateway.example.com')).result, 'refused');
  });

  it('is good once, also for two that redeem it at the same moment', async (t) => {
    const { handOffs, nonce, code } = await openHandOffs(t);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => handOffs.redeem(code, application, nonce)),
    );
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    await assert.rejects(handOffs.redeem(code, application, nonce), invalid);
  });

  it('is good for 60 seconds', async (t) => {
    const { handOffs, clock, session, challenge, nonce, code } = await openHandOffs(t);
    const later = await handOffs.issue(session, host, challenge);
    clock.jump(clock.now() + 59_999);
    await handOffs.redeem(later, application, nonce);
    clock.jump(clock.now() + 1);
    await assert.rejects(handOffs.redeem(code, application, nonce), invalid);
  });

  it('is worth nothing without the nonce of the browser that asked, and is spent by the try', async (t) => {
    const { handOffs, nonce, challenge, code } = await openHandOffs(t);
    await assert.rejects(handOffs.redeem(code, application, handOffs.begin().nonce), invalid);
    await assert.rejects(handOffs.redeem(code, application, nonce), invalid);
    await assert.rejects(handOffs.redeem(code, application, challenge), invalid);
  });

  it('cannot be redeemed by another host, scheme and port included', async (t) => {
    for (const other of [
      'https://gateway.example.com',
      `https://${host}:8443`,
      'https://apps.example.com.evil.example',
    ]) {
      const { handOffs, nonce, code } = await openHandOffs(t);
      await assert.rejects(handOffs.redeem(code, other, nonce), invalid);
    }
  });

  it('ends with its session: revoked or expired meanwhile, it is worth nothing', async (t) => {
    const revoked = await openHandOffs(t);
    await revoked.sessions.revoke(referenceTo(revoked.session), { reason: 'sign-out', actor: 'x' });
    await assert.rejects(revoked.handOffs.redeem(revoked.code, application, revoked.nonce), invalid);
    const expired = await openHandOffs(t);
    expired.clock.jump(expired.clock.now() + 3_599_000);
    const code = await expired.handOffs.issue(expired.session, host, expired.challenge);
    expired.clock.jump(expired.clock.now() + 1000);
    await assert.rejects(expired.handOffs.redeem(code, application, expired.nonce), invalid);
  });

  it('refuses whatever is not a code, a nonce or a challenge', async (t) => {
    const { handOffs, session, challenge, nonce, code } = await openHandOffs(t);
    for (const odd of ['', 'x', '../../sessions/x', 'a'.repeat(44), `${code}=`, 'a'.repeat(100_000)]) {
      await assert.rejects(handOffs.redeem(odd, application, nonce), invalid);
      await assert.rejects(handOffs.issue(session, host, odd), invalid);
      const planted = await handOffs.issue(session, host, digest(odd));
      await assert.rejects(handOffs.redeem(planted, application, odd), invalid);
      const spent = await handOffs.issue(session, host, challenge);
      await assert.rejects(handOffs.redeem(spent, application, odd), invalid);
      await assert.rejects(handOffs.redeem(spent, application, nonce), invalid);
    }
    await handOffs.redeem(code, application, nonce);
  });

  it('stores neither code nor nonce', async (t) => {
    const { store, nonce, code } = await openHandOffs(t);
    const stored = JSON.stringify(await store.list('hand-offs', { limit: 10 }));
    assert.ok(!stored.includes(code));
    assert.ok(!stored.includes(nonce));
  });
});
