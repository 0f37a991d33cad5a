import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createAddressOf } from '../../src/server/client-address.ts';

const request = (remoteAddress: string, forwarded?: string): IncomingMessage =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

describe('the address of a client', () => {
  const cases: [string, string[], string, string | undefined, string][] = [
    [
      'is the peer when no proxy is trusted, whatever is claimed',
      [],
      '203.0.113.9',
      '10.1.1.1',
      '203.0.113.9',
    ],
    ['is the peer when the peer is not trusted', ['10.0.0.0/8'], '203.0.113.9', '10.1.1.1', '203.0.113.9'],
    ['is what the trusted proxy saw', ['10.0.0.0/8'], '10.0.0.2', '198.51.100.7', '198.51.100.7'],
    [
      'is the rightmost untrusted one',
      ['10.0.0.0/8'],
      '10.0.0.2',
      '1.1.1.1, 198.51.100.7, 10.0.0.3',
      '198.51.100.7',
    ],
    [
      'never goes further left than a word that is no address',
      ['10.0.0.0/8'],
      '10.0.0.2',
      '1.1.1.1, junk',
      '10.0.0.2',
    ],
    [
      'is plain IPv4 on a dual-stack socket',
      ['10.0.0.0/8'],
      '::ffff:10.0.0.2',
      '::ffff:198.51.100.7',
      '198.51.100.7',
    ],
    ['can be IPv6', ['fd00::/8'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
    [
      'is the leftmost when every hop is trusted',
      ['10.0.0.0/8'],
      '10.0.0.2',
      '10.0.0.4, 10.0.0.3',
      '10.0.0.4',
    ],
    ['is the peer when nothing was forwarded', ['10.0.0.0/8'], '10.0.0.2', undefined, '10.0.0.2'],
    [
      'is plain IPv4 however it is written',
      ['10.0.0.0/8'],
      '::ffff:a00:2',
      '0:0:0:0:0:ffff:c633:6407',
      '198.51.100.7',
    ],
    ['is IPv6 in one spelling', ['fd00::/8'], 'fd00::1', '2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
    [
      'is trusted as the IPv4 address it maps',
      ['10.0.0.0/8'],
      '10.0.0.2',
      '198.51.100.7, ::ffff:10.0.0.3',
      '198.51.100.7',
    ],
    ['is the peer when the chain has a zone', ['fe80::/10'], 'fe80::1', 'fe80::2%eth0', 'fe80::1'],
    ['is the peer when the last entry is empty', ['10.0.0.0/8'], '10.0.0.2', '198.51.100.7,', '10.0.0.2'],
    ['is the peer when the chain has a port', ['10.0.0.0/8'], '10.0.0.2', '198.51.100.7:4711', '10.0.0.2'],
    ['is the peer when the chain has brackets', ['10.0.0.0/8'], '10.0.0.2', '[2001:db8::7]', '10.0.0.2'],
    [
      'is the peer when the chain says unknown',
      ['10.0.0.0/8'],
      '10.0.0.2',
      '198.51.100.7, unknown',
      '10.0.0.2',
    ],
    ['is no number that only looks like an address', ['10.0.0.0/8'], '10.0.0.2', '3325256711', '10.0.0.2'],
    ['is no octal spelling', ['10.0.0.0/8'], '10.0.0.2', '010.0.0.3', '10.0.0.2'],
    [
      'is not what somebody claims who only looks trusted',
      ['10.0.0.0/8'],
      '203.0.113.9',
      '10.0.0.3, 10.0.0.4',
      '203.0.113.9',
    ],
    [
      'is looked for among 32 proxies and no more',
      ['10.0.0.0/8'],
      '10.0.0.2',
      `198.51.100.7,${'10.0.0.3,'.repeat(40)}10.0.0.4`,
      '10.0.0.3',
    ],
    ['is nobody of an empty chain', ['10.0.0.0/8'], '10.0.0.2', '', '10.0.0.2'],
    ['is nobody of commas', ['10.0.0.0/8'], '10.0.0.2', ',,,', '10.0.0.2'],
    ['is the first of a chain that begins with it', ['10.0.0.0/8'], '10.0.0.2', ',10.0.0.3', '10.0.0.3'],
    [
      'survives a chain of thousands',
      ['10.0.0.0/8'],
      '10.0.0.2',
      `${'1.1.1.1,'.repeat(3000)}198.51.100.7`,
      '198.51.100.7',
    ],
  ];
  for (const [title, trusted, peer, forwarded, expected] of cases) {
    it(title, () => assert.equal(createAddressOf(() => trusted)(request(peer, forwarded)), expected));
  }

  it('is told by every X-Forwarded-For there is, and by no other header', async () => {
    const addressOf = createAddressOf(() => ['127.0.0.1']);
    const server = createServer((request, response) => response.end(addressOf(request)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const asked = async (headers: [string, string][]): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
    const twice: [string, string][] = [
      ['x-forwarded-for', '198.51.100.1, 198.51.100.2'],
      ['x-forwarded-for', '198.51.100.3'],
    ];
    assert.equal(await asked(twice), '198.51.100.3');
    assert.equal(await asked([...twice, ['x-forwarded-for', 'nonsense']]), '127.0.0.1');
    const others = [
      'forwarded',
      'x-real-ip',
      'x-client-ip',
      'true-client-ip',
      'x_forwarded_for',
      'x-forwarded-for-',
      'via',
    ];
    for (const name of others) {
      assert.equal(
        await asked([[name, name === 'forwarded' ? 'for=203.0.113.9' : '203.0.113.9']]),
        '127.0.0.1',
        name,
      );
    }
    server.closeAllConnections();
    server.close();
  });

  it('follows a reload', () => {
    let trusted: readonly string[] = [];
    const addressOf = createAddressOf(() => trusted);
    const asked = request('10.0.0.2', '198.51.100.7');
    assert.equal(addressOf(asked), '10.0.0.2');
    trusted = ['10.0.0.0/8'];
    assert.equal(addressOf(asked), '198.51.100.7');
    trusted = ['10.1.0.0/16'];
    assert.equal(addressOf(asked), '10.0.0.2');
  });
});
