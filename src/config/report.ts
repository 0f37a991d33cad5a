import type { ConfigIssue, Path } from './config-error.ts';

/** A mistake between settings; `value` as found. */
export type Mistake = Pick<ConfigIssue, 'mistake' | 'remedy'> & {
  readonly allowed?: string;
  readonly value?: unknown;
};

/** Takes a mistake at the setting of `path`. */
export type Report = (path: Path, mistake: Mistake) => void;
