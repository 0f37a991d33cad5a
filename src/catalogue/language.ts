/** The languages that every text exists in, the fallback first. */
export const languages = ['en', 'fr'] as const;

export type Language = (typeof languages)[number];

/**
 * What an area must hold in another language: the same keys. A plural may add `_many`, which French uses
 * from a million on; without it `_other` serves.
 */
export type Translation<Area> = { readonly [Key in keyof Area]: string } & {
  readonly [Key in keyof Area as Key extends `${infer Base}_other` ? `${Base}_many` : never]?: string;
};

/** Whether `tag` (BCP 47, any case, with or without a region) names a language we speak. */
function spoken(tag: string): Language | undefined {
  const primary = tag.trim().toLowerCase().split('-', 1)[0];
  return languages.find((language) => language === primary);
}

type Wish = { readonly tag: string; readonly weight: number };

/** Elements beyond these are not read: a header of a browser never has more. */
const mostWishes = 32;

/** RFC 9110 section 12.4.2: three decimals at most; anything else makes the element worthless, not fatal. */
function parseWish(element: string): Wish {
  const [tag = '', ...parameters] = element.split(';').map((part) => part.trim());
  const quality = parameters.find((parameter) => /^q\s*=/i.test(parameter));
  if (quality === undefined) return { tag, weight: 1 };
  const value = quality.slice(quality.indexOf('=') + 1).trim();
  return { tag, weight: /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(value) ? Number(value) : 0 };
}

/**
 * The language to answer in: what the person `chosen` with the switch (a cookie or a parameter, taken as it came),
 * else the best of `Accept-Language` (RFC 9110 section 12.5.4), else English. Never throws.
 */
export function negotiate(acceptLanguage: string | undefined, chosen?: string): Language {
  const choice = chosen === undefined ? undefined : spoken(chosen);
  if (choice !== undefined) return choice;
  const wishes = (acceptLanguage ?? '').split(',', mostWishes).map(parseWish);
  const refused = new Set(wishes.filter((wish) => wish.weight === 0).map((wish) => spoken(wish.tag)));
  let best: { language: Language; weight: number } | undefined;
  for (const { tag, weight } of wishes) {
    const language = tag === '*' ? languages.find((each) => !refused.has(each)) : spoken(tag);
    if (language !== undefined && weight > (best?.weight ?? 0)) best = { language, weight };
  }
  return best?.language ?? languages[0];
}
