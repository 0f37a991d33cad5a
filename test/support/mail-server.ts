import { once } from 'node:events';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as the server took it. */
export type TakenMail = {
  readonly from: string;
  readonly to: readonly string[];
  /** Unfolded and decoded, by their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
  readonly raw: string;
  readonly secure: boolean;
  readonly user: string | undefined;
};

export type MailServer = {
  readonly port: number;
  /** Every mail that was taken, in order. */
  readonly taken: TakenMail[];
  /** Resolves with the next mail that is taken. */
  next(): Promise<TakenMail>;
  close(): Promise<void>;
};

/** A real SMTP server on a free port of this machine; without `options` it takes mail from anybody, unencrypted. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const taken: TakenMail[] = [];
  const waiting: ((mail: TakenMail) => void)[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    hideSTARTTLS: options.key === undefined,
    logger: false,
    async onData(stream, session, done) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const { mailFrom, rcptTo } = session.envelope;
      const mail = readMail(Buffer.concat(chunks).toString('utf8'), {
        from: mailFrom === false ? '' : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        secure: session.secure,
        user: typeof session.user === 'string' ? session.user : undefined,
      });
      taken.push(mail);
      done();
      for (const resolve of waiting.splice(0)) resolve(mail);
    },
    ...options,
  });
  // Of clients that hang up in the middle.
  server.on('error', () => {});
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    taken,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function readMail(raw: string, session: Pick<TakenMail, 'from' | 'to' | 'secure' | 'user'>): TakenMail {
  const { headers, body } = partOf(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1];
  const parts =
    boundary === undefined
      ? [{ headers, body }]
      : raw
          .split(`--${boundary}`)
          .slice(1, -1)
          .map((part) => partOf(part.trimStart()));
  const find = (type: string): string | undefined => {
    const part = parts.find((each) => each.headers.get('content-type')?.startsWith(type));
    return part && decodeBody(part.body, part.headers.get('content-transfer-encoding') ?? '');
  };
  const subject = headers.get('subject') ?? '';
  return { ...session, headers, subject, raw, text: find('text/plain') ?? '', html: find('text/html') };
}

function partOf(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())];
    }),
  );
  return { headers, body: raw.slice(end + 4) };
}

/** Encoded words of RFC 2047; white space between two of them is none (section 6.2). */
const decodeWords = (text: string): string =>
  text
    .replaceAll(/(=\?[^?]+\?[BQ]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replaceAll(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, words: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(words, 'base64').toString('utf8')
        : quotedPrintable(words.replaceAll('_', ' ')),
    );

function decodeBody(body: string, encoding: string): string {
  const kind = encoding.toLowerCase();
  const decoded =
    kind === 'base64'
      ? Buffer.from(body, 'base64').toString('utf8')
      : kind === 'quoted-printable'
        ? quotedPrintable(body.replaceAll('=\r\n', ''))
        : body;
  return decoded.replaceAll('\r\n', '\n').trim();
}

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
