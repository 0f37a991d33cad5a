import { GatewayError } from '../errors.ts';

/** What a file says. */
export type RdpFileFields = {
  /** `host:port`. */
  readonly address: string;
  /** As the client sends it: perhaps `DOMAIN\user`. */
  readonly user: string;
  readonly remoteApp?: { readonly program: string; readonly name: string } | undefined;
};

/** A line is `name:type:value` and ends with CR LF: what could end it, or stand for it in some client, is no value. */
const endsLines = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/**
 * A `.rdp` file as mstsc writes it: UTF-16 little-endian with a byte order mark, lines that end with CR LF. Names no
 * password, and trusts no server without asking. Throws `invalid-request` for a value that could begin another line.
 */
export function rdpFile({ address, user, remoteApp }: RdpFileFields): Buffer {
  const fields: readonly (readonly [string, 's' | 'i', string | number])[] = [
    ['full address', 's', address],
    ['username', 's', user],
    ['prompt for credentials', 'i', 1],
    // Warns where the server can't prove who it is.
    ['authentication level', 'i', 2],
    ['enablecredsspsupport', 'i', 1],
    ['redirectdrives', 'i', 0],
    ['screen mode id', 'i', 2],
    ['autoreconnection enabled', 'i', 1],
    ...(remoteApp === undefined
      ? []
      : ([
          ['remoteapplicationmode', 'i', 1],
          ['remoteapplicationprogram', 's', remoteApp.program],
          ['remoteapplicationname', 's', remoteApp.name],
        ] as const)),
  ];
  const lines = fields.map(([name, type, value]) => {
    const text = String(value);
    if (endsLines.test(text) || !text.isWellFormed()) throw new GatewayError('invalid-request');
    return `${name}:${type}:${text}\r\n`;
  });
  return Buffer.from(`\ufeff${lines.join('')}`, 'utf16le');
}

/** A name for the file that no system takes for anything but a name. */
export const rdpFileName = (title: string): string =>
  `${
    title
      .normalize('NFC')
      .replaceAll(/[^\p{L}\p{N} ._-]/gu, '-')
      .replaceAll(/^[ .]+|[ .]+$/g, '')
      .slice(0, 60) || 'desktop'
  }.rdp`;
