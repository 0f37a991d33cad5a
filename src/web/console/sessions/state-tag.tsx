import type { SessionShape } from '../../../admin/index.ts';
import { useTexts } from '../texts.ts';

/** What a session may still do, in a word. */
export function StateTag({ session: { state, amr } }: { readonly session: SessionShape }) {
  const { t } = useTexts();
  const look = state === 'active' || state === 'granted' ? 'good' : state === 'revoked' ? 'refusal' : '';
  return (
    <span className="tags">
      <span className={`tag ${look}`.trim()}>{t(`console.sessions.state.${state}`)}</span>
      {amr.every((method) => method === 'pwd') && (
        <span className="tag attention">{t('console.sessions.password-only')}</span>
      )}
    </span>
  );
}
