import type { portal as english } from '../en/portal.ts';
import type { Translation } from '../language.ts';

export const portal = {} as const satisfies Translation<typeof english>;
