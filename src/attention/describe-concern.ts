import type { Catalogue, Language } from '../catalogue/index.ts';
import type { Concern } from './concern.ts';

/** A concern in words: what it is, and what to do. Plain text. */
export function describeConcern(
  catalogue: Pick<Catalogue, 'text'>,
  language: Language,
  { kind, params }: Pick<Concern, 'kind' | 'params'>,
): { readonly title: string; readonly advice: string } {
  const named =
    params.channel === undefined
      ? params
      : {
          ...params,
          channel: catalogue.text(
            language,
            params.channel === 'sms' ? 'attention.channel.sms' : 'attention.channel.email',
          ),
        };
  return {
    title: catalogue.text(language, `attention.${kind}.title`, named),
    advice: catalogue.text(language, `attention.${kind}.advice`, named),
  };
}
