import { useEffect, useEffectEvent } from 'react';

/** Does something again and again, in milliseconds, while the page is looked at. */
export function useEvery(interval: number, work: () => void): void {
  const due = useEffectEvent(() => {
    if (document.visibilityState === 'visible') work();
  });
  useEffect(() => {
    const timer = setInterval(due, interval);
    return () => clearInterval(timer);
  }, [interval]);
}
