import type { Translate } from '../translate.ts';
import type { LiveSession } from './view.ts';

/** "Firefox 130 on Windows", as the server writes it, in the reader's language. */
export function browserOf({ browser }: LiveSession, t: Translate): string {
  const [name, system] = browser.split(' on ');
  if (browser === '' || name === undefined) return t('portal.browser.unknown');
  return system === undefined ? name : t('portal.browser', { browser: name, system });
}
