import { DeliveryFailure } from './delivery-failure.ts';
import type { EmailSender } from './sender-settings.ts';
import { smtpFailure } from './smtp-failure.ts';

export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
};

export type SmtpOptions = {
  /** Milliseconds of each wait; the whole is bounded by the signal of each mail. */
  readonly timeout: number;
};

/** Sends mail through one server. */
export type SmtpSender = {
  /** Resolves once the server has taken the mail. Rejects with `DeliveryFailure`. Never sends a mail twice. */
  send(mail: Mail, signal: AbortSignal): Promise<void>;
  /** What is being sent is sent; nothing new is. */
  close(): void;
};

const mostConnections = 5;

/** The TLS of every connection (RFC 8996); certificates are always checked. */
const tlsOf = ({ ca }: EmailSender) =>
  ({ rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) }) as const;

/** A pool of at most five connections to the server, none of them kept: a kept one may be closed by now. */
export async function createSmtpSender(
  settings: EmailSender,
  password: string | undefined,
  { timeout }: SmtpOptions,
): Promise<SmtpSender> {
  // Loaded with the first mail.
  const { createTransport } = await import('nodemailer');
  const { host, port, security, user, from, fromName } = settings;
  const pool = createTransport({
    pool: true,
    maxConnections: mostConnections,
    maxMessages: 1,
    // A mail whose connection broke may have been taken.
    maxRequeues: 0,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: tlsOf(settings),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    dnsTimeout: timeout,
    socketTimeout: timeout,
    maxResponseSize: 65_536,
    ...(user === undefined || password === undefined
      ? {}
      : // Without `forceAuth` a server that does not ask for a password gets mail without one.
        { auth: { type: 'login', user, pass: password }, forceAuth: true }),
    // What is sent comes from us alone: no files, no addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  });
  // Of connections that fail while nobody waits for them.
  pool.on('error', () => {});

  return {
    async send({ to, subject, text, html }, signal) {
      try {
        const info = await pool.sendMail({
          from: { name: fromName ?? '', address: from },
          // As an object: as text, a comma would begin another recipient.
          to: { name: '', address: to },
          envelope: { from, to: [to] },
          subject: oneLine(subject),
          text,
          ...(html === undefined ? {} : { html }),
          // RFC 3834 section 5: no vacation notices in answer to codes.
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal,
        });
        if (info.accepted.length !== 1)
          throw new DeliveryFailure('recipient', 'the recipient was not accepted');
      } catch (error) {
        throw smtpFailure(error, [to, text, subject, password ?? '', user ?? '']);
      }
    },
    close: () => pool.close(),
  };
}

/** A header cannot be left by what somebody put into a subject (RFC 5322 section 2.2). */
const oneLine = (subject: string): string =>
  subject
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200);
