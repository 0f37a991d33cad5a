import type { Preview } from '../accounts/index.ts';
import type { Catalogue, Language } from '../catalogue/index.ts';
import { GatewayError } from '../errors.ts';
import { describeWarning } from './people.ts';
import type { Preview as PreviewAnswer } from './people-shapes.ts';

/** What a change would do, as an answer has it. */
export function describePreview(
  { count, names, loses, confirm, warnings, failed }: Preview,
  { catalogue, language }: { readonly catalogue: Pick<Catalogue, 'problem'>; readonly language: Language },
): PreviewAnswer {
  return {
    count,
    names: [...names],
    loses: { ...loses, names: [...loses.names] },
    ...(confirm === undefined ? {} : { confirm }),
    warnings: warnings.map(describeWarning),
    failed: failed.map(({ id, name, code }) => ({
      id,
      name,
      code,
      title: catalogue.problem(language, new GatewayError(code, { params: { name } })),
    })),
  };
}
