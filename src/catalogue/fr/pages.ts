import type { pages as english } from '../en/pages.ts';
import type { Translation } from '../language.ts';

export const pages = {} as const satisfies Translation<typeof english>;
