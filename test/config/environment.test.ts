import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEnvironment, variableName, variables } from '../../src/config/environment.ts';
import { accepted, mistakes } from './read-text.ts';

describe('environment variables', () => {
  it('are named after their setting', () => {
    assert.equal(variableName(['listen', 'port']), 'SALLYPORT_LISTEN_PORT');
    assert.equal(variableName(['masterKeyFile']), 'SALLYPORT_MASTER_KEY_FILE');
    assert.equal(variableName(['closeWhenStoreLostFor']), 'SALLYPORT_CLOSE_WHEN_STORE_LOST_FOR');
  });

  it('have names of their own, one for each setting', () => {
    const names = variables.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    assert.ok(!names.includes('SALLYPORT_MASTER_KEY'));
    assert.ok(!names.includes('SALLYPORT_CONFIG'));
  });

  it('override the file, whatever kind of value they hold', () => {
    const config = accepted('listen: { port: 1, host: localhost }\ndemo: false', {
      SALLYPORT_LISTEN_PORT: '9000',
      SALLYPORT_DEMO: 'true',
      SALLYPORT_SERVER_NAME: '42',
      SALLYPORT_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.1',
    });
    assert.deepEqual(config.listen, { host: 'localhost', port: 9000, hsts: 31_536_000 });
    assert.equal(config.demo, true);
    assert.equal(config.serverName, '42');
    assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '192.0.2.1']);
  });

  it('are known in any case, since Windows has none', () => {
    assert.equal(accepted('', { Sallyport_Listen_Port: '9000' }).listen.port, 9000);
    assert.equal(mistakes('', { sallyport_listn_port: '1' }).length, 1);
  });

  it('count as absent when they are empty', () => {
    assert.equal(accepted('listen: { port: 1 }', { SALLYPORT_LISTEN_PORT: '' }).listen.port, 1);
  });

  it('are refused when they mean nothing, with what was probably meant', () => {
    const [typo, list] = mistakes('', { SALLYPORT_LISTN_PORT: '1', SALLYPORT_APPLICATIONS: '[]' });
    assert.equal(typo?.remedy, 'Did you mean SALLYPORT_LISTEN_PORT?');
    assert.equal(list?.remedy, 'Only the file can set applications.');
  });

  it('are none of our business without the prefix', () => {
    assert.deepEqual(readEnvironment({ PORT: '1', MY_SALLYPORT_X: '2' }), { values: [], issues: [] });
  });

  it('are judged like the file, and the mistake names the variable', () => {
    for (const wrong of ['x', '1e3', '0x10', '-1', '70000', ' ', '1.5']) {
      const [issue] = mistakes('listen: { port: 1 }', { SALLYPORT_LISTEN_PORT: wrong });
      assert.deepEqual(issue?.place, { variable: 'SALLYPORT_LISTEN_PORT' }, wrong);
      assert.equal(issue?.path, 'listen.port');
    }
  });

  it('do not hide that the file has something else where they would go', () => {
    assert.deepEqual(
      mistakes('listen: 8080', { SALLYPORT_LISTEN_PORT: '9000' }).map((issue) => issue.path),
      ['listen'],
    );
  });
});
