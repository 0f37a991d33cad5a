import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type CommandSite, commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

/** A site with the owner olga, and alice who has no role. */
async function siteWithPeople(t: TestContext): Promise<CommandSite> {
  const site = await commandSite(t);
  await site.runHere(['init']);
  const { rooms, close } = await openSiteRooms(site);
  for (const name of ['olga', 'alice', 'otto']) {
    await rooms.local.create({ name, displayName: name, password: 'correct horse battery' });
  }
  const olga = await rooms.local.lookUp('olga');
  await rooms.roles.makeOwner(olga?.key ?? '');
  await close();
  return site;
}

async function good(site: CommandSite, ...args: string[]): Promise<string> {
  const { code, out, err } = await site.runHere(args);
  assert.equal(code, 0, err);
  return out;
}

describe('sallyport admin', () => {
  it('lists, grants and withdraws roles, and keeps the last owner', async (t) => {
    const site = await siteWithPeople(t);
    await good(site, 'admin', 'grant', 'alice', 'helpdesk');
    const listed = JSON.parse(await good(site, 'admin', 'list', '--json'));
    assert.deepEqual(
      listed.map(({ name, role }: { name: string; role: string }) => `${name} ${role}`).sort(),
      ['alice helpdesk', 'olga owner'],
    );
    assert.match(await good(site, 'admin', 'list'), /alice +helpdesk +whole site/);
    await good(site, 'admin', 'withdraw', 'alice');
    const last = await site.runHere(['admin', 'withdraw', 'olga']);
    assert.equal(last.code, 1);
    const unknown = await site.runHere(['admin', 'grant', 'alice', 'king']);
    assert.deepEqual([unknown.code, unknown.out], [64, '']);
    assert.match(unknown.err, /auditor, helpdesk, administrator, owner/);
  });

  it('gives a role in one subscription alone', async (t) => {
    const site = await siteWithPeople(t);
    await good(site, 'subscription', 'create', 'Acme');
    await good(site, 'admin', 'grant', 'alice', 'owner', '--subscription', 'acme');
    assert.match(await good(site, 'admin', 'list'), /alice +owner +acme/);
  });

  it('invites, shows who is invited, and takes it back', async (t) => {
    const site = await siteWithPeople(t);
    const link = (await good(site, 'admin', 'invite', 'vera', 'auditor', '--new')).trim();
    assert.match(link, /\/\.sallyport\/invitation#new\/[\w-]{32}\/vera$/);
    const [invitation] = JSON.parse(await good(site, 'admin', 'invitations', '--json'));
    assert.deepEqual([invitation.name, invitation.role, invitation.by], ['vera', 'auditor', 'cli']);
    await good(site, 'admin', 'uninvite', invitation.id);
    assert.deepEqual(JSON.parse(await good(site, 'admin', 'invitations', '--json')), []);
    assert.equal((await site.runHere(['admin', 'invite', 'nobody', 'auditor'])).code, 1);
    assert.equal((await site.runHere(['admin', 'invite', 'alice', 'auditor', '--new'])).code, 1);
  });
});

describe('sallyport token', () => {
  it('makes, lists and revokes tokens of an administrator', async (t) => {
    const site = await siteWithPeople(t);
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    const secret = (
      await good(site, 'token', 'create', 'report', 'auditor', '--for', 'olga', '--until', until)
    ).trim();
    assert.match(secret, /^spt_/);
    const [token] = JSON.parse(await good(site, 'token', 'list', '--json'));
    assert.deepEqual([token.name, token.role], ['report', 'auditor']);
    assert.equal(JSON.stringify(token).includes(secret.slice(-43)), false);
    assert.match(await good(site, 'token', 'list'), /report +auditor +whole site +olga/);
    await good(site, 'token', 'revoke', token.id);
    assert.deepEqual(JSON.parse(await good(site, 'token', 'list', '--json')), []);
    const none = await site.runHere(['token', 'create', 'x', 'owner', '--for', 'alice', '--until', until]);
    assert.equal(none.code, 1, 'alice administers nothing');
    assert.match(none.err, /alice needs the role owner/);
    const never = await site.runHere(['token', 'create', 'x', 'owner', '--for', 'olga', '--until', 'never']);
    assert.equal(never.code, 64);
  });
});

describe('sallyport audit', () => {
  it('shows what happened, by user and kind, and takes it away', async (t) => {
    const site = await siteWithPeople(t);
    await good(site, 'admin', 'grant', 'alice', 'helpdesk');
    const [entry] = JSON.parse(
      await good(site, 'audit', 'list', '--user', 'alice', '--type', 'role.changed', '--json'),
    );
    assert.deepEqual([entry.type, entry.to, entry.actor], ['role.changed', 'helpdesk', 'cli']);
    assert.match(await good(site, 'audit', 'list', '--user', 'alice'), /role\.changed +alice +cli/);
    assert.equal((await site.runHere(['audit', 'list', '--type', 'nonsense'])).code, 64);
    assert.equal((await site.runHere(['audit', 'list', '--from', 'yesterday'])).code, 64);
    const lines = (await good(site, 'audit', 'export', '--user', 'alice')).trim().split('\n');
    assert.ok(lines.length >= 1 && lines.every((line) => JSON.parse(line).type !== undefined));
    const file = join(site.folder, 'audit.csv');
    await good(site, 'audit', 'export', '--format', 'csv', '--output', file);
    assert.match(readFileSync(file, 'utf8'), /^time,type,/);
    if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o077, 0);
  });

  it('is kept for as many days as is said', async (t) => {
    const site = await siteWithPeople(t);
    assert.match(await good(site, 'audit', 'retention'), /365 days/);
    assert.match(await good(site, 'audit', 'retention', '30'), /30 days/);
    assert.match(await good(site, 'audit', 'retention'), /30 days/);
    assert.equal((await site.runHere(['audit', 'retention', '0'])).code, 1);
    assert.equal((await site.runHere(['audit', 'retention', 'long'])).code, 64);
  });
});

describe('sallyport why', () => {
  it('says every rule and what comes of it', async (t) => {
    const site = await siteWithPeople(t);
    const out = await good(site, 'why', 'alice');
    assert.match(out, /^alice needs the password, and sets up a second factor with the next sign-in\.\n/);
    assert.match(out, /Decides +Everyone +Everyone is enabled, since \d{4}-/);
    assert.match(out, /Not asked any more +Users who are not enabled/);
    const told = JSON.parse(await good(site, 'why', 'olga', '--json'));
    assert.deepEqual([told.verdict, told.user.name], ['enrol', 'olga']);
    assert.equal((await site.runHere(['why', 'nobody'])).code, 1);
  });
});
