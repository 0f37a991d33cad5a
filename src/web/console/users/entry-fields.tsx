import { NativeSelect, TextInput } from '@mantine/core';
import type { ChangeEntryBody, EntryAnswer } from '../../../admin/index.ts';
import { fromField, type Method, toField, useWords } from './words.ts';

/** What is typed of an entry of the list. */
export type EntryDraft = {
  readonly mode: 'enabled' | 'exempt';
  readonly method: Method | 'default';
  readonly phone: string;
  readonly email: string;
  readonly reason: string;
  /** As a `datetime-local` field has it. */
  readonly until: string;
};
export type EntryMistakes = { readonly reason?: string; readonly until?: string };

const methods = ['default', 'app', 'sms', 'email'] as const;

export const emptyDraft: EntryDraft = {
  mode: 'enabled',
  method: 'default',
  phone: '',
  email: '',
  reason: '',
  until: '',
};

export const draftOf = (entry: EntryAnswer): EntryDraft => ({
  mode: entry.mode,
  method: entry.method ?? 'default',
  phone: entry.phone ?? '',
  email: entry.email ?? '',
  reason: entry.reason ?? '',
  until: toField(entry.until),
});

/** What to send for it; `alone`: about a single user, who may have a number and an address. */
export function bodyOf(draft: EntryDraft, alone: boolean): ChangeEntryBody {
  const { mode, method, phone, email, reason, until } = draft;
  if (mode === 'exempt') return { mode, reason: reason.trim(), until: fromField(until) ?? '' };
  return { mode, method, ...(alone ? { phone: phone.trim(), email: email.trim() } : {}) };
}

type EntryFieldsProps = {
  readonly draft: EntryDraft;
  readonly onChange: (draft: EntryDraft) => void;
  readonly mistakes: EntryMistakes;
  /** About a single user. */
  readonly alone: boolean;
  /** Everyone can't be exempt. */
  readonly exemptable: boolean;
  readonly readOnly: boolean;
};

/** How the list treats a user or a group. */
export function EntryFields(props: EntryFieldsProps) {
  const { draft, onChange, mistakes, alone, exemptable, readOnly } = props;
  const { t } = useWords();
  const set = (change: Partial<EntryDraft>): void => onChange({ ...draft, ...change });
  return (
    <>
      {exemptable && (
        <NativeSelect
          size="md"
          label={t('console.users.drawer.treat')}
          value={draft.mode}
          disabled={readOnly}
          onChange={(event) => set({ mode: event.currentTarget.value === 'exempt' ? 'exempt' : 'enabled' })}
          data={[
            { value: 'enabled', label: t('console.users.drawer.treat.enabled') },
            { value: 'exempt', label: t('console.users.drawer.treat.exempt') },
          ]}
        />
      )}
      {draft.mode === 'enabled' ? (
        <NativeSelect
          size="md"
          label={t('console.users.drawer.method')}
          description={alone ? t('console.users.method.default-hint') : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={draft.method}
          disabled={readOnly}
          onChange={(event) => set({ method: event.currentTarget.value as EntryDraft['method'] })}
          data={methods.map((value) => ({ value, label: t(`console.users.method.${value}`) }))}
        />
      ) : (
        <>
          <TextInput
            size="md"
            label={t('console.users.drawer.reason')}
            description={t('console.users.drawer.reason-hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={draft.reason}
            maxLength={200}
            readOnly={readOnly}
            error={mistakes.reason}
            errorProps={{ role: 'alert' }}
            onChange={(event) => set({ reason: event.currentTarget.value })}
          />
          <TextInput
            size="md"
            type="datetime-local"
            label={t('console.users.drawer.until')}
            description={t('console.users.drawer.until-hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={draft.until}
            readOnly={readOnly}
            error={mistakes.until}
            errorProps={{ role: 'alert' }}
            onChange={(event) => set({ until: event.currentTarget.value })}
          />
        </>
      )}
      {alone && draft.mode === 'enabled' && (
        <>
          <TextInput
            size="md"
            type="tel"
            label={t('console.users.drawer.phone')}
            description={t('console.users.drawer.phone-hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={draft.phone}
            autoComplete="off"
            readOnly={readOnly}
            onChange={(event) => set({ phone: event.currentTarget.value })}
          />
          <TextInput
            size="md"
            type="email"
            label={t('console.users.drawer.email')}
            value={draft.email}
            autoComplete="off"
            readOnly={readOnly}
            onChange={(event) => set({ email: event.currentTarget.value })}
          />
        </>
      )}
    </>
  );
}

/** What has to be put right before it is sent. */
export function useEntryMistakes(): (draft: EntryDraft) => EntryMistakes {
  const { t } = useWords();
  return ({ mode, reason, until }) => {
    if (mode === 'enabled') return {};
    const moment = fromField(until);
    return {
      ...(reason.trim() === '' ? { reason: t('console.users.drawer.required') } : {}),
      ...(moment === undefined || Date.parse(moment) <= Date.now()
        ? { until: t('console.users.drawer.no-time') }
        : {}),
    };
  };
}
