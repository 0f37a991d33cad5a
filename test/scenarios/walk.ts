import assert from 'node:assert/strict';
import type { Site } from '../support/site.ts';
import type { Answer, SiteClient, Wish } from '../support/site-client.ts';

export type Walk = {
  /** The first answer that leads nowhere else. */
  readonly answer: Answer;
  /** Every address on the way, the last one answered. */
  readonly addresses: readonly URL[];
  readonly at: URL;
};

/** What a person's browser does with an address: follows every redirect, over all hosts, with the cookies of each. */
export async function walk(
  site: Pick<Site, 'origin'>,
  client: SiteClient,
  address: string,
  wish: Wish = {},
): Promise<Walk> {
  const addresses: URL[] = [];
  let at = new URL(address, site.origin);
  for (;;) {
    addresses.push(at);
    assert.ok(addresses.length < 15, `in a circle: ${addresses.join(' ')}`);
    const answer = await client.navigate(`${at.pathname}${at.search}`, { ...wish, host: at.host });
    if (answer.status !== 302 && answer.status !== 303) return { answer, addresses, at };
    at = new URL(answer.headers.location ?? '', at);
    assert.equal(at.protocol, new URL(site.origin).protocol, 'never to another scheme');
  }
}

/** The `Set-Cookie` lines of an answer that set one cookie. */
export const settings = (answer: Answer, cookie: string): string[] =>
  (answer.headers['set-cookie'] ?? []).filter((line) => line.startsWith(`${cookie}=`));
