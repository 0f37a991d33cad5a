import { useSearchParams } from 'wouter';

/**
 * One part of the address' query as state, so that every view has a URL: `const [state, setState] =
 * useQueryText('state')`. Empty text takes it out. Replaces the entry of the history, unless `push` is true.
 */
export function useQueryText(name: string, push = false): readonly [string, (text: string) => void] {
  const [params, setParams] = useSearchParams();
  const set = (text: string): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (text === '') after.delete(name);
        else after.set(name, text);
        return after;
      },
      { replace: !push },
    );
  return [params.get(name) ?? '', set];
}
