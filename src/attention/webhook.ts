import { createHmac } from 'node:crypto';
import { type RequestOptions, request } from 'node:https';
import type { Clock } from '../clock.ts';

/** What a webhook is sent, as JSON. Grows only. */
export type WebhookBody = {
  /** The same for every try of one alert, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly event: string;
  readonly state: 'raised' | 'cleared' | 'test';
  /** UTC, RFC 3339. */
  readonly at: string;
  readonly site: string;
  readonly subscription: string;
  readonly subject: string;
  /** The same in words. */
  readonly text: string;
};

/** Milliseconds that one try gets. */
const patience = 10_000;
/** Bytes of an answer that are read, so that the connection ends in good order; nothing of them is kept. */
const longestAnswer = 16_384;

/** Why a webhook did not take an alert. */
export class WebhookFailure extends Error {
  readonly reason: 'unreachable' | 'no-answer' | 'insecure' | 'refused';
  /** Whether another try may do better. */
  readonly passing: boolean;

  constructor(reason: WebhookFailure['reason'], passing: boolean) {
    super(reason);
    this.name = 'WebhookFailure';
    this.reason = reason;
    this.passing = passing;
  }
}

/**
 * The signature of a body: `t=<Unix seconds>,v1=<hex HMAC-SHA-256 over "<t>.<body>">`. The time is part of it, so that a
 * recorded request is worth nothing later.
 */
export function signatureOf(secret: string, seconds: number, body: string): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}

/**
 * Posts once. Certificates are checked, redirects are not followed, and what is answered beside the status is thrown
 * away: an administrator of this gateway must not be able to read other servers' pages through it. Rejects with
 * `WebhookFailure`.
 */
export function postWebhook(
  { target, secret, ca }: { readonly target: string; readonly secret: string; readonly ca?: string },
  message: WebhookBody,
  clock: Clock,
): Promise<void> {
  const body = JSON.stringify(message);
  const seconds = Math.floor(clock.now() / 1000);
  const options: RequestOptions = {
    method: 'POST',
    agent: false,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      'User-Agent': 'Sallyport',
      'Sallyport-Delivery': message.id,
      'Sallyport-Signature': signatureOf(secret, seconds, body),
    },
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(target, options, (answer) => {
      const { statusCode = 0 } = answer;
      let read = 0;
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > longestAnswer) answer.destroy();
      });
      answer.on('error', () => {});
      timer.cancel();
      if (statusCode >= 200 && statusCode < 300) resolve();
      else
        reject(new WebhookFailure('refused', statusCode >= 500 || statusCode === 429 || statusCode === 408));
    });
    const timer = clock.after(patience, () => {
      reject(new WebhookFailure('no-answer', true));
      outgoing.destroy();
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      timer.cancel();
      reject(
        isInsecure(error) ? new WebhookFailure('insecure', false) : new WebhookFailure('unreachable', true),
      );
    });
    outgoing.end(body);
  });
}

/** Errors of checking the certificate, as OpenSSL and Node.js name them. */
const isInsecure = ({ code = '' }: NodeJS.ErrnoException): boolean =>
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code);
