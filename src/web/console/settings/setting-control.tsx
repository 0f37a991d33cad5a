import { Checkbox, Radio, Switch, Textarea, TextInput } from '@mantine/core';
import type { SettingShape } from '../../../admin/index.ts';
import { type Translate, useTexts } from '../texts.ts';
import { isNumber } from './draft.ts';
import { choiceText, unitOf } from './setting-row.tsx';

type SettingControlProps = {
  readonly item: SettingShape;
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly error: string | undefined;
  /** Id of the line that says what is allowed. */
  readonly describedBy: string;
};

const order = ['label', 'description', 'input', 'error'] as const;

/** The control that fits a setting's unit; always with its name, and what it means. */
export function SettingControl(props: SettingControlProps) {
  const { item, text, onType, error } = props;
  const { t } = useTexts();
  const common = {
    size: 'md' as const,
    label: item.title,
    description: item.help,
    error,
    errorProps: { role: 'alert' },
  };
  if (item.unit === 'switch') {
    return (
      <Switch
        size="md"
        label={item.title}
        description={item.help}
        checked={text === 'on'}
        onChange={(event) => onType(event.currentTarget.checked ? 'on' : 'off')}
      />
    );
  }
  if (item.unit === 'set') {
    const all = item.choices ?? [];
    return (
      <Checkbox.Group
        {...common}
        inputWrapperOrder={[...order]}
        value={text === '' ? [] : text.split(', ')}
        onChange={(chosen) => onType(all.filter((each) => chosen.includes(each)).join(', '))}
      >
        <div className="choices">
          {all.map((each) => (
            <Checkbox key={each} size="md" value={each} label={methodText(each, t)} />
          ))}
        </div>
      </Checkbox.Group>
    );
  }
  if (item.unit === 'choice') return <Choice {...props} />;
  if (item.key === 'validityAfterFirstSession') return <MinutesAndHours {...props} />;
  if (isNumber(item)) {
    return (
      <TextInput
        {...common}
        className="number"
        inputWrapperOrder={[...order]}
        inputMode="numeric"
        autoComplete="off"
        maxLength={9}
        value={text}
        onChange={(event) => onType(event.currentTarget.value.trim())}
        rightSection={<span className="unit">{unitOf(item, t)}</span>}
        rightSectionWidth="auto"
        aria-describedby={props.describedBy}
      />
    );
  }
  const Field = item.key === 'smsMessage' ? Textarea : TextInput;
  return (
    <Field
      {...common}
      {...(item.key === 'smsMessage' ? { autosize: false, rows: 3 } : {})}
      inputWrapperOrder={[...order]}
      value={text}
      autoComplete="off"
      onChange={(event: { currentTarget: { value: string } }) => onType(event.currentTarget.value)}
    />
  );
}

function methodText(each: string, t: Translate): string {
  if (each === 'app') return t('console.settings.choice.app');
  if (each === 'sms') return t('console.settings.choice.sms');
  return each === 'email' ? t('console.settings.choice.email') : each;
}

/** Some of the choices carry a number of days with them. */
function Choice({ item, text, onType, error }: SettingControlProps) {
  const { t } = useTexts();
  const days = /^days\((\d*)\)$/.exec(text)?.[1];
  const plain = item.key === 'enrolment' ? ['open', 'days', 'ticket'] : (item.choices ?? []);
  return (
    <Radio.Group
      size="md"
      label={item.title}
      description={item.help}
      error={error}
      errorProps={{ role: 'alert' }}
      inputWrapperOrder={[...order]}
      value={days === undefined ? text : 'days'}
      onChange={(chosen) => onType(chosen === 'days' ? 'days(14)' : chosen)}
    >
      <div className="choices">
        {plain.map((each) => (
          <Radio
            key={each}
            size="md"
            value={each}
            label={each === 'days' ? t('console.settings.choice.days') : choiceText(item.key, each, t)}
          />
        ))}
      </div>
      {days !== undefined && (
        <TextInput
          size="md"
          className="number"
          label={t('console.settings.days-label')}
          inputMode="numeric"
          maxLength={3}
          value={days}
          onChange={(event) => onType(`days(${event.currentTarget.value.replaceAll(/\D/g, '')})`)}
        />
      )}
    </Radio.Group>
  );
}

/** Minutes, or the same typed in hours: whoever thinks in working days needn't reckon. */
function MinutesAndHours({ item, text, onType, error, describedBy }: SettingControlProps) {
  const { t, locale } = useTexts();
  const hours = /^\d+$/.test(text)
    ? new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 2 }).format(
        Number(text) / 60,
      )
    : '';
  return (
    <div className="side-by-side">
      <TextInput
        size="md"
        label={item.title}
        description={item.help}
        error={error}
        errorProps={{ role: 'alert' }}
        className="number"
        inputWrapperOrder={[...order]}
        inputMode="numeric"
        autoComplete="off"
        maxLength={9}
        value={text}
        onChange={(event) => onType(event.currentTarget.value.trim())}
        rightSection={<span className="unit">{unitOf(item, t)}</span>}
        rightSectionWidth="auto"
        aria-describedby={describedBy}
      />
      <TextInput
        key={hours}
        size="md"
        className="number"
        label={t('console.settings.in-hours')}
        inputMode="decimal"
        autoComplete="off"
        maxLength={9}
        defaultValue={hours}
        onBlur={(event) => {
          const typed = Number(event.currentTarget.value.trim().replace(',', '.'));
          if (Number.isFinite(typed) && typed > 0) onType(String(Math.round(typed * 60)));
        }}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
    </div>
  );
}
