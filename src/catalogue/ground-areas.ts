import { attention as enAttention } from './en/attention.ts';
import { audit as enAudit } from './en/audit.ts';
import { cli as enCli } from './en/cli.ts';
import { demo as enDemo } from './en/demo.ts';
import { logon as enLogon } from './en/logon.ts';
import { messages as enMessages } from './en/messages.ts';
import { notices as enNotices } from './en/notices.ts';
import { pages as enPages } from './en/pages.ts';
import { people as enPeople } from './en/people.ts';
import { portal as enPortal } from './en/portal.ts';
import { problems as enProblems } from './en/problems.ts';
import { senders as enSenders } from './en/senders.ts';
import { settings as enSettings } from './en/settings.ts';
import { attention as frAttention } from './fr/attention.ts';
import { audit as frAudit } from './fr/audit.ts';
import { cli as frCli } from './fr/cli.ts';
import { demo as frDemo } from './fr/demo.ts';
import { logon as frLogon } from './fr/logon.ts';
import { messages as frMessages } from './fr/messages.ts';
import { notices as frNotices } from './fr/notices.ts';
import { pages as frPages } from './fr/pages.ts';
import { people as frPeople } from './fr/people.ts';
import { portal as frPortal } from './fr/portal.ts';
import { problems as frProblems } from './fr/problems.ts';
import { senders as frSenders } from './fr/senders.ts';
import { settings as frSettings } from './fr/settings.ts';
import type { Language } from './language.ts';

/** The texts that a gateway may have to show at any time. */
export const groundAreas = {
  en: {
    attention: enAttention,
    audit: enAudit,
    problems: enProblems,
    people: enPeople,
    portal: enPortal,
    pages: enPages,
    cli: enCli,
    demo: enDemo,
    senders: enSenders,
    settings: enSettings,
    notices: enNotices,
    messages: enMessages,
    logon: enLogon,
  },
  fr: {
    attention: frAttention,
    audit: frAudit,
    problems: frProblems,
    people: frPeople,
    portal: frPortal,
    pages: frPages,
    cli: frCli,
    demo: frDemo,
    senders: frSenders,
    settings: frSettings,
    notices: frNotices,
    messages: frMessages,
    logon: frLogon,
  },
} as const satisfies Record<Language, Record<string, Readonly<Record<string, string>>>>;
