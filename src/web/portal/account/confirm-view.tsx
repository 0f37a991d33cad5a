import { useState } from 'react';
import type {
  AppSetupAnswer,
  MethodId,
  OfferedMethodAnswer,
  RecoveryCodesAnswer,
} from '../../../portal/index.ts';
import { call } from '../api.ts';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { useTexts } from '../texts.tsx';
import type { Change, View } from './view.ts';

type ConfirmViewProps = {
  readonly change: Change;
  readonly methods: readonly OfferedMethodAnswer[];
  readonly onView: (view: View) => void;
  readonly onCancel: () => void;
};

/** Asks for a code before a change to somebody's factors: an open browser alone must not be enough. */
export function ConfirmView({ change, methods, onView, onCancel }: ConfirmViewProps) {
  const { t } = useTexts();
  const [id, setId] = useState<MethodId>(methods.some((method) => method.id === 'app') ? 'app' : 'recovery');
  const other: MethodId = id === 'app' ? 'recovery' : 'app';
  const recovery = id === 'recovery';

  const title = {
    add: () => t('portal.account.add'),
    recovery: () => t('portal.account.recovery-title'),
    remove: () =>
      t('portal.account.remove-title', { label: change.kind === 'remove' ? change.app.label : '' }),
  }[change.kind]();

  async function send(code: string): Promise<View> {
    const proof = { method: id, code };
    switch (change.kind) {
      case 'add':
        return { at: 'add', setup: await call<AppSetupAnswer>('POST', 'account/app', proof) };
      case 'recovery': {
        const { recoveryCodes } = await call<RecoveryCodesAnswer>('POST', 'account/recovery', proof);
        return { at: 'codes', codes: recoveryCodes };
      }
      case 'remove':
        await call('POST', `account/factors/${encodeURIComponent(change.app.id)}/remove`, proof);
        return { at: 'overview', news: t('portal.account.removed', { label: change.app.label }) };
    }
  }

  return (
    <Card title={title}>
      {change.kind === 'remove' && <p>{t('portal.account.remove-text')}</p>}
      {change.kind === 'recovery' && <p>{t('portal.account.recovery-text')}</p>}
      <CodeForm
        key={id}
        label={t(recovery ? 'portal.account.confirm-recovery' : 'portal.account.confirm-app')}
        recovery={recovery}
        digits={methods.find((method) => method.id === id)?.digits}
        send={send}
        onAnswer={onView}
        submitLabel={t(change.kind === 'remove' ? 'portal.account.remove' : 'portal.continue')}
        destructive={change.kind === 'remove'}
      />
      <div className="row ends">
        <button type="button" className="plain" onClick={onCancel}>
          {t('portal.cancel')}
        </button>
        {methods.some((method) => method.id === other) && (
          <button type="button" className="plain" onClick={() => setId(other)}>
            {t(recovery ? 'portal.account.use-app' : 'portal.account.use-recovery')}
          </button>
        )}
      </div>
    </Card>
  );
}
