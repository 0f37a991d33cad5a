import { NativeSelect, PasswordInput, Switch, Textarea, TextInput } from '@mantine/core';
import { useTexts } from '../texts.ts';
import type { Draft, Field } from './fields.ts';

type SiteFormProps = {
  readonly fields: readonly Field[];
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** Names of fields that the server refused. */
  readonly refused: ReadonlySet<string>;
  readonly isNew: boolean;
  /** A password is kept. */
  readonly hasPassword: boolean;
};

/** The fields of an application or directory, the usual ones first. */
export function SiteForm({ fields, draft, refused, ...rest }: SiteFormProps) {
  const { t } = useTexts();
  const asked = fields.filter(
    ({ once, when }) =>
      (once !== true || rest.isNew) && (when === undefined || when[1](draft[when[0]] ?? '')),
  );
  const more = asked.filter((field) => field.more === true);
  const isFilled = more.some(({ name }) => refused.has(name));
  const one = (field: Field) => (
    <OneField key={field.name} field={field} draft={draft} refused={refused.has(field.name)} {...rest} />
  );
  return (
    <>
      {asked.filter((field) => field.more !== true).map(one)}
      <details className="more-fields" open={isFilled || undefined}>
        <summary>{t('console.applications.more')}</summary>
        <div className="form">{more.map(one)}</div>
      </details>
    </>
  );
}

type OneFieldProps = Pick<SiteFormProps, 'draft' | 'onChange' | 'hasPassword'> & {
  readonly field: Field;
  readonly refused: boolean;
};

function OneField({ field, draft, onChange, refused, hasPassword }: OneFieldProps) {
  const { t } = useTexts();
  const { name, label, hint, kind, choices = [] } = field;
  const value = draft[name] ?? '';
  const set = (text: string): void => onChange({ ...draft, [name]: text });
  const described = {
    size: 'md',
    label: t(label),
    description: hint === undefined ? undefined : t(hint),
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as (
      | 'label'
      | 'input'
      | 'description'
      | 'error'
    )[],
    error: refused ? t('console.applications.refused') : undefined,
    errorProps: { role: 'alert' as const },
    autoComplete: 'off',
    spellCheck: false,
  };
  switch (kind) {
    case 'switch':
      return (
        <Switch
          size="md"
          label={t(label)}
          description={hint === undefined ? undefined : t(hint)}
          checked={value === 'on'}
          onChange={(event) => set(event.currentTarget.checked ? 'on' : '')}
        />
      );
    case 'choice':
      return (
        <NativeSelect
          {...described}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
          data={choices.map((choice) => ({ value: choice.value, label: t(choice.label) }))}
        />
      );
    case 'lines':
      return (
        <Textarea
          {...described}
          rows={3}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'secret':
      return (
        <PasswordInput
          {...described}
          autoComplete="new-password"
          placeholder={hasPassword ? t('console.applications.kept') : undefined}
          visibilityToggleButtonProps={{ 'aria-label': t('console.applications.show-password') }}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...described}
          autoCapitalize="none"
          inputMode={kind === 'number' ? 'numeric' : 'text'}
          value={value}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
  }
}
