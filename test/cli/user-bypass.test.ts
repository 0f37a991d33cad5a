import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { commandSite } from './command-site.ts';
import { openSiteRooms } from './site-rooms.ts';

async function siteWithCarol(t: TestContext) {
  const site = await commandSite(t);
  await site.runHere(['init']);
  await site.runHere(['user', 'add', 'Carol', '--password-stdin'], 'correct horse battery staple');
  const { rooms, close } = await openSiteRooms(site);
  t.after(close);
  const carol = await rooms.local.lookUp('carol');
  assert.ok(carol);
  const { factors } = rooms.administration;
  const app = {
    id: 'one',
    label: '',
    sealedSecret: 'sealed',
    digits: 6,
    issuer: 'S',
    enrolledAt: 1,
    drift: 0,
  };
  const enrol = () => factors.replace('default', carol.key, { apps: [app], recovery: [] });
  const stored = async () => (await factors.read('default', carol.key)).factors.bypass;
  const audited = async (): Promise<Record<string, unknown>[]> => {
    const { items } = await rooms.store.read<Record<string, string>>('audit', { limit: 100 });
    return items.map(({ value }) => value).filter(({ type }) => String(type).startsWith('bypass.'));
  };
  return { site, enrol, stored, audited };
}

const because = ['--reason', 'phone left at home'];

describe('the command for a bypass code', () => {
  it('prints it once, stores only its hash, and keeps the reason in the audit log', async (t) => {
    const { site, enrol, stored, audited } = await siteWithCarol(t);
    await enrol();
    const { code, out, err } = await site.run(['user', 'bypass', 'carol', '--for', '30m', ...because]);
    assert.equal(code, 0, err);
    const [, printed = '?'] = /^Carol\t([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})\n$/.exec(out) ?? [];
    assert.match(err, /works once, until 2\d{3}-.*shown only now/);
    const kept = await stored();
    assert.equal((kept?.expiresAt ?? 0) - (kept?.issuedAt ?? 0), 30 * 60_000);
    const events = await audited();
    assert.deepEqual(
      events.map(({ type, reason, actor }) => ({ type, reason, actor })),
      [{ type: 'bypass.issued', reason: 'phone left at home', actor: 'cli' }],
    );
    assert.ok(!JSON.stringify([kept, events]).includes(printed));
    const shown = await site.runHere(['user', 'show', 'carol']);
    assert.match(shown.out, /^Helpdesk code +out, until 2\d{3}-/m);
    assert.ok(!shown.out.includes(printed));
  });

  it('lasts an hour unless told otherwise, and takes hours and minutes', async (t) => {
    const { site, enrol, stored } = await siteWithCarol(t);
    await enrol();
    const span = async (...given: string[]) => {
      assert.equal((await site.runHere(['user', 'bypass', 'carol', ...given, ...because])).code, 0);
      const kept = await stored();
      return ((kept?.expiresAt ?? 0) - (kept?.issuedAt ?? 0)) / 60_000;
    };
    assert.equal(await span(), 60);
    assert.equal(await span('--for', '5m'), 5);
    assert.equal(await span('--for', '1h30m'), 90);
    assert.equal(await span('--for', '24H'), 1440);
  });

  it('refuses a time out of bounds and a missing reason as mistakes of usage, and issues nothing', async (t) => {
    const { site, enrol, stored } = await siteWithCarol(t);
    await enrol();
    for (const time of ['4m', '25h', '1441m', 'soon', '', '30', '-30m']) {
      const { code, err } = await site.runHere(['user', 'bypass', 'carol', `--for=${time}`, ...because]);
      assert.equal(code, 64, time);
      assert.match(err, /between 5m and 24h/);
    }
    for (const reason of [[], ['--reason', '  '], ['--reason', 'x'.repeat(201)]]) {
      const { code, err } = await site.runHere(['user', 'bypass', 'carol', ...reason]);
      assert.equal(code, 64);
      assert.match(err, /Say why/);
    }
    assert.equal(await stored(), undefined);
  });

  it('is not for somebody who has nothing enrolled', async (t) => {
    const { site, stored } = await siteWithCarol(t);
    const { code, out, err } = await site.runHere(['user', 'bypass', 'carol', ...because]);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /nothing enrolled yet/);
    assert.equal(await stored(), undefined);
  });

  it('withdraws what was printed, and nothing else', async (t) => {
    const { site, enrol, stored, audited } = await siteWithCarol(t);
    await enrol();
    await site.runHere(['user', 'bypass', 'carol', ...because]);
    const mixed = await site.runHere(['user', 'bypass', 'carol', '--withdraw', ...because]);
    assert.equal(mixed.code, 64);
    assert.ok(await stored());
    const done = await site.runHere(['user', 'bypass', 'carol', '--withdraw']);
    assert.deepEqual([done.code, done.out], [0, 'The code of Carol is withdrawn.\n']);
    assert.equal(await stored(), undefined);
    const again = await site.runHere(['user', 'bypass', 'carol', '--withdraw']);
    assert.equal(again.out, 'Carol has no code that could be used.\n');
    assert.deepEqual((await audited()).map(({ type }) => type).toSorted(), [
      'bypass.issued',
      'bypass.withdrawn',
    ]);
  });
});
