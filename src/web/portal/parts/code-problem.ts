import type { Problem } from '../api.ts';
import type { Translate } from '../texts.tsx';
import { formatTime } from '../times.ts';
import { type CodeKind, isGrouped } from './code-kind.ts';
import { describeProblem } from './use-action.ts';

type Expected = { readonly kind: CodeKind; readonly digits: number | undefined };
type Reader = { readonly t: Translate; readonly locale: string };

/** The longest code there is (setting *Digits*). */
const most = 12;

/** What is wrong with the form of a code, told without asking the server: it would not be counted as a try. */
export function malformedCode(code: string, { kind, digits }: Expected, t: Translate): string | undefined {
  if (isGrouped(kind)) {
    if (code !== '') return undefined;
    return t(kind === 'recovery' ? 'portal.code.recovery' : 'portal.code.bypass');
  }
  const right = digits === undefined ? /^\d{4,12}$/.test(code) : code.length === digits && /^\d+$/.test(code);
  if (right) return undefined;
  return digits === undefined
    ? t('portal.code.digits-only')
    : t('portal.code.malformed', { count: Math.min(digits, most) });
}

/** "3 tries left." after what went wrong; nothing where no wait begins with the last of them. */
function withTries(text: string, { triesLeft = 0 }: Problem, t: Translate): string {
  return triesLeft === 0 ? text : `${text} ${t('portal.code.tries-left', { count: triesLeft })}`;
}

/** What the reader is told of a refused code. */
export function describeCodeProblem(problem: Problem, kind: CodeKind, { t, locale }: Reader): string {
  if (problem.triesLeft === 0 && problem.retryAfter !== undefined) {
    const now = new Date();
    const until = new Date(now.getTime() + problem.retryAfter * 1000);
    const time = formatTime({ t, locale }, until, now);
    return `${t('portal.locked.title')}. ${t('portal.locked.until', { time })}`;
  }
  const wrong = problem.code === 'wrong-code';
  const used = problem.code === 'code-already-used';
  if (kind === 'sent') {
    if (wrong) return withTries(t('portal.code.wrong-sent'), problem, t);
    if (used) return t('portal.code.used-sent');
  }
  if (kind === 'recovery') {
    if (wrong || used) return withTries(t('portal.code.wrong-recovery'), problem, t);
    if (problem.code === 'code-malformed') return t('portal.code.malformed-recovery');
  }
  if (kind === 'bypass') {
    if (wrong || used) return withTries(t('portal.code.wrong-bypass'), problem, t);
    if (problem.code === 'code-malformed') return t('portal.code.malformed-bypass');
  }
  return describeProblem(problem, t);
}
