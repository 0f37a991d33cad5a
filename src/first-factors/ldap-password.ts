import type { Client } from 'ldapts';
import { GatewayError } from '../errors.ts';
import { resultCode } from './ldap-answer.ts';
import type { LdapOptions } from './ldap-options.ts';

/** Passwords travel here, so nothing is changed over a connection that others can read. */
export const isEncrypted = ({ urls, startTls }: Pick<LdapOptions, 'urls' | 'startTls'>): boolean =>
  startTls || urls.every((url) => url.startsWith('ldaps:'));

/**
 * Changes a password by proving the old one, with `client` bound as its owner or as somebody who may. Rejects with
 * `wrong-password` and `password-too-weak`.
 */
export async function changeLdapPassword(
  client: Client,
  kind: LdapOptions['kind'],
  { dn, current, next }: { readonly dn: string; readonly current: string; readonly next: string },
): Promise<void> {
  const change = kind === 'active-directory' ? changeUnicodePwd : modifyPassword;
  try {
    await change(client, dn, current, next);
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

/** A change, not a reset: the old value goes, the new one comes, in one request (MS-ADTS section 3.1.1.3.1.5). */
async function changeUnicodePwd(client: Client, dn: string, current: string, next: string): Promise<void> {
  const { Attribute, Change } = await import('ldapts');
  const value = (password: string) =>
    new Attribute({ type: 'unicodePwd', values: [Buffer.from(`"${password}"`, 'utf16le')] });
  await client.modify(dn, [
    new Change({ operation: 'delete', modification: value(current) }),
    new Change({ operation: 'add', modification: value(next) }),
  ]);
}

/** RFC 3062 section 2: userIdentity [0], oldPasswd [1], newPasswd [2]. */
async function modifyPassword(client: Client, dn: string, current: string, next: string): Promise<void> {
  const { BerWriter } = await import('ldapts');
  const request = new BerWriter();
  request.startSequence();
  request.writeString(dn, 0x80);
  request.writeString(current, 0x81);
  request.writeString(next, 0x82);
  request.endSequence();
  await client.exop('1.3.6.1.4.1.4203.1.11.1', request.buffer);
}

/** Windows says in hexadecimal what it minds (MS-ERREF section 2.2): 56 is the old password, everything else the new one. */
function refusalOf(error: unknown): GatewayError | undefined {
  const code = resultCode(error);
  const constraintViolation = 19;
  const unwillingToPerform = 53;
  if (code !== constraintViolation && code !== unwillingToPerform) return undefined;
  const minded = /^\s*0*([0-9a-f]+):/i.exec(error instanceof Error ? error.message : '')?.[1];
  return new GatewayError(minded?.toLowerCase() === '56' ? 'wrong-password' : 'password-too-weak', {
    cause: error,
  });
}
