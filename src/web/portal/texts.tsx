import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { BootData } from '../../portal/index.ts';
import { findBoot } from './find-boot.ts';
import { createTranslate, type Translate } from './translate.ts';

export type { Translate };

type Texts = {
  readonly t: Translate;
  readonly language: string;
  /** The language with the reader's own region, for times and numbers: "22:35" is "10:35 PM" elsewhere. */
  readonly locale: string;
  readonly languages: BootData['languages'];
  readonly site: BootData['site'];
  /** Fetches the page's texts in another language; what was typed stays. */
  readonly switchTo: (language: string) => Promise<void>;
};

const TextsContext = createContext<Texts | null>(null);

export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (texts === null) throw new Error('useTexts outside TextsProvider');
  return texts;
}

const localeOf = (language: string): string =>
  navigator.languages.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;

const yearOfSeconds = 31_536_000;

/** The server reads the choice from here; it says nothing about the person. */
function rememberLanguage(language: string): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API exists in secure contexts only.
  document.cookie = `sallyport-language=${language}; Path=/; Max-Age=${yearOfSeconds}; SameSite=Lax${secure}`;
}

/** This very page in the language that was just chosen; undefined where it isn't one of ours any more. */
async function fetchTexts(): Promise<BootData | undefined> {
  const response = await fetch(location.pathname + location.search, { headers: { Accept: 'text/html' } });
  return findBoot(await response.text());
}

/** What texts need of the boot data; the console's holds it too. */
export type TextsBoot = Pick<BootData, 'language' | 'languages' | 'texts' | 'site'>;

export function TextsProvider({ boot, children }: { boot: TextsBoot; children: ReactNode }) {
  const [{ language, texts }, setTexts] = useState<TextsBoot>(boot);

  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);

  const value = useMemo<Texts>(
    () => ({
      t: createTranslate(language, texts),
      language,
      locale: localeOf(language),
      languages: boot.languages,
      site: boot.site,
      switchTo: async (wanted) => {
        rememberLanguage(wanted);
        try {
          const fresh = await fetchTexts();
          if (fresh?.language === wanted) setTexts(fresh);
          else location.reload();
        } catch {
          // Out of reach just now: what is on the page (recovery codes, say) is worth more than its language.
        }
      },
    }),
    [boot, language, texts],
  );
  return <TextsContext value={value}>{children}</TextsContext>;
}
