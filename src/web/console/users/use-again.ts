import { useEffect, useRef } from 'react';

/** Asks for something again whenever `round` is another one: something has changed elsewhere on the page. */
export function useAgain(round: number, reload: () => void): void {
  const seen = useRef(round);
  useEffect(() => {
    if (seen.current === round) return;
    seen.current = round;
    reload();
  }, [round, reload]);
}
