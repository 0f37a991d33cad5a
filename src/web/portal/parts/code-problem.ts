import type { Problem } from '../api.ts';
import type { Translate } from '../texts.tsx';
import { formatTime } from '../times.ts';
import { describeProblem } from './use-action.ts';

type Expected = { readonly recovery: boolean; readonly digits: number | undefined };

/** The longest code there is (setting *Digits*). */
const most = 12;

/** What is wrong with the form of a code, told without asking the server: it would not be counted as a try. */
export function malformedCode(
  code: string,
  { recovery, digits }: Expected,
  t: Translate,
): string | undefined {
  if (recovery) return code === '' ? t('portal.code.recovery') : undefined;
  const right = digits === undefined ? /^\d{4,12}$/.test(code) : code.length === digits && /^\d+$/.test(code);
  if (right) return undefined;
  return digits === undefined
    ? t('portal.code.app')
    : t('portal.code.malformed', { count: Math.min(digits, most) });
}

/** What the reader is told of a refused code. */
export function describeCodeProblem(
  problem: Problem,
  recovery: boolean,
  { t, locale }: { readonly t: Translate; readonly locale: string },
): string {
  if (problem.triesLeft === 0 && problem.retryAfter !== undefined) {
    const now = new Date();
    const until = new Date(now.getTime() + problem.retryAfter * 1000);
    const time = formatTime({ t, locale }, until, now);
    return `${t('portal.locked.title')}. ${t('portal.locked.until', { time })}`;
  }
  if (recovery && problem.code === 'code-malformed') return t('portal.code.malformed-recovery');
  if (recovery && (problem.code === 'wrong-code' || problem.code === 'code-already-used')) {
    const left =
      problem.triesLeft === undefined ? '' : ` ${t('portal.code.tries-left', { count: problem.triesLeft })}`;
    return t('portal.code.wrong-recovery') + left;
  }
  return describeProblem(problem, t);
}
