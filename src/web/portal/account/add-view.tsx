import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { AddedFactorAnswer, AppSetupAnswer } from '../../../portal/index.ts';
import { call } from '../api.ts';
import { AppSetup } from '../parts/app-setup.tsx';
import { Card } from '../parts/card.tsx';
import { CodeForm } from '../parts/code-form.tsx';
import { useTexts } from '../texts.tsx';

type AddViewProps = {
  readonly setup: AppSetupAnswer;
  readonly onAdded: () => void;
  readonly onCancel: () => void;
};

/** A further phone: its key, a name for it, and its first code. */
export function AddView({ setup, onAdded, onCancel }: AddViewProps) {
  const { t } = useTexts();
  const [label, setLabel] = useState('');
  return (
    <Card title={t('portal.account.add-app')}>
      <AppSetup setup={setup} />
      <TextInput
        size="md"
        label={t('portal.account.label')}
        value={label}
        maxLength={64}
        onChange={(event) => setLabel(event.currentTarget.value)}
        autoComplete="off"
      />
      <CodeForm
        label={t('portal.enrol.code', { count: setup.digits })}
        digits={setup.digits}
        send={(code) =>
          call<AddedFactorAnswer>('POST', 'account/app/verify', {
            code,
            ...(label.trim() === '' ? {} : { label: label.trim() }),
          })
        }
        onAnswer={onAdded}
        autoFocus={false}
      />
      <button type="button" className="plain link" onClick={onCancel}>
        {t('portal.cancel')}
      </button>
    </Card>
  );
}
