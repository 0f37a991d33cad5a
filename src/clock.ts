/** A started timer; cancelling twice, or after it fired, does nothing. */
export type Timer = { cancel(): void };

/** Time as every room sees it. Injected, so that tests move it instead of sleeping. */
export interface Clock {
  /** Milliseconds since the Unix epoch, UTC; may jump when the machine's clock is set. */
  now(): number;
  /** Milliseconds on a clock that never goes back; only differences mean anything. */
  monotonic(): number;
  /** Calls `task` once after `delay` milliseconds. Does not keep the process alive. */
  after(delay: number, task: () => void): Timer;
  /** Calls `task` every `interval` milliseconds until cancelled. Does not keep the process alive. */
  every(interval: number, task: () => void): Timer;
}

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(delay, task) {
    const handle = setTimeout(task, delay).unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(interval, task) {
    const handle = setInterval(task, interval).unref();
    return { cancel: () => clearInterval(handle) };
  },
};
