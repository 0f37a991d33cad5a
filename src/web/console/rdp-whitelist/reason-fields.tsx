import { TextInput } from '@mantine/core';
import { fromField, useWords } from '../users/words.ts';

/** Why somebody needs no code, and until when; `until` as a `datetime-local` field has it. */
export type Draft = { readonly reason: string; readonly until: string };
export type Mistakes = { readonly reason?: string; readonly until?: string };

export const bodyOf = ({ reason, until }: Draft): { reason: string; until?: string } => {
  const moment = fromField(until);
  return { reason: reason.trim(), ...(moment === undefined ? {} : { until: moment }) };
};

/** What has to be put right before it is sent. */
export function useMistakes(): (draft: Draft, before?: Draft) => Mistakes {
  const { t } = useWords();
  return ({ reason, until }, before) => {
    const moment = fromField(until);
    // An end that is over already may stay while the reason changes.
    const past = moment !== undefined && until !== before?.until && Date.parse(moment) <= Date.now();
    return {
      ...(reason.trim() === '' ? { reason: t('console.users.drawer.required') } : {}),
      ...(past ? { until: t('console.users.drawer.no-time') } : {}),
    };
  };
}

type ReasonFieldsProps = {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly mistakes: Mistakes;
  readonly readOnly?: boolean;
};

export function ReasonFields({ draft, onChange, mistakes, readOnly = false }: ReasonFieldsProps) {
  const { t } = useWords();
  return (
    <>
      <TextInput
        size="md"
        label={t('console.rdp.reason')}
        description={t('console.rdp.reason-hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={draft.reason}
        maxLength={200}
        readOnly={readOnly}
        error={mistakes.reason}
        errorProps={{ role: 'alert' }}
        onChange={(event) => onChange({ ...draft, reason: event.currentTarget.value })}
      />
      <TextInput
        size="md"
        type="datetime-local"
        label={t('console.rdp.until')}
        description={t('console.rdp.until-hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={draft.until}
        readOnly={readOnly}
        error={mistakes.until}
        errorProps={{ role: 'alert' }}
        onChange={(event) => onChange({ ...draft, until: event.currentTarget.value })}
      />
    </>
  );
}
