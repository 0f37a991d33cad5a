import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attribute, Change, Client } from 'ldapts';
import { makeCertificate } from './certificate.ts';
import { listening, type Running, start } from './child.ts';
import { scratchFolder } from './scratch-folder.ts';

export const domainBase = 'DC=corp,DC=example';

/**
 * A real Active Directory domain controller (Samba) of the domain CORP, corp.example. It answers on the loopback
 * ports 389 and 636, which it can't be talked out of: one at a time.
 */
export type SambaDomain = {
  readonly port: 389;
  readonly tlsPort: 636;
  readonly admin: { readonly dn: string; readonly password: string };
  readonly caFile: string;
  /** A connection that may do everything; the caller unbinds it. */
  asAdmin(): Promise<Client>;
  /** Adds a user below `CN=Users` with a password, switched on; returns its name. */
  addUser(name: string, password: string, attributes?: Record<string, string>): Promise<string>;
  /** Adds a group with members; returns its name. */
  addGroup(name: string, members: readonly string[]): Promise<string>;
  /** Replaces one attribute. */
  set(dn: string, attribute: string, value: string | Buffer): Promise<void>;
  readonly folder: string;
  readonly process: () => Running;
  stop(): Promise<void>;
};

/** userAccountControl of a normal account, switched on. */
export const normalAccount = 512;

/** A password as Active Directory wants it: quoted, UTF-16 (MS-ADTS section 3.1.1.3.1.5). */
const windowsPassword = (password: string): Buffer => Buffer.from(`"${password}"`, 'utf16le');

export async function startSambaDomain(): Promise<SambaDomain> {
  const { path: folder, remove } = scratchFolder();
  const admin = { dn: `CN=Administrator,CN=Users,${domainBase}`, password: 'Admin-Pass-2026!' };
  provision(folder, admin.password);
  const { cert, key } = makeCertificate(folder, 'dc', 'localhost', {
    names: ['DNS:localhost', 'DNS:dc1.corp.example'],
  });
  configure(join(folder, 'etc/smb.conf'), { cert, key });
  const running = start('samba', ['-i', '-M', 'single', '-s', join(folder, 'etc/smb.conf')]);
  await listening(running, 636);
  await listening(running, 389);

  const asAdmin = async (): Promise<Client> => {
    const client = new Client({
      url: 'ldaps://127.0.0.1:636',
      tlsOptions: { ca: readFileSync(cert), servername: 'localhost' },
    });
    await client.bind(admin.dn, admin.password);
    return client;
  };
  const keeping = await asAdmin();
  const set = (dn: string, attribute: string, value: string | Buffer): Promise<void> => {
    const values = typeof value === 'string' ? [value] : [value];
    const modification = new Attribute({ type: attribute, values: values as string[] | Buffer[] });
    return keeping.modify(dn, new Change({ operation: 'replace', modification }));
  };

  return {
    port: 389,
    tlsPort: 636,
    admin,
    caFile: cert,
    folder,
    asAdmin,
    set,
    async addUser(name, password, attributes = {}) {
      const dn = `CN=${name.replaceAll(/[,+"\\<>;=#]/g, '\\$&')},CN=Users,${domainBase}`;
      await keeping.add(dn, {
        objectClass: ['top', 'person', 'organizationalPerson', 'user'],
        sAMAccountName: name,
        ...attributes,
      });
      await set(dn, 'unicodePwd', windowsPassword(password));
      await set(dn, 'userAccountControl', String(normalAccount));
      return dn;
    },
    async addGroup(name, members) {
      const dn = `CN=${name},CN=Users,${domainBase}`;
      await keeping.add(dn, {
        objectClass: ['top', 'group'],
        sAMAccountName: name,
        ...(members.length === 0 ? {} : { member: [...members] }),
      });
      return dn;
    },
    process: () => running,
    async stop() {
      await keeping.unbind().catch(() => {});
      await running.stop('SIGKILL');
      remove();
    },
  };
}

function provision(folder: string, adminPassword: string): void {
  const wish = ['--realm=CORP.EXAMPLE', '--domain=CORP', '--server-role=dc', '--dns-backend=NONE'];
  const place = [`--targetdir=${folder}`, `--adminpass=${adminPassword}`, '--host-ip=127.0.0.1'];
  execFileSync('samba-tool', ['domain', 'provision', ...wish, ...place], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function configure(file: string, { cert, key }: { cert: string; key: string }): void {
  const provisioned = readFileSync(file, 'utf8');
  // The shares and every service but the directory's go.
  const kept = provisioned.slice(
    0,
    provisioned.indexOf('\n[homes]') + 1 || provisioned.indexOf('\n[sysvol]') + 1,
  );
  const general = kept.replace(/^\s*(server services|log file|logging|max log size) =.*\n/gm, '');
  writeFileSync(file, general);
  appendFileSync(
    file,
    [
      '\tserver services = ldap, cldap, kdc',
      '\tinterfaces = lo',
      '\tbind interfaces only = yes',
      '\tlog level = 1',
      '\tldap server require strong auth = no',
      `\ttls certfile = ${cert}`,
      `\ttls keyfile = ${key}`,
      '\ttls cafile =',
      '',
    ].join('\n'),
  );
}
