import { constants } from 'node:crypto';

/**
 * What the gateway accepts of TLS (RFC 9325 sections 3.1 and 4.2): versions 1.2 and 1.3, key exchange with forward
 * secrecy, authenticated encryption, nothing else. The client chooses among equals, since it knows whether its
 * processor helps with AES. Nobody renegotiates (RFC 9325 section 3.5), and what is spoken inside is HTTP/1.1
 * (docs/decisions/0018).
 */
export const tlsPolicy = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  honorCipherOrder: false,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
} as const;

export const protocols = ['http/1.1'];
