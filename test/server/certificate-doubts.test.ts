import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { doubtCertificates } from '../../src/server/certificate-doubts.ts';
import { accepted } from '../config/read-text.ts';
import { makeCertificate } from '../support/certificate.ts';
import { missing } from '../support/real-part.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const day = 86_400_000;

describe('doubts about certificates', { skip: missing('openssl') }, () => {
  const scratch = scratchFolder();
  after(() => scratch.remove());

  function doubts(publicUrl: string, names: string[][], { later = 0, hosts = [] as string[] } = {}) {
    const [first, ...more] = names.map((each, index) =>
      makeCertificate(scratch.path, `c${index}`, `c${index}`, { names: each, days: 100 }),
    );
    const config = accepted(
      JSON.stringify({
        publicUrl,
        listen: { tls: { ...first, more } },
        applications: hosts.map((host, index) => ({ name: `a${index}`, host, servers: ['http://b'] })),
      }),
    );
    return doubtCertificates(config, Date.now() + later).map((doubt) =>
      'host' in doubt ? `${doubt.kind} ${doubt.host}` : doubt.kind,
    );
  }

  it('are none where every host has a certificate that is in date', () => {
    const names = [['DNS:gateway.example'], ['DNS:*.apps.example']];
    assert.deepEqual(doubts('https://gateway.example', names, { hosts: ['desk.apps.example'] }), []);
  });

  it('name hosts without one, each once', () => {
    const hosts = ['desk.apps.example', 'apps.example', 'a.b.apps.example'];
    assert.deepEqual(doubts('https://gateway.example', [['DNS:*.apps.example']], { hosts }), [
      'not-covered gateway.example',
      'not-covered apps.example',
      'not-covered a.b.apps.example',
    ]);
  });

  it('know that an address is shown the first certificate', () => {
    const [name, address] = [['DNS:gateway.example'], ['IP:192.0.2.7']];
    assert.deepEqual(doubts('https://192.0.2.7', [address, name]), []);
    assert.ok(doubts('https://192.0.2.7', [name, address]).includes('not-covered 192.0.2.7'));
  });

  it('come two weeks before the end, and after it', () => {
    const names = [['DNS:gateway.example']];
    assert.deepEqual(doubts('https://gateway.example', names, { later: 85 * day }), []);
    assert.deepEqual(doubts('https://gateway.example', names, { later: 87 * day }), ['expires-soon']);
    assert.deepEqual(doubts('https://gateway.example', names, { later: 101 * day }), ['expired']);
  });

  it('find those that no client is ever shown', () => {
    const names = [['DNS:a.example', 'DNS:b.example'], ['DNS:b.example'], ['DNS:b.example', 'DNS:c.example']];
    assert.deepEqual(doubts('https://a.example', names), ['never-shown']);
  });
});
