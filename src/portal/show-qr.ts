import { renderSVG } from 'uqr';
import type { AppSetupAnswer } from './answers.ts';
import type { AppSetup } from './contracts.ts';

/** Adds the QR code of the `otpauth:` address, as a whole `<svg>` without script or style. */
export function showQr(setup: AppSetup): AppSetupAnswer {
  return { ...setup, qrSvg: renderSVG(setup.uri, { ecc: 'M', border: 4 }) };
}
