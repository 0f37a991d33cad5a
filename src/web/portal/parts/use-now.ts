import { useEffect, useReducer } from 'react';

/** The time, told anew every `interval` milliseconds, and never older than what is drawn with it. */
export function useNow(interval: number): number {
  const [, tick] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => {
    const timer = setInterval(tick, interval);
    return () => clearInterval(timer);
  }, [interval]);
  return Date.now();
}
