import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { isCountryRule } from './allowed-countries.ts';
import { parseEmailAddress } from './parse-email-address.ts';

/** How an SMTP connection is encrypted: upgraded before anything is said, from its first byte, or not at all. */
export type EmailSecurity = 'starttls' | 'tls' | 'none';

/** Twilio, as an administrator sees it: without the auth token. */
export type SmsSender = {
  readonly accountSid: string;
  /** A number in E.164, a messaging service (`MG…`), or a name of up to 11 letters and digits. */
  readonly sender: string;
  /** Dialling prefixes (`+33`) and countries (`FR`); empty: all. */
  readonly countries: readonly string[];
  /** Messages in any sixty minutes, of the whole site. */
  readonly hourlyBudget: number;
};

/** SMTP, as an administrator sees it: without the password. */
export type EmailSender = {
  readonly host: string;
  readonly port: number;
  readonly security: EmailSecurity;
  /** Absent: no authentication. */
  readonly user?: string | undefined;
  readonly from: string;
  /** The name next to `from`. */
  readonly fromName?: string | undefined;
  /** Certificates (PEM) that are trusted instead of the public authorities. */
  readonly ca?: string | undefined;
  /** Messages in any sixty minutes, of the whole site; notices have as many of their own. */
  readonly hourlyBudget: number;
};

/** Bounds and defaults in one place: what is stored, and what somebody wants to store. */
const defaultBudget = { sms: 100, email: 1_000 } as const;
const budget = (standard: number) => z.int().min(0).max(1_000_000).default(standard);

/** No control characters, so that nothing can break out of a header or a command (RFC 5321, RFC 5322). */
const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((text) => text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text));

const host = line(253)
  .transform((text) => (isIP(text) === 0 ? domainToASCII(text) : text))
  .refine((text) => isIP(text) !== 0 || /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(text));

const isAddress = (text: string): boolean => {
  try {
    return parseEmailAddress(text) !== '';
  } catch {
    return false;
  }
};

const isSmsSender = (text: string): boolean =>
  /^\+[1-9]\d{6,14}$/.test(text) ||
  /^MG[0-9a-f]{32}$/i.test(text) ||
  /^\d{3,8}$/.test(text) ||
  /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(text);

export const smsSender: z.ZodType<SmsSender> = z.object({
  accountSid: z.string().regex(/^AC[0-9a-f]{32}$/i),
  sender: z.string().trim().refine(isSmsSender),
  countries: z.array(z.string().refine(isCountryRule)).max(300).default([]),
  hourlyBudget: budget(defaultBudget.sms),
});

export const emailSender: z.ZodType<EmailSender> = z.object({
  host,
  port: z.int().min(1).max(65_535),
  security: z.enum(['starttls', 'tls', 'none']),
  user: line(256).optional(),
  from: z.string().refine(isAddress).transform(parseEmailAddress),
  fromName: line(100).optional(),
  ca: z
    .string()
    .max(65_536)
    .refine((text) => text.includes('-----BEGIN CERTIFICATE-----'))
    .optional(),
  hourlyBudget: budget(defaultBudget.email),
});

/** What is allowed in each field, in words and signs that need no translation. */
export const allowedInField: Readonly<Record<string, string>> = {
  accountSid: 'AC0123456789abcdef0123456789abcdef',
  authToken: '1–256',
  sender: '+14155552671, MG…, ABC',
  countries: '+33, FR, US',
  hourlyBudget: '0–1000000',
  host: 'smtp.example.com',
  port: '1–65535',
  security: 'starttls, tls, none (without user)',
  user: '1–256',
  password: '1–1024',
  from: 'codes@example.com',
  fromName: '1–100',
  ca: 'PEM',
};

/** The usual port of each kind of connection (RFC 8314 section 3.3, RFC 6409 section 3.1). */
export const usualPort: Readonly<Record<EmailSecurity, number>> = { starttls: 587, tls: 465, none: 25 };
