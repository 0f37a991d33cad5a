import { cliGroup as enCliGroup } from './en/cli-group.ts';
import { cliHome as enCliHome } from './en/cli-home.ts';
import { cliLicense as enCliLicense } from './en/cli-license.ts';
import { cliOversight as enCliOversight } from './en/cli-oversight.ts';
import { cliRdp as enCliRdp } from './en/cli-rdp.ts';
import { cliSite as enCliSite } from './en/cli-site.ts';
import { cliSubscription as enCliSubscription } from './en/cli-subscription.ts';
import { cliUser as enCliUser } from './en/cli-user.ts';
import { cliGroup as frCliGroup } from './fr/cli-group.ts';
import { cliHome as frCliHome } from './fr/cli-home.ts';
import { cliLicense as frCliLicense } from './fr/cli-license.ts';
import { cliOversight as frCliOversight } from './fr/cli-oversight.ts';
import { cliRdp as frCliRdp } from './fr/cli-rdp.ts';
import { cliSite as frCliSite } from './fr/cli-site.ts';
import { cliSubscription as frCliSubscription } from './fr/cli-subscription.ts';
import { cliUser as frCliUser } from './fr/cli-user.ts';
import type { Language } from './language.ts';

/** The texts of single commands: loaded by the command line. */
export const commandAreas = {
  en: {
    'cli-home': enCliHome,
    'cli-oversight': enCliOversight,
    'cli-group': enCliGroup,
    'cli-rdp': enCliRdp,
    'cli-license': enCliLicense,
    'cli-subscription': enCliSubscription,
    'cli-user': enCliUser,
    'cli-site': enCliSite,
  },
  fr: {
    'cli-home': frCliHome,
    'cli-oversight': frCliOversight,
    'cli-group': frCliGroup,
    'cli-rdp': frCliRdp,
    'cli-license': frCliLicense,
    'cli-subscription': frCliSubscription,
    'cli-user': frCliUser,
    'cli-site': frCliSite,
  },
} as const satisfies Record<Language, Record<string, Readonly<Record<string, string>>>>;
