import { useTexts } from '../texts.ts';
import type { LiveState } from './use-live.ts';

/** Whether what is shown follows by itself. */
export function LiveNote({ state }: { readonly state: LiveState }) {
  const { t } = useTexts();
  return (
    <p className="quiet live-note" role="status">
      {t(`console.sessions.live.${state}`)}
    </p>
  );
}
