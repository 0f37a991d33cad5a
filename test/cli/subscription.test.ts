import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandSite } from './command-site.ts';

describe('the commands for subscriptions', () => {
  it('create, show, rename, assign and list them', async (t) => {
    const { runHere: run, configure } = await commandSite(t);
    configure({ applications: [{ name: 'desk', path: '/', servers: ['http://10.0.0.1:8080'] }] });
    await run(['init']);
    const made = await run(['subscription', 'create', 'Acme & Sons']);
    assert.match(made.out, /^Created Acme & Sons with the id acme-sons\./);
    assert.match(made.err, /for users of default alone, until their allow names .*: desk\./);
    const assigned = await run(['subscription', 'assign', 'acme & sons', '--domain', 'acme.example']);
    assert.equal(assigned.out, 'domain acme.example belongs to Acme & Sons now.\n');
    await run(['subscription', 'rename', 'acme-sons', 'Acme']);
    const listed = await run(['subscription', 'list']);
    assert.match(listed.out, /^acme-sons +Acme +domain acme\.example$/m);
    const shown = JSON.parse((await run(['subscription', 'show', 'ACME', '--json'])).out);
    assert.deepEqual([shown.id, shown.contents.enrolled, shown.contents.assignments], ['acme-sons', 0, 1]);
    await run(['subscription', 'create', 'Other']);
    const taken = await run(['subscription', 'assign', 'other', '--domain', 'ACME.example']);
    assert.equal(taken.code, 1);
    assert.match(taken.err, /belongs to Acme/);
    const moved = await run([
      'subscription',
      'assign',
      'other',
      '--domain',
      'ACME.example',
      '--from',
      'Acme',
    ]);
    assert.equal(moved.code, 0, moved.err);
    assert.match((await run(['subscription', 'show', 'nowhere'])).err, /no subscription named nowhere/);
    assert.equal((await run(['subscription', 'assign', 'other'])).code, 64);
  });

  it('let other commands act in one of them, and find users where they belong', async (t) => {
    const { runHere: run } = await commandSite(t);
    await run(['init']);
    await run(['subscription', 'create', 'Acme']);
    await run(['subscription', 'assign', 'acme', '--domain', 'acme.example']);
    assert.equal((await run(['settings', 'set', 'digits', '8', '--subscription', 'Acme'])).code, 0);
    assert.equal((await run(['settings', 'get', 'digits', '--subscription', 'acme'])).out, '8\n');
    assert.equal((await run(['settings', 'get', 'digits'])).out, '6\n');
    assert.match((await run(['settings', 'get', '--subscription', 'x'])).err, /no subscription named x/);
    for (const name of ['alice@acme.example', 'bob']) {
      const added = await run(['user', 'add', name, '--password-stdin'], 'correct horse battery staple\n');
      assert.equal(added.code, 0, added.err);
    }
    const inAcme = await run(['user', 'list', '--subscription', 'acme']);
    assert.match(inAcme.out, /alice@acme\.example/);
    assert.doesNotMatch(inAcme.out, /bob/);
    const shown = JSON.parse((await run(['user', 'show', 'alice@acme.example', '--json'])).out);
    assert.equal(shown.subscription, 'acme');
    await run(['enabled', 'remove', 'everyone', '--subscription', 'acme', '--yes']);
    await run(['enabled', 'add', 'user', 'alice@acme.example', '--method', 'app']);
    assert.match((await run(['enabled', 'list', '--subscription', 'acme'])).out, /alice@acme\.example/);
    assert.doesNotMatch((await run(['enabled', 'list'])).out, /alice/);
    assert.match((await run(['user', 'disable', 'alice@acme.example'])).out, /alice/);
  });

  it('delete one only when it is empty or its name is typed, and never give its id again', async (t) => {
    const { runHere: run } = await commandSite(t);
    await run(['init']);
    await run(['subscription', 'create', 'Acme']);
    await run(['subscription', 'assign', 'acme', '--domain', 'acme.example']);
    const refused = await run(['subscription', 'delete', 'acme']);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /1 directory, domain, group or host/);
    assert.equal((await run(['subscription', 'delete', 'acme', '--confirm', 'default'])).code, 1);
    const gone = await run(['subscription', 'delete', 'acme', '--confirm', 'ACME']);
    assert.equal(gone.out, 'Deleted Acme.\n');
    assert.match((await run(['subscription', 'list'])).out, /Acme \(deleted: keeps people out\)/);
    assert.equal((await run(['subscription', 'create', 'Acme'])).code, 1);
    assert.equal((await run(['settings', 'get', '--subscription', 'acme'])).code, 1);
    assert.match((await run(['subscription', 'delete', 'default'])).err, /./);
  });
});
