import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

type Item = { key: string; value: unknown; text: string; default: unknown; title: string; help: string };

describe('the settings by API', () => {
  let site: Site;
  let owner: AdminClient;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
  });
  after(() => site?.stop());

  it('are told with value, default, range and meaning, in the language asked for', async () => {
    const answer = await owner.admin('GET', 'settings');
    assert.equal(answer.status, 200, answer.text);
    const items: Item[] = answer.json.items;
    assert.ok(items.length >= 15);
    const { help, ...discrepancy } = items.find(({ key }) => key === 'discrepancy') ?? { help: '' };
    assert.deepEqual(discrepancy, {
      key: 'discrepancy',
      title: 'Discrepancy',
      unit: 'steps',
      range: '0–480',
      minimum: 0,
      maximum: 480,
      text: '480',
      defaultText: '480',
      unreadable: false,
      value: 480,
      default: 480,
    });
    assert.match(help, /30 seconds/);
    const french = await owner.admin('GET', 'settings', undefined, { 'accept-language': 'fr' });
    assert.equal(french.json.items.find(({ key }: Item) => key === 'discrepancy').title, 'Écart');
  });

  it('are changed together or not at all, put back by null, and only by whoever saw what is stored', async () => {
    const changed = await owner.change('PATCH', 'settings', { digits: 8, methods: ['app', 'sms'] });
    assert.equal(changed.status, 204, changed.text);
    assert.equal(site.gateway.rooms.settings.current('default').digits, 8);
    const bad = await owner.change('PATCH', 'settings', { digits: 7, discrepancy: 1_000 });
    assert.equal(bad.status, 400);
    assert.equal(bad.json.code, 'invalid-setting');
    assert.equal(site.gateway.rooms.settings.current('default').digits, 8);
    const blind = await owner.admin('PATCH', 'settings', { digits: 7 });
    assert.equal(blind.json.code, 'if-match-required');
    const seen = await owner.admin('GET', 'settings');
    await site.gateway.rooms.settings.update('default', { issuer: 'Elsewhere' }, 'cli');
    const late = await owner.admin(
      'PATCH',
      'settings',
      { digits: 7 },
      { 'if-match': String(seen.headers.etag) },
    );
    assert.equal(late.status, 412);
    assert.equal(late.json.code, 'changed-meanwhile');
    const back = await owner.change('PATCH', 'settings', { digits: null, issuer: null });
    assert.equal(back.status, 204, back.text);
    assert.equal(site.gateway.rooms.settings.current('default').digits, 6);
  });

  it('tell who changed what when', async () => {
    await owner.change('PATCH', 'settings', { codeLifespan: 5 });
    const { json } = await owner.admin('GET', 'settings/history?key=codeLifespan');
    assert.equal(json.items.length, 1);
    const [{ at, actor, ...change }] = json.items;
    assert.deepEqual(change, { key: 'codeLifespan', from: '10', to: '5', name: 'olivia' });
    assert.match(actor, /^local:/);
    assert.equal(Number.isNaN(Date.parse(at)), false);
    const all = await owner.admin('GET', 'settings/history?limit=2');
    assert.equal(all.json.items.length, 2);
    const next = await owner.admin(
      'GET',
      `settings/history?limit=2&after=${encodeURIComponent(all.json.next)}`,
    );
    assert.equal(next.json.items.length, 2);
    assert.notDeepEqual(next.json.items, all.json.items);
  });

  it('show what they come to before they are saved', async () => {
    const query = new URLSearchParams({
      issuer: 'Café',
      digits: '4',
      driftTolerance: '480',
      smsMessage: '%CODE% ê',
    });
    const { status, json, text } = await owner.admin('GET', `settings/preview?${query}`);
    assert.equal(status, 200, text);
    assert.equal(json.app.label, 'Café: olivia');
    assert.deepEqual([json.sms.text, json.sms.encoding, json.sms.segments], ['1234 ê', 'UCS-2', 1]);
    assert.equal(json.wideOpen, true);
    assert.equal(json.odds.chances, 961);
    assert.ok(json.odds.day.probability > 0.9);
    assert.deepEqual(json.acceptable, { alone: 14_400, withNextCode: 14_400 });
    const bad = await owner.admin('GET', 'settings/preview?digits=99');
    assert.equal(bad.json.code, 'invalid-setting');
  });

  it('are seen by an auditor and changed by nobody below an administrator', async () => {
    const auditor = await signedInAs(site, 'auditor');
    assert.equal((await auditor.admin('GET', 'settings')).status, 200);
    const refused = await auditor.change('PATCH', 'settings', { digits: 8 });
    assert.equal(refused.json.code, 'not-allowed');
  });
});
