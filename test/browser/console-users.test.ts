import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { changeMembership, enable, subjectOfGroup, subjectOfUser } from '../../src/accounts/index.ts';
import { subscription } from '../../src/server/index.ts';
import { type ConsoleSite, startConsoleSite } from '../support/console-browser.ts';
import { addCrowd } from '../support/crowd.ts';
import { type OpenLdapServer, openLdapBase, startOpenLdap } from '../support/open-ldap-server.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { password } from '../support/site.ts';

const people = 24;
const addressOf = (key: string): string => `/users/${encodeURIComponent(key)}`;
const dialog = (page: Page) => page.getByRole('dialog').last();
const button = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true });
const notice = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('.notice').getByText(text).waitFor();
const rows = (page: Page) => page.locator('.list tbody tr');
const choose = (page: Page, name: string): Promise<void> =>
  page.getByRole('checkbox', { name: `Select ${name}` }).check();

describe('the console’s picker over several directories, in a browser', {
  skip: missing('chromium', 'slapd'),
}, () => {
  const scratch = scratchFolder();
  let directory: OpenLdapServer;
  let site: ConsoleSite;
  before(async () => {
    directory = await startOpenLdap();
    writeFileSync(join(scratch.path, 'password'), `${directory.admin.password}\n`);
    const org = {
      type: 'ldap',
      kind: 'openldap',
      servers: [`ldap://127.0.0.1:${directory.port}`],
      allowPlain: true,
      baseDn: openLdapBase,
      bindDn: directory.admin.dn,
      passwordFile: join(scratch.path, 'password'),
      timeout: 5,
    };
    // Nobody listens at port 1.
    const gone = { ...org, name: 'gone', servers: ['ldap://127.0.0.1:1'], timeout: 1 };
    site = await startConsoleSite({
      config: { directories: [{ name: 'local', type: 'local' }, { ...org, name: 'org' }, gone] },
    });
    await site.site.addUser('marta');
    const member = await directory.addPerson('martin', 'martin his password');
    const client = await directory.asAdmin();
    const group = { objectClass: 'groupOfNames', cn: 'marketing', member };
    await client.add(`cn=marketing,ou=groups,${openLdapBase}`, group);
    await client.unbind();
  });
  after(async () => {
    await site?.stop();
    await directory?.stop();
    scratch.remove();
  });

  it('finds users and groups of all of them at once, and says which does not answer', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/users/add?view=list');
      const search = dialog(page).getByLabel('Search in every directory');
      await search.fill('mart');
      await dialog(page).getByRole('checkbox', { name: 'marta' }).waitFor();
      await dialog(page).getByText("Not asked, since they don't answer: gone.").waitFor();
      await dialog(page).getByRole('checkbox', { name: 'martin' }).check();
      await dialog(page).getByLabel('Directory', { exact: true }).selectOption('local');
      await dialog(page).getByRole('checkbox', { name: 'martin' }).waitFor({ state: 'detached' });
      await dialog(page).getByLabel('Directory', { exact: true }).selectOption('org');
      await dialog(page).getByText('Groups', { exact: true }).click();
      await dialog(page).getByLabel('Search in org').fill('mark');
      await dialog(page).getByRole('checkbox', { name: 'marketing' }).check();
      await look();
      await button(page, 'Enable 2').click();
      await notice(page, '2 entries are on the list now.');
      await page.getByRole('row', { name: /marketing Group in org/ }).waitFor();
      await page.getByRole('link', { name: /^martin/ }).click();
      await dialog(page).getByText('martin in org').waitFor();
      await dialog(page).getByText('Asked for. They are on the list by name.').waitFor();
      await look();
    }));

  it('lists whom the gateway has met, of each directory or of one', () =>
    site.visit(async ({ page, open }) => {
      await open('/users');
      await page.getByRole('link', { name: /^martin/ }).waitFor();
      await page.getByLabel('Directory', { exact: true }).selectOption('org');
      await page.getByRole('link', { name: /^marta/ }).waitFor({ state: 'detached' });
      assert.equal(await rows(page).count(), 1);
      assert.match(page.url(), /directory=org/);
    }));
});

describe('the console’s page Users, in a browser', { skip: missing('chromium') }, () => {
  let site: ConsoleSite;
  let keys: readonly string[];
  before(async () => {
    site = await startConsoleSite();
    keys = await addCrowd(site.rooms, { users: people, enrolled: 12 });
    const { administration, groups } = site.rooms;
    await groups.create('staff');
    for (const key of keys.slice(0, 3)) await changeMembership(administration, key, 'staff', true, 'test');
  });
  after(() => site?.stop());
  const keyOf = (index: number): string => keys[index] ?? '';
  const enrolled = async (key: string): Promise<boolean> =>
    (await site.rooms.administration.factors.read(subscription, key)).factors.apps.length > 0;
  const entryOf = (subject: string) => site.rooms.administration.list.get(subscription, subject);

  it('finds somebody as their name is typed, and keeps the search in the address', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/users');
      await page.getByRole('link', { name: /^Alice Abadie/ }).waitFor();
      assert.equal(await rows(page).count(), people + 1);
      await page.keyboard.press('Tab');
      await page.getByLabel('Search by name').focus();
      await page.keyboard.type('abad');
      await page.waitForURL(/search=abad/);
      await rows(page).nth(1).waitFor({ state: 'detached' });
      assert.match((await rows(page).first().textContent()) ?? '', /Alice Abadie.*Authenticator app, since/);
      await page.reload();
      await page.getByRole('link', { name: /^Alice Abadie/ }).waitFor();
      assert.equal(await page.getByLabel('Search by name').inputValue(), 'abad');
      assert.equal(await rows(page).count(), 1);
      await page.getByLabel('Search by name').fill('nobody at all');
      await page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
      await look();
    }));

  it('shows by a filter who has set up nothing', () =>
    site.visit(async ({ page, open }) => {
      await open('/users');
      await page.getByLabel('State', { exact: true }).selectOption('Not set up');
      await page.waitForURL(/state=not-enrolled/);
      await page.getByRole('link', { name: /^Alice Abadie/ }).waitFor({ state: 'detached' });
      assert.equal(await rows(page).count(), people - 12);
    }));

  it('resets several at once after saying what goes, and shows each ticket once', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/users');
      for (const name of ['Alice Abadie', 'Amir Bernard']) await choose(page, name);
      await page.getByRole('button', { name: 'Reset', exact: true }).click();
      await dialog(page).getByText('Reset 2 users?').waitFor();
      await dialog(page).getByText('2 users lose what they set up: alice.abadie and amir.bernard.').waitFor();
      await look();
      await dialog(page)
        .getByRole('checkbox', { name: /^Ask for a ticket/ })
        .check();
      await button(page, 'Reset').click();
      await dialog(page).getByText('You see this once.').waitFor();
      const ticket = await dialog(page).locator('dd').first().textContent();
      assert.match(ticket ?? '', /^\w{4}(-\w{4}){3}$/);
      await look();
      assert.equal(await enrolled(keyOf(0)), false);
      assert.equal(await enrolled(keyOf(1)), false);
      await button(page, 'Done').click();
      await page
        .getByRole('row', { name: /Alice Abadie/ })
        .getByText('Not set up')
        .waitFor();
    }));

  it('asks for the number of users to be typed when they are more than ten', () =>
    site.visit(async ({ page, open }) => {
      await open('/users');
      await page.getByLabel('Search by name').fill('northwind');
      await page.getByRole('link', { name: /^olivia/ }).waitFor({ state: 'detached' });
      await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
      await page.getByRole('button', { name: 'Reset', exact: true }).click();
      const field = dialog(page).getByLabel(`Type ${people} to confirm.`);
      await field.fill('3');
      await button(page, 'Reset').click();
      await dialog(page).getByRole('alert').getByText(`That isn't ${people}.`).waitFor();
      assert.equal(await enrolled(keyOf(4)), true, 'nothing has happened');
      await button(page, 'Cancel').click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(await enrolled(keyOf(4)), true);
    }));

  it('says where a removal has no effect, removes, and undoes it', () =>
    site.visit(async ({ page, open, look }) => {
      const subject = subjectOfUser(keyOf(5));
      await enable(site.rooms.administration, subject, 'test', { method: 'app' });
      await open(`${addressOf(keyOf(5))}?view=list`);
      await button(page, 'Remove from the list').click();
      await dialog(page)
        .getByText(/no effect while Everyone is on the list/)
        .waitFor();
      await dialog(page)
        .getByText(/^You can undo this until/)
        .waitFor();
      await look();
      await button(page, 'Remove').click();
      await notice(page, /left the list\.$/);
      assert.equal(await entryOf(subject), undefined);
      await page.locator('.notice').getByRole('button', { name: 'Undo' }).click();
      await notice(page, /is back on the list\.$/);
      assert.equal((await entryOf(subject))?.method, 'app');
    }));

  it('sets somebody to SMS with a number, and explains a number that is none', () =>
    site.visit(async ({ page, open, look }) => {
      await open(addressOf(keyOf(6)));
      await dialog(page).getByLabel('Method').selectOption('SMS');
      await dialog(page).getByLabel('Phone number for codes').fill('+1 555');
      await button(page, 'Put on the list').click();
      await dialog(page)
        .getByRole('alert')
        .getByText(/phone number/)
        .waitFor();
      await dialog(page).getByLabel('Phone number for codes').fill('+33 6 12 34 56 78');
      await button(page, 'Put on the list').click();
      await notice(page, 'Saved.');
      const entry = await entryOf(subjectOfUser(keyOf(6)));
      assert.equal(entry?.method, 'sms');
      assert.deepEqual(entry && site.rooms.administration.list.open(subscription, entry), {
        sms: '+33612345678',
      });
      await dialog(page).getByText('SMS has no sender yet.').first().waitFor();
      await look();
    }));

  it('tells the second of two who change the same entry, and overwrites nothing by itself', () =>
    site.visit(async ({ page, open, look }) => {
      const subject = subjectOfGroup('local', 'staff');
      await enable(site.rooms.administration, subject, 'test', { method: 'app' });
      await open(`${addressOf(subject)}?view=groups`);
      const method = dialog(page).getByLabel('Method');
      await method.waitFor();
      await enable(site.rooms.administration, subject, 'test', { method: 'email' });
      await method.selectOption('SMS');
      await button(page, 'Save').click();
      await dialog(page).getByText('Somebody else changed this meanwhile').waitFor();
      await dialog(page).getByRole('row', { name: 'Method Email SMS' }).waitFor();
      await look();
      assert.equal((await entryOf(subject))?.method, 'email');
      await button(page, 'Save mine instead').click();
      await notice(page, 'Saved.');
      assert.equal((await entryOf(subject))?.method, 'sms');
    }));

  it('adds a user and a group found by typing, exempt until a time and for a reason', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/users?view=list');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      const search = dialog(page).getByLabel('Search in every directory');
      await search.fill('carla');
      await dialog(page).getByRole('checkbox', { name: 'Carla Eriksson' }).check();
      await dialog(page).getByText('Groups', { exact: true }).click();
      await search.fill('staf');
      await dialog(page).getByRole('checkbox', { name: 'staff' }).check();
      await dialog(page).getByLabel('On the list as').selectOption('Exempt');
      await look();
      await button(page, 'Exempt 2').click();
      await dialog(page).getByText('Fill this in.').waitFor();
      await dialog(page).getByLabel('Reason').fill('Kiosk in the hall');
      await dialog(page).getByLabel('Exempt until').fill('2031-05-01T08:00');
      await button(page, 'Exempt 2').click();
      await notice(page, '2 entries are on the list now.');
      const carla = await entryOf(subjectOfUser(keyOf(4)));
      assert.deepEqual([carla?.mode, carla?.reason], ['exempt', 'Kiosk in the hall']);
      await page
        .getByRole('row', { name: /Carla Eriksson/ })
        .getByText(/^Exempt until 1 May 2031/)
        .waitFor();
    }));

  it('gives a bypass code once, for a reason', () =>
    site.visit(async ({ page, open, look }) => {
      await open(addressOf(keyOf(7)));
      await button(page, 'Bypass code').click();
      await button(page, 'Make the code').click();
      await dialog(page).getByText('Fill this in.').waitFor();
      await dialog(page).getByLabel('Reason').fill('Ticket 4711');
      await button(page, 'Make the code').click();
      await dialog(page).getByText('You see this once.').waitFor();
      const code = (await dialog(page).locator('.key').textContent()) ?? '';
      assert.match(code, /^\w{4}-\w{4}-\w{4}$/);
      await look();
      await button(page, 'Done').click();
      await page.getByText(/^A bypass code is out/).waitFor();
      assert.equal(await page.getByText(code).count(), 0);
      await button(page, 'Withdraw it').click();
      await notice(page, 'The bypass code is withdrawn.');
    }));

  it('makes a local user who can sign in, then disables and deletes them', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/users');
      await page.getByRole('button', { name: 'More' }).click();
      await page.getByRole('menuitem', { name: 'New local user' }).click();
      await dialog(page).getByLabel('Name to sign in with').fill('nils');
      await dialog(page).getByLabel('Name to show').fill('Nils Holm');
      await dialog(page).getByLabel('First password').fill(password);
      await dialog(page).getByLabel('They choose another one').uncheck();
      await dialog(page).getByLabel('Groups').fill('staff, night shift');
      await look();
      await button(page, 'Create').click();
      await notice(page, 'Nils Holm is created.');
      const nils = await site.rooms.local.lookUp('nils');
      assert.deepEqual([...(nils?.groups ?? [])].sort(), ['night shift', 'staff']);
      const begun = await site.site.client().call('POST', 'sign-in', { username: 'nils', password });
      assert.equal(begun.status, 200, begun.text);
      await button(page, 'Leave night shift').click();
      await notice(page, 'Nils Holm is in night shift no more.');
      assert.deepEqual((await site.rooms.local.lookUp('nils'))?.groups, ['staff']);

      await button(page, 'Disable account').click();
      await dialog(page).getByText('Disable Nils Holm?').waitFor();
      await button(page, 'Disable account').last().click();
      await notice(page, /is disabled\.$/);
      assert.equal((await site.rooms.local.lookUp('nils'))?.disabled, true);

      await button(page, 'Delete').click();
      await dialog(page).getByText('Delete Nils Holm?').waitFor();
      await button(page, 'Delete').last().click();
      await notice(page, /is deleted\.$/);
      assert.equal(await site.rooms.local.lookUp('nils'), undefined);
    }));

  it('changes the members of a local group, and says what that changes for them', () =>
    site.visit(async ({ page, open, look }) => {
      await open(`${addressOf(subjectOfGroup('local', 'staff'))}?view=groups`);
      await dialog(page).getByLabel('Put somebody in').fill('hana');
      await dialog(page).getByRole('button', { name: 'Put in Hana Nguyen' }).click();
      await notice(page, /^Hana Nguyen is in the group/);
      await dialog(page).getByRole('button', { name: 'Take out Hana Nguyen' }).click();
      await notice(page, /^Hana Nguyen is out of the group/);
      await look();
    }));

  it('imports a file: mistakes by their lines first, then what would happen, then it happens', () =>
    site.visit(async ({ page, open, look }) => {
      await open('/users/import');
      const lines = page.getByLabel('Or paste its lines here');
      await lines.fill('user,method,phone\nnobody.here,app,\nina,sms,12\n');
      await page.getByRole('button', { name: 'Check' }).click();
      await page.getByText(/^\d mistakes?\. Nothing is imported/).waitFor();
      await look();
      assert.equal(await page.getByRole('button', { name: /^Import/ }).count(), 0);

      await lines.fill('user;method;phone\nines.petit;sms;+33612345679\nivan.quintero;app;\n');
      await page.getByRole('button', { name: 'Check' }).click();
      await page.getByText('2 lines, without a mistake. Nothing is changed yet.').waitFor();
      assert.equal(await entryOf(subjectOfUser(keyOf(15))), undefined);
      await look();
      await page.getByRole('button', { name: 'Import 2 lines' }).click();
      await page.getByText('2 lines are imported.').waitFor();
      assert.equal((await entryOf(subjectOfUser(keyOf(15))))?.method, 'sms');
    }));

  it('unlocks somebody whose password was guessed at', () =>
    site.visit(async ({ page, open, look }) => {
      const name = 'julie.schmidt';
      const key = (await site.rooms.local.lookUp(name))?.key ?? '';
      const stranger = site.site.client();
      let status = 401;
      for (let guess = 0; status === 401; guess += 1) {
        assert.ok(guess < 30);
        const body = { username: name, password: `guess ${guess}` };
        status = (await stranger.call('POST', 'sign-in', body)).status;
      }
      assert.equal(status, 429);
      await open('/users?state=locked');
      await page
        .getByRole('row', { name: /Julie Schmidt/ })
        .getByText(/^Locked until/)
        .waitFor();
      await page.getByRole('link', { name: /^Julie Schmidt/ }).click();
      await dialog(page)
        .getByText(/^Locked for passwords until/)
        .waitFor();
      await look();
      await button(page, 'Unlock').click();
      await dialog(page).getByText('Unlock Julie Schmidt?').waitFor();
      await button(page, 'Unlock').click();
      await notice(page, /can try again\.$/);
      assert.deepEqual(await site.rooms.throttle.locks(subscription, key), {});
    }));

  it('ends the sessions of a user, for a reason', () =>
    site.visit(async ({ page, open, look }) => {
      const client = await site.site.signedIn('sven');
      const key = (await site.rooms.local.lookUp('sven'))?.key ?? '';
      await open(addressOf(key));
      await dialog(page)
        .getByRole('button', { name: /^End the session/ })
        .click();
      await button(page, 'End').click();
      await dialog(page).getByText('Fill this in.').waitFor();
      await look();
      await dialog(page).getByLabel('Reason').fill('Left their desk');
      await button(page, 'End').click();
      await notice(page, '1 session of sven has ended.');
      assert.equal((await client.call('GET', 'session')).status, 401);
      await dialog(page).getByText('Not signed in anywhere.').waitFor();
    }));

  it('hands out the list as a file without secrets', () =>
    site.visit(async ({ page, open }) => {
      await open('/users');
      await page.getByRole('button', { name: 'More' }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'Export as CSV' }).click(),
      ]);
      assert.match(file.suggestedFilename(), /\.csv$/);
      const chunks: Buffer[] = [];
      for await (const chunk of await file.createReadStream()) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      assert.match(text, /ines\.petit/);
      assert.doesNotMatch(text, /JBSWY3DPEHPK3PXP/);
    }));

  it('asks for a fresh code in place after 15 minutes, and loses nothing that was typed', () =>
    site.visit(async ({ page, open, code, look }) => {
      await open('/users/new-group');
      await dialog(page).getByLabel('Name').fill('late');
      site.clock.ahead += 16 * 60_000;
      await button(page, 'Create').click();
      await dialog(page).getByText('Enter a code to go on').waitFor();
      await look();
      await dialog(page).locator('input[name=code]').fill(code());
      await notice(page, 'The group late is created.');
      assert.equal((await site.rooms.groups.find('late'))?.name, 'late');
    }));

  it('shows a helpdesk what a helpdesk may do, and an auditor nothing to change', async () => {
    await site.visit(
      async ({ page, open, look }) => {
        await open(addressOf(keyOf(8)));
        await button(page, 'Bypass code').waitFor();
        assert.equal(await page.getByRole('button', { name: 'Add', exact: true }).count(), 0);
        assert.equal(await button(page, 'Put on the list').count(), 0);
        await look();
      },
      { who: await site.administrator('hedda', 'helpdesk') },
    );
    await site.visit(
      async ({ page, open, look }) => {
        await open(addressOf(keyOf(8)));
        await dialog(page).getByRole('heading', { name: 'Sessions' }).waitFor();
        assert.equal(await button(page, 'Reset').count(), 0);
        await button(page, 'Close').click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        assert.equal(await page.getByRole('checkbox').count(), 0);
        await look();
      },
      { who: await site.administrator('audrey', 'auditor') },
    );
  });

  it('is about the subscription that was chosen, all the way', async () => {
    const owner = await site.adminOf(site.owner);
    assert.equal((await owner.admin('POST', 'subscriptions', { name: 'Acme' })).status, 201);
    await site.rooms.groups.create('acme staff');
    const ines = keyOf(15);
    await changeMembership(site.rooms.administration, ines, 'acme staff', true, 'test');
    const body = { kind: 'group', value: 'local:acme staff' };
    const assigned = await owner.admin('POST', 'subscriptions/acme/assignments', body);
    assert.ok(assigned.status < 300, assigned.text);
    await site.visit(async ({ page, open, look }) => {
      await open('/users?subscription=acme');
      await page.getByRole('link', { name: /^Ines Petit/ }).waitFor();
      assert.equal(await rows(page).count(), 1);
      await page.getByRole('link', { name: 'Enabled for 2FA' }).click();
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog(page).getByLabel('Search in every directory').fill('ines');
      await dialog(page).getByRole('checkbox', { name: 'Ines Petit' }).check();
      await button(page, 'Enable 1').click();
      await notice(page, 'Ines Petit is on the list now.');
      await look();
      const entry = await site.rooms.administration.list.get('acme', subjectOfUser(ines));
      assert.equal(entry?.mode, 'enabled');
      assert.match(page.url(), /subscription=acme/);
    });
  });

  it('is fit for a desktop and a phone, by day and by night, in two languages', async () => {
    const settled = async (page: Page): Promise<void> => {
      await page.locator('.loading').waitFor({ state: 'detached' });
      await page.locator('table, form').first().waitFor();
    };
    await site.looks('console-users', '/users', settled);
    await site.looks('console-users-list', '/users?view=list', settled);
    await site.looks('console-user', addressOf(keyOf(8)), (page) =>
      dialog(page).getByRole('heading', { name: 'Sessions' }).waitFor(),
    );
    await site.looks('console-users-add', '/users/add', (page) =>
      dialog(page).getByLabel('Search in every directory').waitFor(),
    );
    await site.visit(
      async ({ page, open, look }) => {
        await open('/users?view=removed');
        await page.getByRole('heading', { name: 'Rien à annuler' }).waitFor();
        await look();
        await open(addressOf(keyOf(8)));
        await dialog(page).getByRole('heading', { name: 'Ce qui est configuré' }).waitFor();
        await look();
      },
      { locale: 'fr-FR' },
    );
  });
});
