import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandSite } from './command-site.ts';

describe('the commands for what needs somebody', () => {
  it('say how it stands, and what to do', async (t) => {
    const { runHere: run } = await commandSite(t);
    await run(['init']);
    await run(['settings', 'set', 'enabled', 'off']);
    const told = await run(['status']);
    assert.equal(told.code, 0, told.err);
    assert.match(told.out, /two factors +switched off/);
    assert.match(told.out, /! Two-factor authentication is switched off/);
    const { attention, enabled, people } = JSON.parse((await run(['status', '--json'])).out);
    assert.equal(enabled, false);
    assert.equal(people.users, 0);
    assert.ok(attention.some(({ kind }: { kind: string }) => kind === 'two-factors-off'));
  });

  it('add receivers of alerts, list them without what could be used, and take them away', async (t) => {
    const { runHere: run } = await commandSite(t);
    await run(['init']);
    assert.equal(
      (await run(['alert', 'add', 'Both', '--email', 'a@example.com', '--webhook', 'https://x/'])).code,
      64,
    );
    const wrong = await run(['alert', 'add', 'Chat', '--webhook', 'http://hooks.example.com/x']);
    assert.equal(wrong.code, 1);
    const added = await run([
      'alert',
      'add',
      'Chat',
      '--webhook',
      'https://hooks.example.com/x',
      '--events',
      'server, clock',
    ]);
    assert.equal(added.code, 0, added.err);
    assert.match(added.out, /shown this once: [\w-]{43}/);
    const listed = await run(['alert', 'list']);
    assert.match(listed.out, /Chat +https:\/\/hooks\.example\.com +server, clock/);
    const [{ id }] = JSON.parse((await run(['alert', 'list', '--json'])).out);
    assert.equal((await run(['alert', 'remove', id])).code, 0);
    assert.equal((await run(['alert', 'remove', id])).code, 1);
  });

  it('explain settings, with the odds of guessing, and tell who changed them', async (t) => {
    const { runHere: run } = await commandSite(t);
    await run(['init']);
    const explained = await run(['settings', 'explain', 'discrepancy']);
    assert.match(explained.out, /^discrepancy: Discrepancy$/m);
    assert.match(explained.out, /for a day .*1 in [\d,]+ \(32 tries\)/i);
    await run(['settings', 'set', 'digits', '8']);
    const history = await run(['settings', 'history', 'digits']);
    assert.match(history.out, /cli +digits +6 +8/);
    assert.equal((await run(['settings', 'history', 'nothing'])).code, 1);
  });

  it('choose how pages look, and put it back', async (t) => {
    const { runHere: run } = await commandSite(t);
    await run(['init']);
    const set = await run([
      'branding',
      'set',
      '--name',
      'ACME',
      '--accent',
      '#7a1fa2',
      '--helpdesk',
      'call 4711',
    ]);
    assert.equal(set.code, 0, set.err);
    const shown = await run(['branding', 'show']);
    assert.match(shown.out, /name +ACME/);
    assert.match(shown.out, /accent colour +#7a1fa2/);
    assert.match(shown.out, /helpdesk +call 4711/);
    assert.equal((await run(['branding', 'set', '--accent', 'purple'])).code, 1);
    assert.equal((await run(['branding', 'set'])).code, 64);
    await run(['branding', 'set', '--no-name', '--no-accent']);
    assert.deepEqual(JSON.parse((await run(['branding', 'show', '--json'])).out), { helpdesk: 'call 4711' });
  });
});
