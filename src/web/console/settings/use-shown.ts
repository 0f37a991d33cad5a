import { useEffect, useRef, useState } from 'react';
import type { SettingShape, SettingsPreviewAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { type Draft, isAllowed } from './draft.ts';

/** Milliseconds without a key, until it is asked what the settings would mean. */
const pause = 200;

/** What the settings mean as they stand on the page; stays as it was while something typed can't be one. */
export function useShown(items: readonly SettingShape[], draft: Draft): SettingsPreviewAnswer | undefined {
  const api = useApi();
  const [preview, setPreview] = useState<SettingsPreviewAnswer>();
  const first = useRef(true);
  const query = Object.fromEntries(
    items.flatMap((item) => {
      const text = draft[item.key];
      if (text === undefined) return [];
      return [[item.key, text ?? item.defaultText]];
    }),
  );
  const allowed = items.every(
    (item) => query[item.key] === undefined || isAllowed(item, query[item.key] ?? ''),
  );
  const key = JSON.stringify([items.map(({ text }) => text), query]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` holds all that is asked.
  useEffect(() => {
    if (!allowed || items.length === 0) return;
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        first.current = false;
        // A preview that can't be had is no news: saving says what is wrong.
        api.get<SettingsPreviewAnswer>('settings/preview', query, abort.signal).then(setPreview, () => {});
      },
      first.current ? 0 : pause,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [api, key, allowed]);
  return preview;
}
