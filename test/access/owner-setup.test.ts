import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doneOf, minute, outcome, pendingOf, refusal, SignInSite, step, visitor } from './sign-in-site.ts';

const wish = (ticket: string, username = 'root') => ({ ticket, username, password: 'a good password' });

describe('until there is an owner', () => {
  it('nobody else signs in or enrols', async (t) => {
    const site = await SignInSite.open(t, { owner: false });
    site.directory.add('alice');
    assert.equal(await site.owners.exists(), false);
    await refusal(site.begin('alice'), 'no-owner-yet');
    site.obligation = { required: false, rule: 'switched-off' };
    await refusal(site.begin('alice'), 'no-owner-yet');
    assert.equal(site.directory.checked, 0);
  });

  it('the ticket makes one, complete only with an enrolled second factor', async (t) => {
    const site = await SignInSite.open(t, { owner: false });
    site.obligation = { required: false, rule: 'switched-off' };
    const { ticket, expiresAt } = await site.owners.issueOwnerTicket('system');
    assert.equal(expiresAt, site.clock.now() + 60 * minute);
    const stored = await site.store.list('owner-tickets', { prefix: 'default/', limit: 10 });
    assert.ok(!JSON.stringify(stored).includes(ticket), 'only a hash is stored');
    const pending = pendingOf(await site.owners.create(wish(ticket), visitor), 'enrol');
    assert.equal(await site.owners.exists(), false);
    const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
    const done = doneOf(await site.signIn.confirmApp(pending, { code: phone.code() }, visitor));
    assert.equal(await site.owners.exists(), true);
    assert.equal(await site.parts.roles.isAdministrator(done.session.user.key), true);
    assert.equal(done.recoveryCodes?.length, 10);
    await refusal(site.owners.create(wish(ticket, 'other'), visitor), 'invalid-ticket');
    site.directory.add('alice');
    doneOf(await site.begin('alice'));
  });

  it('the way can be begun again, under another name too', async (t) => {
    const site = await SignInSite.open(t, { owner: false });
    const { ticket } = await site.owners.issueOwnerTicket('system');
    const abandoned = pendingOf(await site.owners.create(wish(ticket, 'rooot'), visitor), 'enrol');
    const lost = site.phone((await site.signIn.beginApp(abandoned, visitor)).secret);
    pendingOf(await site.owners.create(wish(ticket), visitor), 'enrol');
    const pending = pendingOf(await site.owners.create(wish(ticket), visitor), 'enrol');
    await refusal(site.signIn.confirmApp(abandoned, { code: lost.code() }, visitor), 'invalid-ticket');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
    const done = doneOf(await site.signIn.confirmApp(pending, { code: phone.code() }, visitor));
    assert.equal(done.session.user.name, 'root');
    assert.equal(await site.parts.roles.isAdministrator('local:rooot-id'), false);
  });

  it('one of two who hold the same ticket becomes owner', async (t) => {
    const site = await SignInSite.open(t, { owner: false });
    const { ticket } = await site.owners.issueOwnerTicket('system');
    const names = ['one', 'two', 'three'];
    const ways = [];
    for (const name of names) {
      const pending = pendingOf(await site.owners.create(wish(ticket, name), visitor), 'enrol');
      ways.push({ pending, phone: site.phone((await site.signIn.beginApp(pending, visitor)).secret) });
    }
    const outcomes = await Promise.all(
      ways.map(({ pending, phone }) =>
        outcome(site.signIn.confirmApp(pending, { code: phone.code() }, visitor)),
      ),
    );
    assert.deepEqual(outcomes.toSorted(), ['done', 'invalid-ticket', 'invalid-ticket']);
    const roles = await site.store.list('roles', { prefix: 'default/', limit: 10 });
    assert.equal(roles.items.length, 1);
  });

  it('a ticket is no good after an hour, when made up, or when a newer one was issued', async (t) => {
    const site = await SignInSite.open(t, { owner: false });
    const old = await site.owners.issueOwnerTicket('system');
    const { ticket } = await site.owners.issueOwnerTicket('system');
    await refusal(site.owners.create(wish(old.ticket), visitor), 'invalid-ticket');
    await refusal(site.owners.create(wish('made up'), visitor), 'invalid-ticket');
    await refusal(site.owners.create({ ...wish(ticket), password: 'x' }, visitor), 'password-too-weak');
    const pending = pendingOf(await site.owners.create(wish(ticket), visitor), 'enrol');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
    site.pass(9 * minute);
    doneOf(await site.signIn.confirmApp(pending, { code: phone.code() }, visitor));
    const late = await site.owners.issueOwnerTicket('cli', 'second');
    site.pass(60 * minute);
    await refusal(site.owners.create(wish(late.ticket, 'second'), visitor), 'invalid-ticket');
  });

  it('a ticket does not take over an account that exists already', async (t) => {
    const site = await SignInSite.open(t, { owner: false });
    site.directory.add('alice');
    const { ticket } = await site.owners.issueOwnerTicket('system');
    await refusal(site.owners.create(wish(ticket, 'alice'), visitor), 'name-taken');
  });
});

describe('tickets of the command line', () => {
  it('make the named user an owner, who shows the factor they have', async (t) => {
    const site = await SignInSite.open(t);
    const { user, phone } = await site.enrolled('alice');
    const { ticket } = await site.owners.issueOwnerTicket('cli', 'alice');
    await refusal(site.owners.create(wish(ticket, 'bob'), visitor), 'invalid-ticket');
    const pending = pendingOf(await site.owners.create(wish(ticket, 'alice'), visitor), 'verify');
    doneOf(await site.signIn.verify(pending, { method: 'app', code: phone.code() }, visitor));
    assert.equal(await site.parts.roles.isAdministrator(user.key), true);
    await refusal(site.begin('alice'), 'invalid-credentials');
  });

  it('let somebody back in who was locked out, with a new password and a new enrolment', async (t) => {
    const site = await SignInSite.open(t);
    const { user } = await site.enrolled('alice');
    await site.store.put('counters', `default/codes/${user.key}`, { failures: 100, lastAt: 0 });
    const { ticket } = await site.owners.recover('alice', 'cli');
    await site.store.delete('factors', `default/${user.key}`);
    assert.deepEqual(await site.live(user), []);
    await refusal(site.owners.create(wish(ticket, 'bob'), visitor), 'invalid-ticket');
    const pending = pendingOf(await site.owners.create(wish(ticket, 'alice'), visitor), 'enrol');
    const phone = site.phone((await site.signIn.beginApp(pending, visitor)).secret);
    doneOf(await site.signIn.confirmApp(pending, { code: phone.code() }, visitor));
    assert.equal(await site.parts.roles.isAdministrator(user.key), false);
    await refusal(site.owners.create(wish(ticket, 'alice'), visitor), 'invalid-ticket');
    assert.equal(site.events('owner.recovered').length, 1);
    site.pass(4 * step);
    await refusal(site.owners.recover('nobody', 'cli'), 'unknown-user');
  });
});
