import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { loadConfig } from '../../src/config/index.ts';
import { GatewayError } from '../../src/errors.ts';
import { StoredApplications } from '../../src/settings/index.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { delivered, openStore } from '../support/open-store.ts';
import { recordingAudit } from '../support/recording-audit.ts';

const config = loadConfig({
  file: `${import.meta.dirname}/desk.yaml`,
  environment: {},
});
const change = { actor: 'local:olivia' };
const mail = { name: 'mail', path: '/mail', servers: ['http://10.0.0.12:8080'] };

async function open(t: TestContext) {
  const clock = new ManualClock();
  const store = await openStore(clock);
  const audit = recordingAudit();
  const errors: unknown[] = [];
  let file = config;
  const log = { error: (fields: unknown) => void errors.push(fields) };
  const replica = () =>
    StoredApplications.open({ store, clock, audit, log, file: () => file, addresses: () => ['192.0.2.9'] });
  const [here, there] = [await replica(), await replica()];
  const use = (next: typeof config): void => {
    file = next;
  };
  t.after(async () => {
    here.close();
    there.close();
    await store.close();
  });
  return { store, audit, errors, here, there, use };
}

const code = (wanted: string, issue?: readonly [string, string]) => (error: unknown) => {
  assert.ok(error instanceof GatewayError, String(error));
  assert.equal(error.code, wanted);
  if (issue !== undefined) {
    assert.deepEqual(
      error.issues?.map(({ path, rule }) => [path, rule]),
      [issue],
    );
  }
  return true;
};

const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await delivered();
};
const namesOf = (each: StoredApplications) => each.inForce().map(({ name }) => name);

describe('applications of the store', () => {
  it('are in force here when their call returns and elsewhere as soon as it is heard, until they are removed', async (t) => {
    const { here, there, audit } = await open(t);
    let heard = 0;
    there.onChange(() => {
      heard += 1;
    });
    const added = await here.add(mail, change);
    assert.deepEqual(namesOf(here), ['mail']);
    await settled();
    assert.deepEqual([namesOf(there), heard], [['mail'], 1]);
    assert.equal(there.inForce()[0]?.origin, 'http://localhost:8080');
    const replaced = await there.replace('mail', { ...mail, title: 'Post' }, added.version, change);
    assert.notEqual(replaced.version, added.version);
    await settled();
    assert.equal(here.inForce()[0]?.title, 'Post');
    await here.remove('mail', replaced.version, 'local:olivia');
    await settled();
    assert.deepEqual(namesOf(there), []);
    assert.deepEqual(
      audit.events.map((event) => [event.type, 'fields' in event && event.fields.includes('title')]),
      [
        ['application.added', false],
        ['application.changed', true],
        ['application.removed', false],
      ],
    );
  });

  it('change only from what was seen', async (t) => {
    const { here, there } = await open(t);
    const { version } = await here.add(mail, change);
    await settled();
    await there.replace('mail', { ...mail, title: 'Post' }, version, change);
    await assert.rejects(
      here.replace('mail', { ...mail, title: 'Mail' }, version, change),
      code('changed-meanwhile'),
    );
    await assert.rejects(here.remove('mail', version, 'a'), code('changed-meanwhile'));
    await assert.rejects(
      here.replace('gone', { ...mail, path: '/gone' }, version, change),
      code('unknown-application'),
    );
    assert.equal((await here.find('mail')).application.title, 'Post');
  });

  it('are refused as they would be in the file', async (t) => {
    const { here } = await open(t);
    const refused: [object, string, string][] = [
      [{ ...mail, name: 'desk' }, 'name', 'taken'],
      [{ ...mail, path: '/Desk' }, 'path', 'taken'],
      [{ ...mail, host: 'localhost', path: '/desk/' }, 'path', 'taken'],
      [{ ...mail, host: 'mail.example.com' }, 'host', 'inconsistent'],
      [{ ...mail, servers: [] }, 'servers', 'too_small'],
      [{ ...mail, servers: ['ftp://10.0.0.12'] }, 'servers[0]', 'invalid_union'],
      [{ ...mail, servers: ['http://10.0.0.12', 'http://10.0.0.12:80'] }, 'servers[1]', 'inconsistent'],
      [{ ...mail, sessionPaths: ['/elsewhere/*'] }, 'sessionPaths[0]', 'inconsistent'],
      [{ ...mail, surprise: 1 }, 'surprise', 'invalid'],
      [
        { ...mail, servers: [{ url: 'https://10.0.0.12', tls: { ca: '/etc/passwd' } }] },
        'servers[0]',
        'invalid_union',
      ],
    ];
    for (const [input, path, rule] of refused) {
      await assert.rejects(here.add(input, change), (error: unknown) => {
        assert.ok(
          error instanceof GatewayError && error.code === 'invalid-application',
          JSON.stringify(input),
        );
        const [issue] = error.issues ?? [];
        assert.equal(issue?.path.startsWith(path), true, `${issue?.path} is not ${path}`);
        if (rule !== 'invalid_union') assert.equal(issue?.rule, rule, path);
        return true;
      });
    }
    for (const nothing of [null, 7, 'text', [], undefined]) {
      await assert.rejects(here.add(nothing, change), code('invalid-application'));
    }
    assert.deepEqual(here.all, []);
  });

  it('do not lead back to the gateway itself by accident', async (t) => {
    const { here } = await open(t);
    for (const own of [
      'http://localhost:9464',
      'http://127.0.0.2:8081',
      'http://192.0.2.9:8080',
      'http://[::1]:9464',
    ]) {
      await assert.rejects(here.add({ ...mail, servers: [own] }, change), code('own-listener'));
    }
    await here.add({ ...mail, servers: ['http://localhost:9464'] }, { ...change, acceptOwnListeners: true });
    await here.add({ ...mail, name: 'other', path: '/o', servers: ['http://10.0.0.12:9464'] }, change);
  });

  it('yield to those of the file, whenever that comes to name the same name or route', async (t) => {
    const { here, use } = await open(t);
    await here.add(mail, change);
    await here.add({ ...mail, name: 'wiki', path: '/wiki' }, change);
    const [desk] = config.applications;
    assert.ok(desk);
    use({ ...config, applications: [desk, { ...desk, name: 'mail', path: '/post' }] });
    assert.deepEqual(namesOf(here), ['wiki']);
    use({ ...config, applications: [desk, { ...desk, name: 'post', path: '/MAIL' }] });
    assert.deepEqual(namesOf(here), ['wiki']);
    assert.equal(here.all.length, 2, 'they are still there to be seen and removed');
    use(config);
    assert.deepEqual(namesOf(here), ['mail', 'wiki']);
  });

  it('are no way around the assignment of one of the file, now or when that comes to have one', async (t) => {
    const { here, use } = await open(t);
    const [desk] = config.applications;
    assert.ok(desk);
    const servers = desk.servers.map(({ url }) => url);
    await here.add({ name: 'deep', path: '/desk/deep', servers }, change);
    await here.add({ name: 'wiki', path: '/wiki', servers }, change);
    use({ ...config, applications: [{ ...desk, allow: { groups: ['staff'] } }] });
    assert.deepEqual(namesOf(here), ['wiki'], 'what the file protects is not reached by another name');
    for (const around of [
      { name: 'all', path: '/', servers },
      { name: 'sub', path: '/Desk/sub', servers, allow: { groups: ['everybody'] } },
      { name: 'elsewhere', path: '/', host: 'other.localhost', servers },
    ]) {
      await assert.rejects(here.add(around, change), code('invalid-application', ['allow', 'inconsistent']));
    }
    await here.add({ name: 'sub', path: '/desk/sub', servers, allow: { groups: ['staff'] } }, change);
    await here.add({ name: 'far', path: '/desk/far', servers: ['http://10.0.0.99'] }, change);
    assert.deepEqual(namesOf(here), ['far', 'sub', 'wiki']);
  });

  it('leave servers drained and resumed at run time so, everywhere, until the configuration says something new', async (t) => {
    const { here, there, audit, use } = await open(t);
    const server = 'http://10.0.0.11:8080';
    assert.equal(await here.drain('desk', server, true, 'local:olivia'), true);
    assert.equal(await here.drain('desk', server, true, 'local:olivia'), false, 'nothing new');
    await settled();
    assert.equal(there.isDrained('desk', server, false), true);
    assert.equal(there.isDrained('mail', server, false), false);
    // Now the file drains it itself: that is no longer what was overridden, and needs no override.
    const [desk] = config.applications;
    assert.ok(desk);
    use({ ...config, applications: [{ ...desk, servers: [{ url: server, weight: 1, drain: true }] }] });
    assert.equal(there.isDrained('desk', server, true), true);
    assert.equal(await there.drain('desk', server, false, 'local:olivia'), true);
    await settled();
    assert.equal(here.isDrained('desk', server, true), false);
    await assert.rejects(here.drain('desk', 'http://10.0.0.99', true, 'a'), code('unknown-application'));
    assert.deepEqual(
      audit.events.map(({ type }) => type),
      ['server.drained', 'server.resumed'],
    );
  });

  it('that cannot be understood are not in force, and everything else is', async (t) => {
    const { here, store, errors } = await open(t);
    await store.put('applications', 'default/strange', { application: { name: 'strange', magic: true } });
    await here.add(mail, change);
    assert.deepEqual(namesOf(here), ['mail']);
    assert.ok(errors.length > 0);
    await assert.rejects(here.find('strange'), code('unknown-application'));
  });
});
