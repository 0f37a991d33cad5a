import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { rdpFile, rdpFileName } from '../../src/rdp/index.ts';

const text = (file: Buffer): string => file.toString('utf16le');

describe('a .rdp file', () => {
  it('is UTF-16 with a mark, and lines that end as mstsc ends them', () => {
    const file = rdpFile({ address: 'ts1.corp.example:3389', user: 'CORP\\zoë' });
    assert.deepEqual([...file.subarray(0, 2)], [0xff, 0xfe]);
    assert.match(text(file), /^\ufefffull address:s:ts1\.corp\.example:3389\r\nusername:s:CORP\\zoë\r\n/);
    assert.ok(text(file).endsWith('\r\n'));
    assert.equal(text(file).includes('remoteapp'), false);
  });

  it('names one program where the application is one', () => {
    const remoteApp = { program: '||accounting', name: 'Accounting' };
    const file = rdpFile({ address: 'ts1:3389', user: 'alice', remoteApp });
    assert.ok(
      text(file).includes('remoteapplicationmode:i:1\r\nremoteapplicationprogram:s:||accounting\r\n'),
    );
  });

  for (const name of ['a\r\nalternate shell:s:cmd', 'a\nb', 'a\u0000b', 'a\u0085b', 'a\u2028b', 'a\ud800']) {
    it(`is refused to a name such as ${JSON.stringify(name)}`, () => {
      assert.throws(() => rdpFile({ address: 'ts1:3389', user: name }), { code: 'invalid-request' });
    });
  }

  it('has as many lines as it has fields, whatever people are called', () => {
    const lines = (user: string) =>
      text(rdpFile({ address: 'ts1:3389', user })).split(/[\r\n\v\f\u0085\u2028\u2029]+/);
    const usual = lines('alice').length;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (user) => {
        try {
          return lines(user).length === usual;
        } catch (error) {
          return (error as { code?: string }).code === 'invalid-request';
        }
      }),
    );
  });

  it('is called what any system takes for a name', () => {
    assert.equal(rdpFileName('Terminal servers'), 'Terminal servers.rdp');
    assert.equal(rdpFileName('../../etc/passwd'), '-..-etc-passwd.rdp');
    assert.equal(rdpFileName('...'), 'desktop.rdp');
    assert.equal(rdpFileName('a"b\\c:d'), 'a-b-c-d.rdp');
  });
});
