import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { KeepSessions } from '../../src/access/index.ts';
import type { DirectoryUser, Obligation } from '../../src/accounts/index.ts';
import { referenceTo, type SessionRecord } from '../../src/sessions/index.ts';
import { alice, desktops, openSite, outcome, type Site, withCookie } from './gate-site.ts';

const required: Obligation = { required: true, rule: 'everyone', since: 0, method: 'app' };

async function openKeeper(context: TestContext) {
  const site = await openSite(context);
  const keeper = new KeepSessions({ ...site.options, store: site.store });
  keeper.start();
  context.after(() => keeper.close());
  await site.settled();
  return site;
}

const stateOf = async (site: Site, session: SessionRecord) =>
  (await site.sessions.find(referenceTo(session)))?.state;

describe('password-only sessions that nobody is using', () => {
  it('are revoked when their user becomes obliged, and the others are kept', async (t) => {
    const site = await openKeeper(t);
    const { session: alone } = await site.signIn(['pwd']);
    const { session: verified } = await site.signIn();
    site.directory.obligation = required;
    await site.store.publish('accounts', { everyone: true });
    await site.settled();
    const state = await stateOf(site, alone);
    assert.ok(state?.name === 'revoked' && state.reason === 'second-factor-required');
    assert.equal((await stateOf(site, verified))?.name, 'granted');
  });

  it('are revoked when two-factor authentication is switched on', async (t) => {
    const site = await openKeeper(t);
    const { session } = await site.signIn(['pwd']);
    site.directory.obligation = required;
    site.settings.change({ enabled: true });
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'revoked');
  });

  it('are revoked when an exemption runs out, of which nobody tells', async (t) => {
    const site = await openKeeper(t);
    const { session } = await site.signIn(['pwd']);
    site.directory.obligation = required;
    site.clock.advance(60_000);
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'revoked');
  });

  it('are revoked for each user by that user alone, over many pages', async (t) => {
    const site = await openKeeper(t);
    const sessions: SessionRecord[] = [];
    for (let count = 0; count < 450; count++) {
      const user: DirectoryUser = { ...alice, key: `local:user-${count}`, name: `user-${count}` };
      site.directory.users.set(user.key, { ...user, disabled: count % 3 === 0 });
      sessions.push((await site.signIn(['pwd'], user)).session);
    }
    await site.store.publish('accounts', { group: 'staff' });
    for (let round = 0; round < 40; round++) await site.settled();
    for (const [index, session] of sessions.entries()) {
      assert.equal((await stateOf(site, session))?.name, index % 3 === 0 ? 'revoked' : 'granted');
    }
  });

  it('are revoked when their user alone has changed', async (t) => {
    const site = await openKeeper(t);
    const { session } = await site.signIn(['pwd']);
    const { session: verified } = await site.signIn();
    site.directory.obligation = required;
    await site.store.publish('accounts', { user: 'local:somebody-else' });
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'granted');
    await site.store.publish('accounts', { user: alice.key });
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'revoked');
    assert.equal((await stateOf(site, verified))?.name, 'granted');
  });

  it('are revoked although nothing can be learned of another user', async (t) => {
    const site = await openKeeper(t);
    for (const name of ['aaron', 'zoe']) {
      const user = { ...alice, key: `local:${name}`, name };
      site.directory.users.set(user.key, user);
      await site.signIn(['pwd'], user);
    }
    const { session } = await site.signIn(['pwd']);
    site.directory.obligation = required;
    site.directory.failsFor.add('local:aaron').add('local:zoe');
    await site.store.publish('accounts', { everyone: true });
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'revoked');
  });

  it('are looked at again after a failure', async (t) => {
    const site = await openKeeper(t);
    const { session } = await site.signIn(['pwd']);
    site.directory.obligation = required;
    site.directory.failure = new Error('the directory is down');
    await site.store.publish('accounts', { user: alice.key });
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'granted');
    site.directory.failure = undefined;
    site.clock.advance(60_000);
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'revoked');
  });
});

describe('sessions that shortened settings have ended', () => {
  it('stay ended when the settings are lengthened again, although nobody has asked meanwhile', async (t) => {
    const site = await openKeeper(t);
    const { token, session } = await site.signIn();
    const { session: fresh } = await site.signIn();
    site.clock.jump(site.clock.now() + 600_000);
    const { session: later } = await site.signIn();
    site.settings.change({ validityBeforeFirstSession: 300 });
    await site.settled();
    site.settings.change({ validityBeforeFirstSession: 3600 });
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'expired');
    assert.equal((await stateOf(site, fresh))?.name, 'expired');
    assert.equal((await stateOf(site, later))?.name, 'granted');
    const decision = await site.gate.admit(withCookie(token), desktops, 'request');
    assert.equal(outcome(decision), 'sign-in-expired');
  });

  it('are found although the settings are changed again at once', async (t) => {
    const site = await openKeeper(t);
    const { session } = await site.signIn();
    site.clock.jump(site.clock.now() + 600_000);
    site.settings.change({ validityBeforeFirstSession: 300 });
    site.settings.change({ validityBeforeFirstSession: 400 });
    await site.settled();
    site.settings.change({ validityBeforeFirstSession: 3600 });
    await site.settled();
    assert.equal((await stateOf(site, session))?.name, 'expired');
  });
});
