import type { cli as english } from '../en/cli.ts';
import type { Translation } from '../language.ts';

export const cli = {} as const satisfies Translation<typeof english>;
