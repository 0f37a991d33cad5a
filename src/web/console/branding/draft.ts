import type { BrandingAnswer, BrandingBody } from '../../../admin/index.ts';

export const textFields = ['name', 'accent', 'helpdesk', 'terms'] as const;
export type TextField = (typeof textFields)[number];

/** A picture that was chosen and not yet saved; null takes the stored one away. */
export type DraftLogo = { readonly data: string; readonly preview: string } | null;

/** What was typed and chosen since the last saving. */
export type BrandingDraft = { readonly [Field in TextField]?: string } & { readonly logo?: DraftLogo };

/** What a field shows: what was typed, or what is stored. */
export function textOf(field: TextField, draft: BrandingDraft, stored: BrandingAnswer): string {
  const typed = draft[field];
  if (typed !== undefined) return typed;
  return field === 'terms' ? (stored.terms?.text ?? '') : (stored[field] ?? '');
}

/** What is sent: an empty field is as it comes. */
export function patchOf(draft: BrandingDraft): BrandingBody {
  const texts = textFields.flatMap((field) => {
    const typed = draft[field]?.trim();
    return typed === undefined ? [] : [[field, typed === '' ? null : typed] as const];
  });
  return {
    ...Object.fromEntries(texts),
    ...(draft.logo === undefined ? {} : { logo: draft.logo === null ? null : draft.logo.data }),
  };
}
