import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
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
  ];
  for (const [title, trusted, peer, forwarded, expected] of cases) {
    it(title, () => assert.equal(createAddressOf(() => trusted)(request(peer, forwarded)), expected));
  }
});
