import type { TestContext } from 'node:test';
import type { Visitor } from '../../src/access/index.ts';
import type { DirectoryUser } from '../../src/accounts/index.ts';
import type { SentMethod } from '../../src/second-factors/index.ts';
import { RecordingSenders } from '../support/recording-senders.ts';
import { doneOf, pendingOf, SignInSite, visitor } from './sign-in-site.ts';

export const number = '+14155552671';
export const otherNumber = '+33612345678';
/** Longer than the time between two messages. */
export const resend = 31_000;

/** A site whose users can be sent codes by every method. */
export async function sentSite(
  t: TestContext,
  options: Parameters<typeof SignInSite.open>[1] = {},
): Promise<SignInSite> {
  const site = await SignInSite.open(t, { senders: new RecordingSenders(), ...options });
  site.settings.change({ methods: ['app', 'sms', 'email'] });
  return site;
}

/** A new user who has enrolled their number, and nothing else. */
export async function withNumber(site: SignInSite, name: string, phone = number): Promise<DirectoryUser> {
  const user = site.directory.add(name);
  const pending = pendingOf(await site.begin(name), 'enrol');
  await site.signIn.beginSent(pending, { method: 'sms', phone }, visitor);
  const proof = { method: 'sms', code: site.senders.code('sms') } as const;
  doneOf(await site.signIn.confirmSent(pending, proof, visitor));
  site.pass(resend);
  return user;
}

/** A sign-in that has been sent a code. */
export async function sentTo(
  site: SignInSite,
  name: string,
  method: SentMethod = 'sms',
  from: Visitor = visitor,
): Promise<{ pending: string; code: string }> {
  const begun = pendingOf(await site.begin(name, from), 'verify');
  const sent = await site.signIn.sendCode(begun, method, from);
  return { pending: sent.pending?.token ?? begun, code: site.senders.code(method) };
}

/** Digits that are not this code. */
export const not = (code: string): string =>
  String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
