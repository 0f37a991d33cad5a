import { consoleTexts as enConsole } from './en/console.ts';
import { consoleAdministrators as enConsoleAdministrators } from './en/console-administrators.ts';
import { consoleAlerts as enConsoleAlerts } from './en/console-alerts.ts';
import { consoleApplications as enConsoleApplications } from './en/console-applications.ts';
import { consoleAudit as enConsoleAudit } from './en/console-audit.ts';
import { consoleBranding as enConsoleBranding } from './en/console-branding.ts';
import { consoleHome as enConsoleHome } from './en/console-home.ts';
import { consoleLicence as enConsoleLicence } from './en/console-licence.ts';
import { consoleMessages as enConsoleMessages } from './en/console-messages.ts';
import { consoleRdp as enConsoleRdp } from './en/console-rdp.ts';
import { consoleSessions as enConsoleSessions } from './en/console-sessions.ts';
import { consoleSettings as enConsoleSettings } from './en/console-settings.ts';
import { consoleSubscriptions as enConsoleSubscriptions } from './en/console-subscriptions.ts';
import { consoleUsers as enConsoleUsers } from './en/console-users.ts';
import { consoleWhy as enConsoleWhy } from './en/console-why.ts';
import { consoleTexts as frConsole } from './fr/console.ts';
import { consoleAdministrators as frConsoleAdministrators } from './fr/console-administrators.ts';
import { consoleAlerts as frConsoleAlerts } from './fr/console-alerts.ts';
import { consoleApplications as frConsoleApplications } from './fr/console-applications.ts';
import { consoleAudit as frConsoleAudit } from './fr/console-audit.ts';
import { consoleBranding as frConsoleBranding } from './fr/console-branding.ts';
import { consoleHome as frConsoleHome } from './fr/console-home.ts';
import { consoleLicence as frConsoleLicence } from './fr/console-licence.ts';
import { consoleMessages as frConsoleMessages } from './fr/console-messages.ts';
import { consoleRdp as frConsoleRdp } from './fr/console-rdp.ts';
import { consoleSessions as frConsoleSessions } from './fr/console-sessions.ts';
import { consoleSettings as frConsoleSettings } from './fr/console-settings.ts';
import { consoleSubscriptions as frConsoleSubscriptions } from './fr/console-subscriptions.ts';
import { consoleUsers as frConsoleUsers } from './fr/console-users.ts';
import { consoleWhy as frConsoleWhy } from './fr/console-why.ts';
import type { Language } from './language.ts';

/** The texts of the console: loaded when an administrator comes. */
export const consoleAreaTexts = {
  en: {
    'console-sessions': enConsoleSessions,
    'console-applications': enConsoleApplications,
    console: enConsole,
    'console-licence': enConsoleLicence,
    'console-subscriptions': enConsoleSubscriptions,
    'console-home': enConsoleHome,
    'console-alerts': enConsoleAlerts,
    'console-branding': enConsoleBranding,
    'console-rdp': enConsoleRdp,
    'console-users': enConsoleUsers,
    'console-administrators': enConsoleAdministrators,
    'console-audit': enConsoleAudit,
    'console-why': enConsoleWhy,
    'console-messages': enConsoleMessages,
    'console-settings': enConsoleSettings,
  },
  fr: {
    'console-sessions': frConsoleSessions,
    'console-applications': frConsoleApplications,
    console: frConsole,
    'console-licence': frConsoleLicence,
    'console-subscriptions': frConsoleSubscriptions,
    'console-home': frConsoleHome,
    'console-alerts': frConsoleAlerts,
    'console-branding': frConsoleBranding,
    'console-rdp': frConsoleRdp,
    'console-users': frConsoleUsers,
    'console-administrators': frConsoleAdministrators,
    'console-audit': frConsoleAudit,
    'console-why': frConsoleWhy,
    'console-messages': frConsoleMessages,
    'console-settings': frConsoleSettings,
  },
} as const satisfies Record<Language, Record<string, Readonly<Record<string, string>>>>;
