import type { ConsoleTextKey, EmailSenderAnswer, SmsSenderAnswer } from '../../../admin/index.ts';

/** What was typed, by field; a field that nobody touched is absent. */
export type Typed = Readonly<Record<string, string>>;

export type Field = {
  readonly name: string;
  readonly label: ConsoleTextKey;
  readonly help?: ConsoleTextKey;
  /** `secret`: never comes back; empty keeps the one there is. `list`: separated by commas. */
  readonly kind: 'text' | 'secret' | 'number' | 'list' | 'choice' | 'area';
  readonly choices?: readonly { readonly value: string; readonly label: ConsoleTextKey }[];
  /** Before anything is set up. */
  readonly standard?: string;
  /** Empty takes it away; otherwise empty is sent as typed, for the server to refuse. */
  readonly optional?: true;
};

export type Sender = NonNullable<SmsSenderAnswer['sender']> | NonNullable<EmailSenderAnswer['sender']>;

export const smsFields: readonly Field[] = [
  {
    name: 'accountSid',
    label: 'console.messages.sms.sid',
    help: 'console.messages.sms.sid-help',
    kind: 'text',
  },
  { name: 'authToken', label: 'console.messages.sms.token', kind: 'secret' },
  {
    name: 'sender',
    label: 'console.messages.sms.sender',
    help: 'console.messages.sms.sender-help',
    kind: 'text',
  },
  {
    name: 'countries',
    label: 'console.messages.sms.countries',
    help: 'console.messages.sms.countries-help',
    kind: 'list',
  },
  {
    name: 'hourlyBudget',
    label: 'console.messages.budget',
    help: 'console.messages.budget-help',
    kind: 'number',
    standard: '100',
  },
];

export const emailFields: readonly Field[] = [
  { name: 'host', label: 'console.messages.email.host', kind: 'text' },
  {
    name: 'security',
    label: 'console.messages.email.security',
    kind: 'choice',
    choices: [
      { value: 'starttls', label: 'console.messages.email.security.starttls' },
      { value: 'tls', label: 'console.messages.email.security.tls' },
      { value: 'none', label: 'console.messages.email.security.none' },
    ],
    standard: 'starttls',
  },
  {
    name: 'port',
    label: 'console.messages.email.port',
    help: 'console.messages.email.port-help',
    kind: 'number',
    standard: '587',
  },
  {
    name: 'user',
    label: 'console.messages.email.user',
    help: 'console.messages.email.user-help',
    kind: 'text',
    optional: true,
  },
  { name: 'password', label: 'console.messages.email.password', kind: 'secret' },
  {
    name: 'from',
    label: 'console.messages.email.from',
    help: 'console.messages.email.from-help',
    kind: 'text',
  },
  { name: 'fromName', label: 'console.messages.email.from-name', kind: 'text', optional: true },
  {
    name: 'ca',
    label: 'console.messages.email.ca',
    help: 'console.messages.email.ca-help',
    kind: 'area',
    optional: true,
  },
  {
    name: 'hourlyBudget',
    label: 'console.messages.budget',
    help: 'console.messages.budget-help',
    kind: 'number',
    standard: '1000',
  },
];

/** What is in force, as it can be typed again. */
export function storedText({ name, standard = '' }: Field, sender: Sender | undefined): string {
  const value: unknown = sender === undefined ? standard : (Reflect.get(sender, name) ?? '');
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'boolean' ? '' : String(value);
}

/** What a change takes; of a new sender all its fields, else only what was typed. */
export function patchOf(fields: readonly Field[], sender: Sender | undefined, typed: Typed): object {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const text = (
        typed[field.name] ?? (sender === undefined ? storedText(field, undefined) : undefined)
      )?.trim();
      if (text === undefined) return [];
      if (text === '') {
        if (field.kind === 'secret') return [];
        if (field.optional === true) return sender === undefined ? [] : [[field.name, null]];
      }
      if (field.kind === 'number') return [[field.name, /^\d+$/.test(text) ? Number(text) : -1]];
      if (field.kind === 'list') return [[field.name, text.split(/[\s,;]+/).filter((each) => each !== '')]];
      return [[field.name, text]];
    }),
  );
}
