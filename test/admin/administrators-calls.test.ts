import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AdminClient, atConsole, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { password, type Site, startSite } from '../support/site.ts';

type Grant = { role: string; subscription?: string; byName?: string };
type Item = { user: string; name?: string; state: string; enrolled: boolean; grants: Grant[] };

const day = 86_400_000;

describe('administrators by API', () => {
  let site: Site<ManualClock>;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site.stop());

  const keyOf = async (name: string): Promise<string> =>
    (await site.gateway.rooms.directories.lookUp(name))?.key ?? assert.fail(name);
  const pathOf = (key: string): string => `administrators/${encodeURIComponent(key)}`;
  const listed = async (client = owner): Promise<Item[]> =>
    (await client.admin('GET', 'administrators')).json.items;
  const told = async (type: string) => {
    await site.gateway.rooms.audit.flush();
    return (await owner.admin('GET', `audit?everywhere=true&type=${type}`)).json.items;
  };
  const anonymous = (): AdminClient => new AdminClient(site.consolePort, site.clock, 'http');

  it('are listed with their roles, who gave them, and whether a second factor is set up', async () => {
    const anna = await site.addUser('anna');
    const answer = await owner.change('PUT', pathOf(anna), { role: 'helpdesk', everywhere: true });
    assert.equal(answer.status, 204, answer.text);
    const found = (await listed()).find(({ user }) => user === anna);
    assert.deepEqual([found?.name, found?.state, found?.enrolled], ['anna', 'usable', false]);
    const [grant] = found?.grants ?? [];
    assert.deepEqual([grant?.role, grant?.byName], ['helpdesk', 'olivia']);
    const [event] = await told('role.changed');
    assert.deepEqual([event.event.from, event.event.to, event.userName], ['none', 'helpdesk', 'anna']);
    assert.equal(await site.gateway.rooms.roles.roleIn(anna, undefined), 'helpdesk');
  });

  it('are changed by whoever saw what is there, and told to whoever did not', async () => {
    const bert = await site.addUser('bert');
    const seen = await owner.admin('GET', pathOf(bert));
    assert.equal(seen.headers.etag, '"absent"');
    const ifMatch = { 'if-match': '"absent"' };
    assert.equal(
      (await owner.admin('PUT', pathOf(bert), { role: 'auditor', everywhere: true }, ifMatch)).status,
      204,
    );
    const late = await owner.admin('PUT', pathOf(bert), { role: 'owner', everywhere: true }, ifMatch);
    assert.deepEqual([late.status, late.json.code], [412, 'changed-meanwhile']);
    const gone = await owner.admin('DELETE', `${pathOf(bert)}?everywhere=true`, undefined, {
      'if-match': String((await owner.admin('GET', pathOf(bert))).headers.etag),
    });
    assert.equal(gone.status, 204, gone.text);
    assert.equal(await site.gateway.rooms.roles.isAdministrator(bert), false);
  });

  it('keep their last owner, whatever is asked', async () => {
    const olivia = await keyOf('olivia');
    const less = await owner.change('PUT', pathOf(olivia), { role: 'auditor', everywhere: true });
    assert.deepEqual([less.status, less.json.code], [409, 'last-owner']);
    const { etag } = (await owner.admin('GET', pathOf(olivia))).headers;
    const none = await owner.admin('DELETE', `${pathOf(olivia)}?everywhere=true`, undefined, {
      'if-match': String(etag),
    });
    assert.equal(none.json.code, 'last-owner');
  });

  it('are nobody who is not there, or switched off', async () => {
    const nobody = await owner.change('PUT', pathOf('local:nobody'), { role: 'auditor', everywhere: true });
    assert.equal(nobody.json.code, 'unknown-user');
    const carl = await site.addUser('carl');
    await site.gateway.rooms.administration.users.setDisabled(carl, true);
    const off = await owner.change('PUT', pathOf(carl), { role: 'auditor', everywhere: true });
    assert.equal(off.json.code, 'account-disabled');
  });

  it('of one subscription neither see nor change those of the site or of another', async () => {
    await site.gateway.rooms.subscriptions.create({ name: 'Acme' }, 'cli');
    const acme = await signedInAs(site, 'owner', { subscription: 'acme', name: 'ada' });
    assert.deepEqual(
      (await listed(acme)).map(({ name }) => name),
      ['ada'],
    );
    assert.equal((await acme.admin('GET', pathOf(await keyOf('olivia')))).json.code, 'unknown-user');
    const anna = await keyOf('anna');
    const absent = { 'if-match': '"absent"' };
    const whole = await acme.admin('PUT', pathOf(anna), { role: 'owner', everywhere: true }, absent);
    assert.equal(whole.json.code, 'not-allowed');
    const foreign = await acme.admin('PUT', pathOf(anna), { role: 'owner' }, absent);
    assert.equal(foreign.json.code, 'unknown-user', 'anna belongs to default');
    const invited = await acme.admin('POST', 'invitations', {
      name: 'anna',
      newAccount: false,
      role: 'owner',
    });
    assert.equal(invited.json.code, 'unknown-user');
    const made = await acme.admin('POST', 'invitations', { name: 'mole', newAccount: true, role: 'auditor' });
    assert.equal(made.json.code, 'not-allowed', 'mole would belong to default');
  });

  describe('by invitation', () => {
    const invite = async (body: Record<string, unknown>) => {
      const answer = await owner.admin('POST', 'invitations', { everywhere: true, ...body });
      assert.equal(answer.status, 201, answer.text);
      const link: string = answer.json.link;
      const [, kind, ticket = '', name] =
        /\/\.sallyport\/invitation#(new|own)\/([\w-]+)\/(.+)$/.exec(link) ?? [];
      return { kind, ticket, name };
    };

    it('make their own account, and have the role once a second factor is set up', async () => {
      const { kind, ticket } = await invite({ name: 'dora', newAccount: true, role: 'administrator' });
      assert.equal(kind, 'new');
      const stored = await site.gateway.rooms.store.list('owner-tickets', { limit: 50 });
      assert.equal(JSON.stringify(stored).includes(ticket), false);
      const dora = anonymous();
      const begun = await dora.call('POST', 'owner', { ticket, username: 'dora', password });
      assert.equal(begun.json?.status, 'enrol', begun.text);
      const key = await keyOf('dora');
      assert.equal(await site.gateway.rooms.roles.isAdministrator(key), false, 'not yet');
      assert.equal((await dora.enrol()).json?.status, 'done');
      assert.equal(await site.gateway.rooms.roles.roleIn(key, undefined), 'administrator');
      assert.equal((await dora.admin('GET', 'me')).json.role, 'administrator');
      const again = await anonymous().call('POST', 'owner', { ticket, username: 'dora', password });
      assert.equal(again.json.code, 'invalid-ticket', 'once');
      const [event] = await told('invitation.accepted');
      assert.deepEqual([event.userName, event.event.role], ['dora', 'administrator']);
    });

    it('prove who they are with the password they have, and nobody sets them another one', async () => {
      const emil = await site.addUser('emil');
      const { kind, ticket } = await invite({ name: 'emil', newAccount: false, role: 'auditor' });
      assert.equal(kind, 'own');
      const thief = await anonymous().call('POST', 'owner', {
        ticket,
        username: 'emil',
        password: 'a new password of mine',
      });
      assert.equal(thief.json.code, 'invalid-ticket');
      const client = anonymous();
      const wrong = await client.call('POST', 'sign-in', {
        username: 'emil',
        password: 'wrong',
        invitation: ticket,
      });
      assert.equal(wrong.json.code, 'invalid-credentials');
      await site.addUser('eve');
      const other = await client.call('POST', 'sign-in', { username: 'eve', password, invitation: ticket });
      assert.equal(other.json.code, 'invalid-ticket');
      const begun = await client.call('POST', 'sign-in', { username: 'emil', password, invitation: ticket });
      assert.equal(begun.json?.status, 'enrol', begun.text);
      assert.equal((await client.enrol()).json?.status, 'done');
      assert.equal(await site.gateway.rooms.roles.roleIn(emil, undefined), 'auditor');
    });

    it('are told apart from names that are taken, or that nobody has', async () => {
      const bodies = [
        [{ name: 'olivia', newAccount: true }, 'name-taken'],
        [{ name: 'nobody', newAccount: false }, 'unknown-user'],
        [{ name: 'a\u0000b', newAccount: true }, 'invalid-request'],
      ] as const;
      for (const [body, code] of bodies) {
        const answer = await owner.admin('POST', 'invitations', {
          everywhere: true,
          role: 'auditor',
          ...body,
        });
        assert.equal(answer.json.code, code, body.name);
      }
    });

    it('are refused after seven days, after a withdrawal, and once the inviter is no owner any more', async () => {
      const body = { newAccount: true, role: 'auditor' };
      const { ticket: withdrawn } = await invite({ name: 'fred', ...body });
      const { items } = (await owner.admin('GET', 'invitations')).json;
      const id = items.find(({ name }: { name: string }) => name === 'fred').id;
      assert.equal((await owner.admin('DELETE', `invitations/${id}`)).status, 204);
      assert.equal((await owner.admin('DELETE', `invitations/${id}`)).status, 404);
      const { ticket: replaced } = await invite({ name: 'gina', ...body });
      const { ticket: late } = await invite({ name: 'gina', ...body });
      const second = await signedInAs(site, 'owner', { name: 'otto' });
      const by = await second.admin('POST', 'invitations', { everywhere: true, name: 'hugo', ...body });
      const orphan = /new\/([\w-]+)\//.exec(by.json.link)?.[1];
      await site.gateway.rooms.roles.withdraw(await keyOf('otto'), undefined);
      const accept = async (ticket: string | undefined, username: string) =>
        (await anonymous().call('POST', 'owner', { ticket, username, password })).json.code;
      assert.equal(await accept(withdrawn, 'fred'), 'invalid-ticket');
      assert.equal(await accept(replaced, 'gina'), 'invalid-ticket');
      assert.equal(await accept(orphan, 'hugo'), 'invalid-ticket');
      site.clock.jump(site.clock.now() + 7 * day);
      assert.equal(await accept(late, 'gina'), 'invalid-ticket');
    });

    it('never set the password of somebody who took the name meanwhile', async () => {
      const zoe = await atConsole(site, 'olivia', site.owner.secret);
      const answer = await zoe.admin('POST', 'invitations', {
        everywhere: true,
        name: 'ivan',
        newAccount: true,
        role: 'owner',
      });
      assert.equal(answer.status, 201, answer.text);
      const ticket = /new\/([\w-]+)\//.exec(answer.json.link)?.[1];
      await site.addUser('ivan');
      const taken = await anonymous().call('POST', 'owner', {
        ticket,
        username: 'ivan',
        password: 'another password',
      });
      assert.equal(taken.json.code, 'name-taken');
      const twice = await anonymous().call('POST', 'owner', {
        ticket,
        username: 'ivan',
        password: 'another password',
      });
      assert.equal(twice.json.code, 'name-taken');
    });
  });
});
