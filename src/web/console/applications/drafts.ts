import type { Draft, Kind } from './fields.ts';

/** An application or directory as the API tells and takes it. */
export type Stored = Readonly<Record<string, unknown>>;

type Server = {
  readonly url: string;
  readonly weight?: number;
  readonly tls?: Tls;
  readonly [rest: string]: unknown;
};
type Tls = { readonly verify?: boolean; readonly ca?: string; readonly serverName?: string };

const record = (value: unknown): Stored =>
  typeof value === 'object' && value !== null ? (value as Stored) : {};
const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
const linesOf = (value: unknown): string => (Array.isArray(value) ? value.map(String).join('\n') : '');
const lines = (typed: string | undefined): string[] =>
  (typed ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const on = (value: unknown, standard: boolean): string => ((value ?? standard) === true ? 'on' : '');

export const emptyDraft: Readonly<Record<Kind, Draft>> = {
  application: { path: '/', for: 'all', verify: 'on', identityHeaders: 'on' },
  directory: { kind: 'active-directory', verify: 'on' },
};

export function draftOf(kind: Kind, stored: Stored): Draft {
  return kind === 'application' ? applicationDraft(stored) : directoryDraft(stored);
}

/** What is sent; what the form doesn't show stays as it was. */
export function storedOf(kind: Kind, draft: Draft, before: Stored = {}): Stored {
  return kind === 'application' ? application(draft, before) : directory(draft, before);
}

function applicationDraft(stored: Stored): Draft {
  const servers = (Array.isArray(stored.servers) ? stored.servers : []) as readonly Server[];
  const tls = servers.find((server) => server.tls !== undefined)?.tls;
  const allow = stored.allow === undefined ? undefined : record(stored.allow);
  const { idle, maximum } = record(stored.tunnel);
  return {
    name: text(stored.name),
    title: text(stored.title),
    path: text(stored.path),
    host: text(stored.host),
    servers: servers.map(({ url, weight = 1 }) => (weight === 1 ? url : `${url} ${weight}`)).join('\n'),
    verify: on(tls?.verify, true),
    ca: text(tls?.ca),
    serverName: text(tls?.serverName),
    for: allow === undefined ? 'all' : 'some',
    users: linesOf(allow?.users),
    groups: linesOf(allow?.groups),
    subscriptions: linesOf(allow?.subscriptions),
    health: text(record(stored.health).path),
    sessionPaths: linesOf(stored.sessionPaths),
    signOutPaths: linesOf(stored.signOutPaths),
    idle: text(idle),
    maximum: text(maximum),
    identityHeaders: on(stored.identityHeaders, true),
  };
}

function application(draft: Draft, before: Stored): Stored {
  const known = (Array.isArray(before.servers) ? before.servers : []) as readonly Server[];
  const was = applicationDraft(before);
  const sameTls = ['verify', 'ca', 'serverName'].every((name) => (draft[name] ?? '') === was[name]);
  const { title: _t, host: _h, allow: _a, health, tunnel: _u, ...rest } = before;
  const tls = {
    verify: draft.verify === 'on',
    ...given('ca', draft.ca),
    ...given('serverName', draft.serverName),
  };
  const servers = lines(draft.servers).map((line) => {
    const [url = '', weight] = line.split(/\s+/);
    const { tls: own, ...old } = known.find((server) => server.url === url) ?? { url };
    const kept = sameTls && known.some((server) => server.url === url) ? own : tls;
    const secure = /^https:/i.test(url);
    return {
      ...old,
      url,
      weight: weight === undefined ? 1 : number(weight),
      ...(secure && kept !== undefined ? { tls: kept } : {}),
    };
  });
  const users = lines(draft.users);
  const groups = lines(draft.groups);
  const subscriptions = lines(draft.subscriptions);
  // Nobody named is nobody: an empty list says so.
  const named = {
    ...list('users', users),
    ...list('groups', groups),
    ...list('subscriptions', subscriptions),
  };
  const allow = Object.keys(named).length === 0 ? { users: [] } : named;
  const sameAllow = ['for', 'users', 'groups', 'subscriptions'].every(
    (name) => (draft[name] ?? '') === was[name],
  );
  const limits = { ...count('idle', draft.idle), ...count('maximum', draft.maximum) };
  return {
    ...rest,
    name: (draft.name ?? '').trim(),
    ...given('title', draft.title),
    ...given('host', draft.host),
    path: (draft.path ?? '').trim(),
    servers,
    ...(draft.for === 'some' ? { allow: sameAllow ? before.allow : allow } : {}),
    ...(draft.health?.trim() ? { health: { ...record(health), path: draft.health.trim() } } : {}),
    sessionPaths: lines(draft.sessionPaths),
    signOutPaths: lines(draft.signOutPaths),
    tunnel: limits,
    identityHeaders: draft.identityHeaders === 'on',
  };
}

function directoryDraft(stored: Stored): Draft {
  const tls = record(stored.tls);
  const attributes = record(stored.attributes);
  return {
    name: text(stored.name),
    kind: text(stored.kind ?? 'active-directory'),
    servers: linesOf(stored.servers),
    startTls: on(stored.startTls, false),
    allowPlain: on(stored.allowPlain, false),
    baseDn: text(stored.baseDn),
    bindDn: text(stored.bindDn),
    password: '',
    verify: on(tls.verify, true),
    ca: text(tls.ca),
    serverName: text(tls.serverName),
    aliases: linesOf(stored.aliases),
    groupBaseDn: text(stored.groupBaseDn),
    userFilter: text(stored.userFilter),
    nameAttribute: text(attributes.name),
    emailAttribute: text(attributes.email),
    timeout: text(stored.timeout),
    recheck: text(stored.recheck),
    lockoutThreshold: text(stored.lockoutThreshold),
  };
}

function directory(draft: Draft, _before: Stored): Stored {
  const plain = lines(draft.servers).some((url) => /^ldap:/i.test(url));
  return {
    type: 'ldap',
    name: (draft.name ?? '').trim(),
    kind: draft.kind ?? 'active-directory',
    servers: lines(draft.servers),
    startTls: plain && draft.startTls === 'on',
    allowPlain: plain && draft.allowPlain === 'on',
    baseDn: (draft.baseDn ?? '').trim(),
    ...given('bindDn', draft.bindDn),
    ...(draft.bindDn?.trim() && draft.password ? { password: draft.password } : {}),
    tls: {
      verify: draft.verify === 'on',
      ...given('ca', draft.ca),
      ...given('serverName', draft.serverName),
    },
    aliases: lines(draft.aliases),
    ...given('groupBaseDn', draft.groupBaseDn),
    ...given('userFilter', draft.userFilter),
    attributes: { ...given('name', draft.nameAttribute), ...given('email', draft.emailAttribute) },
    ...count('timeout', draft.timeout),
    ...count('recheck', draft.recheck),
    ...count('lockoutThreshold', draft.lockoutThreshold),
  };
}

const given = (name: string, typed: string | undefined): Stored =>
  typed === undefined || typed.trim() === '' ? {} : { [name]: typed.trim() };
const list = (name: string, values: readonly string[]): Stored =>
  values.length === 0 ? {} : { [name]: values };
/** What is no number is sent as it was typed, so that the server says what is allowed. */
const number = (typed: string): number | string => (/^\d{1,9}$/.test(typed) ? Number(typed) : typed);
const count = (name: string, typed: string | undefined): Stored =>
  typed === undefined || typed.trim() === '' ? {} : { [name]: number(typed.trim()) };
