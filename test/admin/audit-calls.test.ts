import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { auditEventTypes } from '../../src/audit/index.ts';
import { createCatalogue, languages } from '../../src/catalogue/index.ts';
import { type AdminClient, ownerAtConsole, signedInAs } from '../support/admin-client.ts';
import { type Site, startSite } from '../support/site.ts';

type Entry = { id: string; at: string; type: string; title: string; userName?: string; actorName?: string };

describe('the audit log by API', () => {
  let site: Site;
  let owner: AdminClient;
  let alice: string;

  before(async () => {
    site = await startSite();
    owner = await ownerAtConsole(site);
    await site.gateway.rooms.subscriptions.create({ name: 'Acme' }, 'test');
    alice = await site.addUser('alice');
    const olivia = (await site.gateway.rooms.directories.lookUp('olivia'))?.key ?? '';
    const { audit } = site.gateway.rooms;
    const who = { user: alice, name: 'alice' };
    audit.record({ type: 'user.reset', ...who, actor: olivia });
    audit.record({
      type: 'sign-in.refused',
      ...who,
      reason: 'not-enabled',
      origin: { address: '192.0.2.7' },
    });
    audit.record({ type: 'user.reset', user: 'local:b', name: '=cmd()', actor: 'cli', subscription: 'acme' });
    await audit.flush();
  });
  after(() => site.stop());

  const ask = async (query: string, client = owner): Promise<Entry[]> => {
    const answer = await client.admin('GET', `audit?${query}`);
    assert.equal(answer.status, 200, answer.text);
    return answer.json.items;
  };
  const types = async (query: string): Promise<string[]> => (await ask(query)).map(({ type }) => type);

  it('is found by user, by name or key, kind, address, actor and time', async () => {
    assert.deepEqual(await types('user=alice'), ['sign-in.refused', 'user.reset', 'user.added']);
    assert.deepEqual(await types(`user=${encodeURIComponent(alice)}&type=user.reset,user.added`), [
      'user.reset',
      'user.added',
    ]);
    assert.deepEqual(await types('address=192.0.2.7'), ['sign-in.refused']);
    assert.deepEqual(await types('actor=cli&everywhere=true'), ['user.reset']);
    assert.deepEqual(await types('user=nobody'), []);
    const soon = new Date(site.clock.now() + 60_000).toISOString();
    assert.deepEqual(await types(`user=alice&from=${soon}`), []);
    assert.equal((await types(`user=alice&to=${soon}`)).length, 3);
  });

  it('names people and events as a reader does', async () => {
    const [entry] = await ask('user=alice&type=user.reset');
    assert.deepEqual(
      [entry?.title, entry?.userName, entry?.actorName],
      ['Second factors reset', 'alice', 'olivia'],
    );
    const french = await owner.admin('GET', 'audit?user=alice&type=user.reset', undefined, {
      'accept-language': 'fr',
    });
    assert.equal(french.json.items[0].title, 'Seconds facteurs réinitialisés');
    const { json } = await owner.admin('GET', 'audit/types');
    assert.equal(json.items.length, auditEventTypes.length);
  });

  it('comes by page', async () => {
    const first = await owner.admin('GET', 'audit?limit=2&everywhere=true');
    assert.equal(first.json.items.length, 2);
    const second = await owner.admin('GET', `audit?limit=2&everywhere=true&after=${first.json.next}`);
    assert.notEqual(second.json.items[0].id, first.json.items[1].id);
    assert.equal((await owner.admin('GET', 'audit?after=nonsense')).status, 400);
  });

  it('of everything is for those with a role for the whole site; others see their own', async () => {
    const acme = await signedInAs(site, 'auditor', { subscription: 'acme', name: 'ada' });
    const seen = await ask('', acme);
    assert.deepEqual(
      seen.map(({ type }) => type),
      ['user.reset', 'subscription.created'],
    );
    assert.equal((await acme.admin('GET', 'audit?everywhere=true')).json.code, 'not-allowed');
    assert.equal((await acme.admin('GET', 'audit?subscription=default')).json.code, 'not-allowed');
    assert.equal((await acme.admin('GET', 'audit/export.csv?everywhere=true')).json.code, 'not-allowed');
    assert.equal((await acme.admin('GET', 'audit/retention')).json.code, 'not-allowed');
  });

  it('is taken away as lines of JSON and as a table that no spreadsheet runs', async () => {
    const jsonl = await owner.admin('GET', 'audit/export.jsonl?user=alice');
    assert.match(String(jsonl.headers['content-type']), /^application\/jsonl/);
    assert.match(
      String(jsonl.headers['content-disposition']),
      /attachment; filename="sallyport-audit\.jsonl"/,
    );
    const lines = jsonl.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['sign-in.refused', 'user.reset', 'user.added'],
    );
    const csv = await owner.admin('GET', 'audit/export.csv?subscription=acme');
    assert.match(csv.text, /,user\.reset,acme,local:b,'=cmd\(\),cli,/);
    const told = await ask('type=audit.exported&everywhere=true');
    assert.equal(told.length, 2);
  });

  it('is kept as long as an owner says, from what they saw', async () => {
    const seen = await owner.admin('GET', 'audit/retention');
    assert.deepEqual(seen.json, { days: 365 });
    assert.equal((await owner.change('PUT', 'audit/retention', { days: 0 })).json.code, 'invalid-setting');
    const changed = await owner.change('PUT', 'audit/retention', { days: 30 });
    assert.equal(changed.status, 204, changed.text);
    const late = await owner.admin(
      'PUT',
      'audit/retention',
      { days: 60 },
      { 'if-match': String(seen.headers.etag) },
    );
    assert.equal(late.json.code, 'changed-meanwhile');
    assert.deepEqual((await owner.admin('GET', 'audit/retention')).json, { days: 30 });
    site.clock.jump(site.clock.now() + 31 * 86_400_000);
    assert.equal((await site.gateway.rooms.store.read('audit', { limit: 1 })).items.length, 1);
    const admin = await signedInAs(site, 'owner', { name: 'zoe' });
    assert.equal(
      (await admin.admin('GET', 'audit?user=alice')).json.items.length,
      0,
      'what is older is gone',
    );
  });
});

describe('the words of the audit log', () => {
  it('are there for every event, in every language, and for nothing else', () => {
    const catalogue = createCatalogue();
    for (const language of languages) {
      const keys = Object.keys(catalogue.texts(language, ['audit'])).sort();
      assert.deepEqual(keys, auditEventTypes.map((type) => `audit.event.${type}`).sort());
    }
  });
});
