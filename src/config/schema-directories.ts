import { z } from 'zod';
import { setting } from './setting.ts';
import { filePath, hostName, ldapUrl, line, seconds, slug } from './values.ts';

const nameNote = {
  description:
    'Part of the key of every user of this directory: it never changes. The local one is always called `local`.',
  allowed: '`local`, or for type ldap up to 32 lower-case letters, digits and hyphens',
  remedy: 'Write name: local with type: local, and another name with type: ldap.',
};
const typeNote = {
  description:
    '`local`: users and passwords in the store of the gateway. `ldap`: Active Directory or OpenLDAP.',
  allowed: 'local, ldap',
};

const localDirectory = z.strictObject({
  name: setting(z.literal('local'), nameNote),
  type: setting(z.literal('local'), typeNote),
});

const name = (what: string, example: string) =>
  setting(line(1_000).exactOptional(), { description: what, allowed: 'text on one line', example });

const attribute = (what: string, standard: string) =>
  setting(
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/)
      .exactOptional(),
    {
      description: `The attribute with ${what}.`,
      allowed: 'the name of an attribute',
      defaultsTo: standard,
    },
  );

export const ldapDirectory = z.strictObject({
  name: setting(
    slug.refine((text) => text !== 'local', 'The local directory alone has this name.'),
    nameNote,
  ),
  type: setting(z.literal('ldap'), typeNote),
  kind: setting(z.enum(['active-directory', 'openldap']).default('active-directory'), {
    description: 'What stands there: a Windows or Samba domain, or a directory that follows the RFCs.',
  }),
  servers: setting(z.array(ldapUrl).min(1).max(20), {
    description: 'Its servers: the first that works is asked, and the next when it fails.',
    allowed: 'a list of ldaps://host[:port]; ldap:// with startTls or allowPlain',
    remedy: 'Write each like ldaps://dc1.corp.example.',
    example: ['ldaps://dc1.corp.example', 'ldaps://dc2.corp.example'],
  }),
  startTls: setting(z.boolean().default(false), {
    description: 'Whether connections to `ldap://` servers are encrypted before anything is said.',
  }),
  allowPlain: setting(z.boolean().default(false), {
    description:
      'Accepts `ldap://` without encryption: everybody on the way can read passwords. Only for a trial, or on this machine.',
  }),
  tls: setting(
    z
      .strictObject({
        verify: setting(z.boolean().default(true), {
          description:
            'Whether certificates of the servers have to be right; `false` trusts whoever answers.',
        }),
        ca: setting(filePath.exactOptional(), {
          description: 'Certificates of authorities to trust in place of the usual ones, in PEM form.',
          allowed: 'the path of a file',
          example: '/etc/sallyport/tls/corp-ca.pem',
        }),
        serverName: setting(hostName.exactOptional(), {
          description: 'The name that the certificates must carry.',
          allowed: 'a host name',
          defaultsTo: 'the host in `servers`',
          example: 'corp.example',
        }),
      })
      .prefault({}),
    { description: 'How TLS is spoken with the servers.' },
  ),
  // Its first pair is enough to tell it from the name of a domain (RFC 4514 section 3).
  baseDn: setting(
    line(1_000).regex(/^\s*[A-Za-z0-9][A-Za-z0-9.-]*\s*=/, 'This is not a distinguished name.'),
    {
      description: 'People below it, at any depth, can sign in.',
      allowed: 'a distinguished name',
      remedy: 'Write it like DC=corp,DC=example.',
      example: 'DC=corp,DC=example',
    },
  ),
  groupBaseDn: name(
    'Groups below it count. Absent: the whole domain, with OpenLDAP `baseDn`.',
    'OU=Groups,DC=corp,DC=example',
  ),
  userFilter: setting(line(4_000).exactOptional(), {
    description: 'Only who matches this filter as well can sign in (RFC 4515).',
    allowed: 'a filter in parentheses',
    example: '(memberOf=CN=Remote,OU=Groups,DC=corp,DC=example)',
  }),
  bindDn: name(
    'The account with which the gateway looks people up: it needs to read them and their groups, nothing else. Absent: anonymous.',
    'CN=sallyport,OU=Services,DC=corp,DC=example',
  ),
  passwordFile: setting(filePath.exactOptional(), {
    description: 'The file whose first line is the password of that account. Goes with `bindDn`.',
    allowed: 'the path of a file',
    example: '/run/secrets/ldap-password',
  }),
  aliases: setting(z.array(line(255)).max(20).default([]), {
    description:
      'Other names that people type for it, as in `CORP\\user` and `user@corp.example`; those of `baseDn` count by themselves.',
    allowed: 'a list of names',
    example: ['CORP', 'corp.example'],
  }),
  attributes: setting(
    z
      .strictObject({
        name: attribute('the name to sign in with', '`sAMAccountName`, with OpenLDAP `uid`'),
        email: attribute('the email address', '`mail`'),
      })
      .prefault({}),
    { description: 'Where a directory keeps things elsewhere than usual.' },
  ),
  timeout: setting(seconds(1, 60).default(5), {
    description: 'Seconds that one question gets, however many servers it takes.',
  }),
  recheck: setting(seconds(10, 3_600).default(60), {
    description:
      'Seconds after which somebody who was removed or disabled in the directory has lost their sessions at the latest.',
  }),
  lockoutThreshold: setting(z.int().min(0).max(999).exactOptional(), {
    description:
      'Wrong passwords after which the directory locks an account; the gateway stops two before. `0`: it never does.',
    defaultsTo: "the domain's own",
    example: 10,
  }),
});

/** Where people and their passwords are. */
export const directories = setting(
  z
    .array(z.discriminatedUnion('type', [localDirectory, ldapDirectory]))
    .min(1)
    .max(50)
    .default([{ name: 'local', type: 'local' }]),
  {
    description:
      'Where users and their passwords come from, in the order in which a bare name is looked for. Leave `local` in the list while anybody of it is an owner.',
    allowed: 'a list of directories of type local or ldap',
    remedy: 'Use { name: local, type: local }, or leave directories out.',
  },
);
