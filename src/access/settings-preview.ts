import { type SmsSegments, smsSegments } from '../delivery/index.ts';
import { otpauthUri, smsText, stepLength } from '../second-factors/index.ts';
import { isWideOpen, type Settings } from '../settings/index.ts';
import { type GuessingOdds, oddsOfGuessing } from './odds-of-guessing.ts';

/** What settings mean in practice. */
export type SettingsPreview = {
  /** How an authenticator app lists the entry, and the address it reads (with a key that is nobody's). */
  readonly app: { readonly label: string; readonly uri: string };
  readonly sms: SmsSegments & { readonly text: string };
  readonly odds: GuessingOdds;
  /** How long before and after its own 30 seconds a code of an app is good, in seconds. */
  readonly acceptable: {
    readonly alone: number;
    /** When the next code has to follow; as `alone` where the drift guard never asks. */
    readonly withNextCode: number;
  };
  /** The drift guard never asks, and the window is wider than five minutes either way. */
  readonly wideOpen: boolean;
};

const sampleKey = 'JBSWY3DPEHPK3PXP';

/** Shows what settings, perhaps not yet saved, come to. `account`: whose entry is shown as an example. */
export function previewSettings(settings: Settings, account: string): SettingsPreview {
  const { digits, discrepancy, driftTolerance, issuer, smsMessage } = settings;
  const code = '123456789012'.slice(0, digits);
  const text = smsText(smsMessage, { code, issuer });
  const seconds = stepLength / 1000;
  return {
    app: {
      label: `${issuer}: ${account}`,
      uri: otpauthUri({ issuer, account, secret: sampleKey, digits }),
    },
    sms: { text, ...smsSegments(text) },
    odds: oddsOfGuessing(settings),
    acceptable: {
      alone: Math.min(discrepancy, driftTolerance) * seconds,
      withNextCode: discrepancy * seconds,
    },
    wideOpen: isWideOpen(settings),
  };
}
