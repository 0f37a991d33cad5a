import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { SiteClient } from '../support/site-client.ts';

/** An answer that has begun and doesn't end by itself. */
export type AnswerInFlight = {
  readonly answer: IncomingMessage;
  /** Resolves when it is over, to whether it was complete. */
  readonly over: Promise<boolean>;
  isOver(): boolean;
  drop(): void;
};

/** Asks for `path`, of which `/trickle` at an application server never ends, and waits for the first bytes. */
export async function answerInFlight(
  site: { readonly port: number },
  client: SiteClient,
  path: string,
  host = client.portalHost,
): Promise<AnswerInFlight> {
  const sent = request({
    port: site.port,
    host: '127.0.0.1',
    path,
    agent: false,
    headers: { host, cookie: client.cookieHeader(host) },
  }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  // What is cut off is an error to a client.
  answer.on('error', () => {});
  sent.on('error', () => {});
  let ended = false;
  const over = new Promise<boolean>((resolve) =>
    answer.once('close', () => {
      ended = true;
      resolve(answer.complete);
    }),
  );
  await once(answer, 'data');
  answer.resume();
  return { answer, over, isOver: () => ended, drop: () => sent.destroy() };
}
