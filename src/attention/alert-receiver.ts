import type { Language } from '../catalogue/index.ts';
import type { ConcernKind } from './concern.ts';

/** What an administrator can ask to be told of. */
export const alertKinds = [
  'certificate',
  'directory',
  'sender',
  'server',
  'lockouts',
  'clock',
  'password-known',
] as const;
export type AlertKind = (typeof alertKinds)[number];

export type AlertChannel = 'email' | 'webhook';

/** Somebody, or something, that is told. */
export type AlertReceiver = {
  readonly id: string;
  readonly name: string;
  readonly channel: AlertChannel;
  readonly kinds: readonly AlertKind[];
  readonly language: Language;
  /** An address, or an https address. Sealed in the store: addresses of webhooks often hold their password. */
  readonly target: string;
  /** Of webhooks: what bodies are signed with. */
  readonly secret?: string;
  /** Of webhooks: certificates (PEM) that are trusted instead of the public authorities. */
  readonly ca?: string;
};

/** Which concerns are told of, and as what. */
const kindOf: { readonly [Kind in ConcernKind]?: AlertKind } = {
  'certificate-expiring': 'certificate',
  'certificate-unusable': 'certificate',
  'directory-down': 'directory',
  'sender-down': 'sender',
  'server-down': 'server',
  'lockout-wave': 'lockouts',
  'clock-off': 'clock',
  'password-known': 'password-known',
};

export const alertKindOf = (kind: ConcernKind): AlertKind | undefined => kindOf[kind];
