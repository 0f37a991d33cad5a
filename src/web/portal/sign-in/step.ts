import type { MethodId, OfferedMethodAnswer, SignInAnswer, StepAnswer } from '../../../portal/index.ts';
import type { Problem } from '../api.ts';

/** Where a sign-in stands. */
export type Step =
  | { readonly at: 'password'; readonly notice?: 'too-late'; readonly problem?: string }
  | { readonly at: 'code'; readonly methods: readonly OfferedMethodAnswer[]; readonly method: MethodId }
  | { readonly at: 'other'; readonly methods: readonly OfferedMethodAnswer[]; readonly method: MethodId }
  | { readonly at: 'enrol'; readonly methods: readonly OfferedMethodAnswer[]; readonly first: MethodId }
  | { readonly at: 'change-password'; readonly needsCurrent: boolean }
  | { readonly at: 'terms'; readonly version: string; readonly text: string }
  | { readonly at: 'recovery-codes'; readonly codes: readonly string[]; readonly next: Step }
  | { readonly at: 'clock'; readonly offset: number; readonly next: Step }
  | { readonly at: 'locked'; readonly until: number | undefined; readonly next: Step }
  | { readonly at: 'done'; readonly returnTo: string | undefined };

/** The step an answer leads to; undefined where it leaves us in place (`confirm-drift`). */
export function stepAfter(answer: SignInAnswer | StepAnswer): Step | undefined {
  switch (answer.status) {
    case 'verify':
      return { at: 'code', methods: answer.methods, method: answer.default };
    case 'enrol':
      return { at: 'enrol', methods: answer.methods, first: answer.default };
    case 'change-password':
      return { at: 'change-password', needsCurrent: answer.needsCurrent };
    case 'accept-terms':
      return { at: 'terms', version: answer.version, text: answer.text };
    case 'confirm-drift':
      return undefined;
    case 'done': {
      const done: Step = { at: 'done', returnTo: answer.returnTo };
      const clock: Step =
        answer.clockOffset === undefined ? done : { at: 'clock', offset: answer.clockOffset, next: done };
      return answer.recoveryCodes === undefined
        ? clock
        : { at: 'recovery-codes', codes: answer.recoveryCodes, next: clock };
    }
  }
}

const lost: readonly string[] = ['sign-in-expired', 'sign-in-required', 'wrong-step'];

/** The step a problem leads to; undefined where the step itself shows it. `from` is where it came from. */
export function stepAfterProblem(problem: Problem, from: Step): Step | undefined {
  // A wait that began with the last try there was: asking for another code would only be refused.
  const spent = problem.code === 'wrong-code' && problem.triesLeft === 0 && problem.retryAfter !== undefined;
  if (problem.code === 'locked' || spent) {
    const until = problem.retryAfter === undefined ? undefined : Date.now() + problem.retryAfter * 1000;
    return { at: 'locked', until, next: from };
  }
  if (from.at === 'password') return undefined;
  if (lost.includes(problem.code)) return { at: 'password', notice: 'too-late' };
  if (problem.code === 'already-enrolled' || problem.code === 'account-disabled') {
    return problem.detail === undefined ? { at: 'password' } : { at: 'password', problem: problem.detail };
  }
  return undefined;
}
