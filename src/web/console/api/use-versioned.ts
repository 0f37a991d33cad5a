import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../texts.ts';
import { Problem } from './request.ts';
import { useApi } from './use-api.ts';
import { useLoad } from './use-load.ts';

type Saved = 'saved' | 'conflict';

/**
 * One thing that may be changed by several people: `const user = useVersioned<User>('users/…')`. It is read with its
 * version; `await user.save('PATCH', body)` changes it only if it still is that version and resolves to `conflict`
 * otherwise: then `user.theirs` holds what is there now, for a `ConflictDialog`; `user.save(…)` once more saves upon it,
 * `user.takeTheirs()` shows it. The answer of a change has to be the whole thing again, with its `ETag`; where it is empty,
 * the thing is read anew.
 */
export function useVersioned<Value>(path: string, scope: 'subscription' | 'site' = 'subscription') {
  const api = useApi(scope);
  const { language } = useTexts();
  const loaded = useLoad(() => api.read<Value>(path), path);
  const { reload } = loaded;
  const written = useRef(language);
  // Answers hold texts too.
  useEffect(() => {
    if (written.current === language) return;
    written.current = language;
    reload();
  }, [language, reload]);
  const [theirs, setTheirs] = useState<{ value: Value; etag: string }>();

  async function save(method: 'PUT' | 'PATCH' | 'POST' | 'DELETE', body?: object, at = path): Promise<Saved> {
    const ifMatch = (theirs ?? loaded.value)?.etag ?? '';
    try {
      const answer = await api.change<Value | undefined>(method, at, {
        ifMatch,
        ...(body === undefined ? {} : { body }),
      });
      setTheirs(undefined);
      if (answer.value === undefined || answer.etag === '') {
        if (method !== 'DELETE') loaded.reload();
      } else loaded.replace({ value: answer.value, etag: answer.etag });
      return 'saved';
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.code !== 'changed-meanwhile') throw thrown;
      setTheirs(await api.read<Value>(path));
      return 'conflict';
    }
  }

  return {
    value: loaded.value?.value,
    problem: loaded.problem,
    loading: loaded.loading,
    reload: loaded.reload,
    save,
    /** What somebody else has made of it, while the person decides. */
    theirs: theirs?.value,
    takeTheirs(): void {
      if (theirs !== undefined) loaded.replace(theirs);
      setTheirs(undefined);
    },
    /** Back to what was typed, without a decision. */
    undecided: () => setTheirs(undefined),
  };
}
