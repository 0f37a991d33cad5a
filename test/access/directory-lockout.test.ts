import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { passwordsToShow } from '../../src/access/directory-lockout.ts';
import { SignInSite } from './sign-in-site.ts';

const minute = 60_000;

describe('a directory that locks accounts', () => {
  const lockingSite = async (t: TestContext) => {
    const site = await SignInSite.open(t);
    site.directory.add('alice');
    site.directory.lockout = { threshold: 5, window: 31 * minute };
    const guess = (password = 'wrong') =>
      site.signIn.begin({ username: 'alice', password }, { address: '192.0.2.1' });
    return { site, guess };
  };

  it('never sees as many wrong passwords as it takes', async (t) => {
    const { site, guess } = await lockingSite(t);
    for (let hour = 0; hour < 3; hour += 1) {
      const before = site.directory.checked;
      for (let tries = 0; tries < 8; tries += 1) {
        await assert.rejects(guess(), (error: { code: string }) =>
          ['invalid-credentials', 'locked'].includes(error.code),
        );
        site.clock.advance(minute);
      }
      assert.ok(site.directory.checked - before <= 3, `${site.directory.checked - before} in one window`);
      site.clock.advance(60 * minute);
    }
  });

  it('counts guesses that come at the same time', async (t) => {
    const { site, guess } = await lockingSite(t);
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => guess()));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 0);
    assert.ok(site.directory.checked <= 3, String(site.directory.checked));
  });

  it('says when to try again', async (t) => {
    const { site, guess } = await lockingSite(t);
    for (let tries = 0; tries < 2; tries += 1) await assert.rejects(guess(), { code: 'invalid-credentials' });
    await assert.rejects(guess(), { code: 'locked', retryAfter: 31 * 60 });
    site.clock.advance(31 * minute);
    assert.equal((await guess("alice's password")).status, 'enrol');
  });

  it('forgets the wrong ones with a right one, as the directory does', async (t) => {
    const { guess } = await lockingSite(t);
    for (let round = 0; round < 4; round += 1) {
      await assert.rejects(guess(), { code: 'invalid-credentials' });
      assert.equal((await guess("alice's password")).status, 'enrol');
    }
  });

  it('forgets nothing with a right password that is no logon there', async (t) => {
    const { site, guess } = await lockingSite(t);
    site.directory.change('local:alice-id', { mustChange: true });
    await assert.rejects(guess(), { code: 'invalid-credentials' });
    for (let round = 0; round < 3; round += 1)
      assert.equal((await guess("alice's password")).status, 'enrol');
    await assert.rejects(guess(), { code: 'invalid-credentials' });
    await assert.rejects(guess(), { code: 'locked' });
  });

  it('does not count what the directory never saw', async (t) => {
    const { site, guess } = await lockingSite(t);
    site.directory.down = true;
    for (let tries = 0; tries < 6; tries += 1)
      await assert.rejects(guess(), { code: 'upstream-unreachable' });
    site.directory.down = false;
    assert.equal((await guess("alice's password")).status, 'enrol');
  });

  it('is open again when an administrator unlocks', async (t) => {
    const { site, guess } = await lockingSite(t);
    for (let tries = 0; tries < 2; tries += 1) await assert.rejects(guess(), { code: 'invalid-credentials' });
    await assert.rejects(guess(), { code: 'locked' });
    assert.equal(await site.parts.throttle.unlock('default', 'local:alice-id'), true);
    assert.equal((await guess("alice's password")).status, 'enrol');
  });
});

describe('passwords to show to a directory', () => {
  it('stay two below its limit, a few of them kept for known devices', () => {
    for (let threshold = 1; threshold <= 100; threshold += 1) {
      const known = passwordsToShow({ threshold, window: 1 }, true);
      const strangers = passwordsToShow({ threshold, window: 1 }, false);
      assert.equal(known, Math.max(1, threshold - 2));
      assert.ok(strangers >= 1 && strangers <= known);
      if (threshold >= 5) assert.ok(strangers < known);
    }
  });
});
