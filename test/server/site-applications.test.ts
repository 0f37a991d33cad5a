import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig, resolveStoredApplication, storedApplication } from '../../src/config/index.ts';
import { demoApplication } from '../../src/server/applications.ts';
import { SiteApplications } from '../../src/server/site-applications.ts';

const file = loadConfig({ file: `${import.meta.dirname}/../settings/desk.yaml`, environment: {} });
const nothing = loadConfig({ environment: {}, folder: import.meta.dirname });
const url = 'http://10.0.0.12:8080';
const stored = (name: string, path: string, more: object = {}) =>
  resolveStoredApplication(
    storedApplication.parse({ name, path, servers: [url], ...more }),
    'http://localhost:8080',
  );

function open(config: typeof file, inForce: ReturnType<typeof stored>[]) {
  const drained = new Set<string>();
  const errors: unknown[] = [];
  const applications = new SiteApplications({
    config,
    stored: {
      inForce: () => inForce,
      isDrained: (_application, server, configured) => drained.has(server) || configured,
    },
    demo: demoApplication('http://localhost:8080', 'http://127.0.0.1:1', 'Demo'),
    log: { error: (fields: unknown) => void errors.push(fields) },
  });
  const names = () => applications.current.map(({ name }) => name).join();
  return { applications, names, drained, errors, inForce };
}

describe('the applications of a site', () => {
  it('are those of the file, and behind them those of the store', () => {
    const { applications, names, inForce } = open(file, [stored('mail', '/mail')]);
    assert.equal(names(), 'desk,mail');
    assert.equal(applications.find('mail')?.url, 'http://localhost:8080/mail');
    assert.equal(applications.find('nobody'), undefined);
    inForce.push(stored('wiki', '/', { host: 'wiki.localhost' }));
    assert.equal(names(), 'desk,mail', 'until somebody says that there is something new');
    const before = applications.origins;
    applications.refresh();
    assert.equal(names(), 'desk,mail,wiki');
    assert.notEqual(applications.origins, before);
    assert.deepEqual(
      applications.origins.applications.map(({ origin }) => origin),
      ['http://localhost:8080', 'http://localhost:8080', 'http://wiki.localhost:8080'],
    );
  });

  it('drain what administrators drained, of the file too', () => {
    const { applications, drained } = open(file, [stored('mail', '/mail')]);
    drained.add('http://10.0.0.11:8080');
    applications.refresh();
    assert.deepEqual(
      applications.current.map(({ servers }) => servers[0]?.drain),
      [true, false],
    );
  });

  it('begin with the demonstration, which gives way to whatever is added in its place', () => {
    const { applications, names, inForce } = open(nothing, []);
    assert.equal(names(), 'demo');
    inForce.push(stored('mail', '/mail'));
    applications.refresh();
    assert.equal(names(), 'demo,mail');
    inForce.push(stored('desk', '/'));
    applications.refresh();
    assert.equal(names(), 'mail,desk');
  });

  it('leave out of the store what cannot be used, and keep everything else', () => {
    const mail = stored('mail', '/mail');
    const unusable = {
      ...mail,
      name: 'bad',
      servers: [{ url, weight: 1, drain: false, tls: { verify: true, ca: '/nowhere.pem' } }],
    };
    const { names, errors } = open(file, [unusable, mail]);
    assert.equal(names(), 'desk,mail');
    assert.equal(errors.length, 1);
  });
});
