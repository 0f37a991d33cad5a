import type { ConsoleTextKey } from '../../../admin/index.ts';

/** What a form holds, by the names of its fields: lists are lines, switches `on` or empty. */
export type Draft = Readonly<Record<string, string>>;

export type Field = {
  readonly name: string;
  readonly label: ConsoleTextKey;
  readonly hint?: ConsoleTextKey;
  readonly kind: 'text' | 'lines' | 'number' | 'switch' | 'choice' | 'secret';
  readonly choices?: readonly { readonly value: string; readonly label: ConsoleTextKey }[];
  /** Only asked for something new: it never changes. */
  readonly once?: true;
  /** Below *More*. */
  readonly more?: true;
  /** Another field, and what it has to hold for this one to be asked. */
  readonly when?: readonly [string, (text: string) => boolean];
};

export type Kind = 'application' | 'directory';

const field = (kind: Kind, name: string, rest: Omit<Field, 'name' | 'label' | 'hint'>): Field => ({
  name,
  label: `console.applications.${kind}.${name}` as ConsoleTextKey,
  hint: `console.applications.${kind}.${name}-hint` as ConsoleTextKey,
  ...rest,
});

const hasHttps = (text: string): boolean => /^\s*(?:https|ldaps):/im.test(text);
const isRestricted = (text: string): boolean => text === 'some';

export const applicationFields: readonly Field[] = [
  field('application', 'name', { kind: 'text', once: true }),
  field('application', 'title', { kind: 'text' }),
  field('application', 'path', { kind: 'text' }),
  field('application', 'host', { kind: 'text' }),
  field('application', 'servers', { kind: 'lines' }),
  field('application', 'verify', { kind: 'switch', when: ['servers', hasHttps] }),
  field('application', 'ca', { kind: 'lines', when: ['servers', hasHttps] }),
  field('application', 'serverName', { kind: 'text', when: ['servers', hasHttps] }),
  field('application', 'for', {
    kind: 'choice',
    choices: [
      { value: 'all', label: 'console.applications.for.all' },
      { value: 'some', label: 'console.applications.for.some' },
    ],
  }),
  field('application', 'users', { kind: 'lines', when: ['for', isRestricted] }),
  field('application', 'groups', { kind: 'lines', when: ['for', isRestricted] }),
  field('application', 'subscriptions', { kind: 'lines', when: ['for', isRestricted] }),
  field('application', 'health', { kind: 'text', more: true }),
  field('application', 'sessionPaths', { kind: 'lines', more: true }),
  field('application', 'signOutPaths', { kind: 'lines', more: true }),
  field('application', 'idle', { kind: 'number', more: true }),
  field('application', 'maximum', { kind: 'number', more: true }),
  field('application', 'identityHeaders', { kind: 'switch', more: true }),
];

export const directoryFields: readonly Field[] = [
  field('directory', 'name', { kind: 'text', once: true }),
  field('directory', 'kind', {
    kind: 'choice',
    choices: [
      { value: 'active-directory', label: 'console.applications.kind.active-directory' },
      { value: 'openldap', label: 'console.applications.kind.openldap' },
    ],
  }),
  field('directory', 'servers', { kind: 'lines' }),
  field('directory', 'startTls', { kind: 'switch', when: ['servers', (text) => /^\s*ldap:/im.test(text)] }),
  field('directory', 'allowPlain', { kind: 'switch', when: ['servers', (text) => /^\s*ldap:/im.test(text)] }),
  field('directory', 'baseDn', { kind: 'text' }),
  field('directory', 'bindDn', { kind: 'text' }),
  field('directory', 'password', { kind: 'secret', when: ['bindDn', (text) => text.trim() !== ''] }),
  field('directory', 'verify', { kind: 'switch', more: true }),
  field('directory', 'ca', { kind: 'lines', more: true }),
  field('directory', 'serverName', { kind: 'text', more: true }),
  field('directory', 'aliases', { kind: 'lines', more: true }),
  field('directory', 'groupBaseDn', { kind: 'text', more: true }),
  field('directory', 'userFilter', { kind: 'text', more: true }),
  field('directory', 'nameAttribute', { kind: 'text', more: true }),
  field('directory', 'emailAttribute', { kind: 'text', more: true }),
  field('directory', 'timeout', { kind: 'number', more: true }),
  field('directory', 'recheck', { kind: 'number', more: true }),
  field('directory', 'lockoutThreshold', { kind: 'number', more: true }),
];

/** The field that a complaint is about, by the path of what the API takes. */
export function fieldOf(kind: Kind, path: string): string {
  const inside: Readonly<Record<string, string>> = {
    'tunnel.idle': 'idle',
    'tunnel.maximum': 'maximum',
    'allow.users': 'users',
    'allow.groups': 'groups',
    'allow.subscriptions': 'subscriptions',
    'attributes.name': 'nameAttribute',
    'attributes.email': 'emailAttribute',
  };
  const plain = path.replace(/^(?:application|directory)\./, '').replaceAll(/\[\d+\]/g, '');
  if (inside[plain] !== undefined) return inside[plain];
  if (/tls\.ca$/.test(plain)) return 'ca';
  if (/tls\.serverName$/.test(plain)) return 'serverName';
  const [first = ''] = plain.split('.');
  return kind === 'application' && first === 'allow' ? 'for' : first;
}
