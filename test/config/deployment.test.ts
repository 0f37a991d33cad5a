import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/index.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const deploy = join(root, 'deploy');
const read = (path: string): string => readFileSync(join(deploy, path), 'utf8');

/** The configuration as the gateway would load it; throws what it would say. */
function load(content: unknown): ReturnType<typeof loadConfig> {
  const folder = scratchFolder();
  try {
    const file = join(folder.path, 'sallyport.yaml');
    writeFileSync(file, JSON.stringify(content));
    return loadConfig({ file, environment: {} });
  } finally {
    folder.remove();
  }
}

describe('what is in deploy/', () => {
  it('is YAML wherever it says so', () => {
    const files = globSync('**/*.yaml', { cwd: deploy }).filter((file) => !file.includes('templates'));
    assert.ok(files.length >= 6, files.join());
    for (const file of files) {
      const documents = parseAllDocuments(read(file), { merge: true, strict: true, uniqueKeys: true });
      for (const { errors, warnings } of Array.from(documents))
        assert.deepEqual([...errors, ...warnings], [], file);
    }
  });
});

describe('deploy/compose.yaml', () => {
  const compose = parse(read('compose.yaml'), { merge: true });
  const config = parse(read('compose/sallyport.yaml'));
  const services: Record<string, Record<string, unknown>> = compose.services;

  it('gives the gateways a configuration that they take', () => {
    const loaded = load(config);
    assert.deepEqual(loaded.trustedProxies, [compose.services.nginx.networks.inside.ipv4_address]);
    const { secrets } = services['gateway-1'] as { secrets: string[] };
    const files = secrets.map((name) => `/run/secrets/${name}`);
    assert.deepEqual(files.sort(), [config.masterKeyFile, config.store.redis.passwordFile].sort());
    const grace = Number(/^(\d+)s$/.exec(compose.services['gateway-1'].stop_grace_period)?.[1]);
    assert.ok(grace > loaded.timeouts.drain + loaded.timeouts.shutdown);
  });

  it('runs everything with as few rights as it can', () => {
    for (const [name, service] of Object.entries(services)) {
      assert.equal(service.read_only, true, name);
      assert.deepEqual(service.cap_drop, ['ALL'], name);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
      assert.ok(service.healthcheck, name);
      assert.ok(service.stop_grace_period, name);
    }
    assert.equal(compose.networks.inside.internal, true);
    assert.deepEqual(compose.services.redis.networks, ['inside']);
  });

  it('names only what it declares, and files that are there', () => {
    for (const [name, { networks = {}, secrets = [], configs = [], depends_on = {} }] of Object.entries(
      services,
    ) as [string, Record<string, never>][]) {
      const named = (list: readonly (string | { source: string })[]) =>
        list.map((entry) => (typeof entry === 'string' ? entry : entry.source));
      const attached = Array.isArray(networks) ? networks : Object.keys(networks);
      for (const network of attached) assert.ok(network in compose.networks, `${name}: ${network}`);
      for (const secret of named(secrets)) assert.ok(secret in compose.secrets, `${name}: ${secret}`);
      for (const one of named(configs)) assert.ok(one in compose.configs, `${name}: ${one}`);
      for (const other of Object.keys(depends_on)) assert.ok(other in services, `${name}: ${other}`);
    }
    for (const { file } of Object.values(compose.configs) as { file: string }[]) {
      assert.ok(existsSync(join(deploy, file)), file);
    }
  });

  it('runs commands beside the gateways, whose addresses nothing else can get', () => {
    const { subnet, ip_range } = compose.networks.inside.ipam.config[0];
    const [within, dynamic] = [subnet, ip_range].map((range: string) => {
      const [network = '', prefix] = range.split('/');
      const list = new BlockList();
      list.addSubnet(network, Number(prefix));
      return list;
    });
    for (const name of ['gateway-1', 'gateway-2', 'nginx']) {
      const address = compose.services[name].networks.inside.ipv4_address;
      assert.ok(within?.check(address) && !dynamic?.check(address), name);
    }
    const { networks, profiles, environment } = compose.services.sallyport;
    assert.ok(Array.isArray(networks) && networks.includes('inside'));
    assert.deepEqual(profiles, ['commands']);
    assert.equal(environment.SALLYPORT_CONFIG, compose.services['gateway-1'].environment.SALLYPORT_CONFIG);
  });

  it('keeps everything that Redis is given', () => {
    const redis = read('compose/redis.conf');
    assert.match(redis, /^maxmemory-policy noeviction$/m);
    assert.match(redis, /^appendonly yes$/m);
  });
});

describe('deploy/systemd/sallyport.service', () => {
  const unit = read('systemd/sallyport.service');
  const available = spawnSync('systemd-analyze', ['--version'], { stdio: 'ignore' }).status === 0;

  it('is what systemd understands, and exposes little', { skip: !available && 'no systemd here' }, () => {
    const folder = scratchFolder();
    try {
      const file = join(folder.path, 'sallyport.service');
      // It looks whether the program is there.
      writeFileSync(file, unit.replaceAll('/opt/sallyport', root));
      const run = (...args: string[]) => {
        const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
        assert.equal(status, 0, stdout + stderr);
        return stderr;
      };
      const said = run('verify', file)
        .split('\n')
        .filter((line) => line.includes('sallyport.service'));
      assert.deepEqual(said, []);
      // In tenths: 1.6 was reached.
      run('security', '--offline=true', '--threshold=20', file);
    } finally {
      folder.remove();
    }
  });

  it('waits longer than the defaults of the gateway, and does not start on a wrong configuration again', () => {
    const { timeouts } = load({});
    assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1]) > timeouts.drain + timeouts.shutdown);
    assert.match(unit, /^RestartPreventExitStatus=78$/m);
    assert.match(unit, /^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  });
});

describe('deploy/helm/sallyport', () => {
  const chart = 'helm/sallyport';
  const values = parse(read(`${chart}/values.yaml`));
  const templates = globSync('templates/*', { cwd: join(deploy, chart) }).map((file) =>
    read(join(chart, file)),
  );
  const all = templates.join('\n');
  const helm = spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0;

  it('has a configuration in its values that the gateway takes', () => {
    load({ ...values.config, masterKeyFile: '/run/secrets/sallyport/master-key' });
  });

  it('uses only values that there are, and names only templates that are defined', () => {
    const used = [...all.matchAll(/\.Values\.([\w.]+)/g)].map(([, path = '']) => path.split('.'));
    assert.ok(used.length > 20);
    for (const path of used) {
      let value: unknown = values;
      for (const name of path) {
        const known = typeof value === 'object' && value !== null && name in value;
        assert.ok(known || path.join('.') === 'config.timeouts', `.Values.${path.join('.')}`);
        value = known ? Reflect.get(Object(value), name) : undefined;
      }
    }
    const defined = [...all.matchAll(/define "([^"]+)"/g)].map(([, name]) => name);
    for (const [, name = ''] of all.matchAll(/include "([^"]+)"/g)) assert.ok(defined.includes(name), name);
    const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
    assert.equal(parse(read(`${chart}/Chart.yaml`)).appVersion, version);
  });

  it('refuses values that it does not know, and has every one of its own in the schema', () => {
    const schema = JSON.parse(read(`${chart}/values.schema.json`));
    for (const name of Object.keys(values)) assert.ok(name in schema.properties, name);
    assert.equal(schema.additionalProperties, false);
  });

  it('renders to manifests that belong together', { skip: !helm && 'no helm here' }, () => {
    const render = (...more: string[]) => {
      const args = ['template', 'test', join(deploy, chart), '--kube-version', '1.30', ...more];
      return spawnSync('helm', args, { encoding: 'utf8' });
    };
    const sets = ['ingress.enabled=true', 'ingress.tlsSecret=tls', 'secrets.environment=more'];
    const { stdout, stderr } = render(...sets.flatMap((set) => ['--set', set]));
    const manifests = Array.from(parseAllDocuments(stdout), (document) => document.toJS());
    assert.ok(manifests.length > 5, stderr);
    const of = (kind: string) => manifests.find((manifest) => manifest.kind === kind);
    const { template, selector } = of('Deployment').spec;
    for (const [name, value] of Object.entries(selector.matchLabels)) {
      assert.equal(template.metadata.labels[name], value);
      assert.equal(of('Service').spec.selector[name], value);
      assert.equal(of('PodDisruptionBudget').spec.selector.matchLabels[name], value);
    }
    const config = load(parse(of('ConfigMap').data['sallyport.yaml']));
    const { drain, shutdown } = config.timeouts;
    assert.ok(template.spec.terminationGracePeriodSeconds > drain + shutdown);
    assert.equal(config.listen.port, template.spec.containers[0].ports[0].containerPort);
    assert.equal(config.management.host, '0.0.0.0');
    assert.notEqual(render('--set', 'config.dataDir=/x').status, 0);
    assert.notEqual(render('--set', 'replicas=3').status, 0);
  });
});
