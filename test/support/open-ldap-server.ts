import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'ldapts';
import { makeCertificate } from './certificate.ts';
import { listening, type Running, start } from './child.ts';
import { freePort } from './free-port.ts';
import { scratchFolder } from './scratch-folder.ts';

export const openLdapBase = 'dc=example,dc=org';

/** A real slapd on free loopback ports, with the usual schemas, password policies and a certificate for `localhost`. */
export type OpenLdapServer = {
  readonly port: number;
  readonly tlsPort: number;
  readonly admin: { readonly dn: string; readonly password: string };
  /** PEM of the one authority to trust. */
  readonly caFile: string;
  /** A connection that may do everything; the caller unbinds it. */
  asAdmin(): Promise<Client>;
  /** Adds `uid` below `ou=people`, with a password; returns its name. */
  addPerson(uid: string, password: string, attributes?: Record<string, string | string[]>): Promise<string>;
  readonly process: () => Running;
  stop(): Promise<void>;
};

export async function startOpenLdap(): Promise<OpenLdapServer> {
  const { path: folder, remove } = scratchFolder();
  const { cert, key } = makeCertificate(folder, 'ldap', 'localhost', { names: ['DNS:localhost'] });
  mkdirSync(join(folder, 'db'));
  const admin = { dn: `cn=admin,${openLdapBase}`, password: 'the admin of the directory' };
  writeFileSync(join(folder, 'slapd.conf'), configuration(folder, { cert, key }, admin));
  const port = await freePort();
  const tlsPort = await freePort();
  const urls = `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}`;
  const running = start('slapd', ['-d', '0', '-f', join(folder, 'slapd.conf'), '-h', urls]);
  await listening(running, port);

  const asAdmin = async (): Promise<Client> => {
    const client = new Client({ url: `ldap://127.0.0.1:${port}` });
    await client.bind(admin.dn, admin.password);
    return client;
  };
  const setUp = await asAdmin();
  await setUp.add(openLdapBase, { objectClass: ['dcObject', 'organization'], dc: 'example', o: 'Example' });
  for (const ou of ['people', 'groups', 'policies']) {
    await setUp.add(`ou=${ou},${openLdapBase}`, { objectClass: 'organizationalUnit', ou });
  }
  await setUp.unbind();

  return {
    port,
    tlsPort,
    admin,
    caFile: cert,
    asAdmin,
    async addPerson(uid, password, attributes = {}) {
      const client = await asAdmin();
      const dn = `uid=${uid.replaceAll(/[,+"\\<>;=#]/g, '\\$&')},ou=people,${openLdapBase}`;
      const person = { uid, cn: uid, sn: uid, userPassword: password, ...attributes };
      await client.add(dn, { objectClass: ['inetOrgPerson'], ...person });
      await client.unbind();
      return dn;
    },
    process: () => running,
    async stop() {
      await running.stop('SIGKILL');
      remove();
    },
  };
}

const configuration = (
  folder: string,
  { cert, key }: { cert: string; key: string },
  admin: OpenLdapServer['admin'],
): string =>
  [
    ...['core', 'cosine', 'nis', 'inetorgperson'].map((name) => `include /etc/ldap/schema/${name}.schema`),
    'modulepath /usr/lib/ldap',
    'moduleload back_mdb',
    'moduleload ppolicy',
    `pidfile ${folder}/slapd.pid`,
    `TLSCertificateFile ${cert}`,
    `TLSCertificateKeyFile ${key}`,
    `TLSCACertificateFile ${cert}`,
    'sizelimit 1000',
    'database mdb',
    'maxsize 67108864',
    `suffix "${openLdapBase}"`,
    `rootdn "${admin.dn}"`,
    `rootpw "${admin.password}"`,
    `directory ${folder}/db`,
    'index objectClass,uid,entryUUID,member eq',
    'access to attrs=userPassword by self write by anonymous auth by * none',
    'access to dn.subtree="ou=secret,dc=example,dc=org" by * none',
    'access to * by users read by anonymous auth',
    'overlay ppolicy',
    `ppolicy_default "cn=default,ou=policies,${openLdapBase}"`,
    'ppolicy_use_lockout',
    '',
  ].join('\n');
