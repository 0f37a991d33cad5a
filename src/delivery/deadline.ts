import type { Clock } from '../clock.ts';

/** Runs `work` with a signal that aborts after `milliseconds`, or when `closing` does. */
export async function withDeadline<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  options: { clock: Pick<Clock, 'after'>; milliseconds: number; closing: AbortSignal },
): Promise<Result> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = options.clock.after(options.milliseconds, abort);
  options.closing.addEventListener('abort', abort, { once: true });
  if (options.closing.aborted) abort();
  try {
    return await work(controller.signal);
  } finally {
    timer.cancel();
    options.closing.removeEventListener('abort', abort);
  }
}
