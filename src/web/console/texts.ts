import type { ConsoleTextKey } from '../../admin/index.ts';
import type { PortalTextKey } from '../../portal/index.ts';
import { useTexts as usePortalTexts } from '../portal/texts.tsx';

type Params = Readonly<Record<string, string | number>>;

/** A text of the console in the reader's language; `count` chooses the plural form. */
export type Translate = (key: ConsoleTextKey | PortalTextKey, params?: Params) => string;

/**
 * `const { t, locale } = useTexts()`: the console's texts. A page's texts live in an area of their own,
 * `src/catalogue/{en,fr}/console-<page>.ts` with keys `console.<page>.…`, registered in `catalogue.ts`; nothing else has
 * to know of them.
 */
export function useTexts() {
  const texts = usePortalTexts();
  // The provider holds every text of the console; only the portal's own pages promise no more than their keys.
  return { ...texts, t: texts.t as Translate };
}
