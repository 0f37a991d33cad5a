import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { setting } from './setting.ts';

const begin = '-----BEGIN CERTIFICATE-----';

function isPem(text: string): boolean {
  const parts = text.split(begin).slice(1);
  try {
    for (const part of parts) new X509Certificate(`${begin}${part}`);
    return parts.length > 0;
  } catch {
    return false;
  }
}

/** Certificates themselves, in place of the path of their file: whoever types them sits elsewhere. */
export const certificates = setting(
  z.string().max(60_000).refine(isPem, 'These are not certificates in PEM form.').exactOptional(),
  {
    description: 'Certificates of the authorities that may vouch for the server.',
    allowed: 'certificates in PEM form',
    remedy: 'Paste it with its first and last line, from -----BEGIN CERTIFICATE----- on.',
  },
);
