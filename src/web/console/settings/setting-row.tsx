import { useId } from 'react';
import type { SettingShape } from '../../../admin/index.ts';
import { useFormat } from '../parts/use-format.ts';
import { type Translate, useTexts } from '../texts.ts';
import { isAllowed, isNumber } from './draft.ts';
import type { Change } from './history.tsx';
import { SettingControl } from './setting-control.tsx';

type SettingRowProps = {
  readonly item: SettingShape;
  /** What the control shows. */
  readonly text: string;
  readonly changed: boolean;
  /** Whether saving was tried: then an empty field is told too. */
  readonly strict: boolean;
  readonly last: Change | undefined;
  readonly onType: (text: string | null) => void;
  readonly onHistory: () => void;
};

/** A value in words: choices and switches have some. */
export function wordsFor(item: SettingShape, text: string, t: Translate): string {
  if (item.unit === 'switch') return t(text === 'on' ? 'console.settings.on' : 'console.settings.off');
  if (item.unit === 'set') {
    return text
      .split(', ')
      .filter((each): each is 'app' | 'sms' | 'email' => ['app', 'sms', 'email'].includes(each))
      .map((each) => t(`console.settings.choice.${each}`))
      .join(', ');
  }
  const days = item.key === 'enrolment' ? /^days\((\d+)\)$/.exec(text)?.[1] : undefined;
  if (days !== undefined) return t('console.settings.days', { count: Number(days) });
  if (item.unit === 'choice') return choiceText(item.key, text, t);
  if (isNumber(item)) return `${text} ${unitOf(item, t)}`;
  return text === '' ? t('console.settings.empty') : text;
}

export const unitOf = ({ unit }: SettingShape, t: Translate): string => t(`settings.unit.${unit}`);

const choices = {
  countFrom: ['first-session', 'last-session'],
  unlistedUsers: ['allow', 'deny'],
  enrolment: ['open', 'ticket'],
  rdpLogon: ['deny', 'on-request', 'after-verification'],
} as const;

export function choiceText(key: string, text: string, t: Translate): string {
  if (key === 'rdpLogon') {
    const known = choices.rdpLogon.find((each) => each === text);
    if (known !== undefined) return t(`console.settings.choice.rdp-${known}`);
  }
  const plain = [...choices.countFrom, ...choices.unlistedUsers, ...choices.enrolment].find(
    (each) => each === text,
  );
  return plain === undefined ? text : t(`console.settings.choice.${plain}`);
}

/** One setting: its control, what is allowed, its default, and who changed it last. */
export function SettingRow(props: SettingRowProps) {
  const { item, text, changed, strict, last, onType, onHistory } = props;
  const { t } = useTexts();
  const format = useFormat();
  const id = useId();
  const wrong = !isAllowed(item, text) && (text !== '' || strict);
  const standard = wordsFor(item, item.defaultText, t);

  return (
    <div className="setting" data-changed={changed || undefined} id={item.key}>
      <SettingControl
        item={item}
        text={text}
        onType={onType}
        describedBy={id}
        error={
          wrong ? t('console.settings.not-allowed', { range: rangeOf(item, t, format.number) }) : undefined
        }
      />
      {item.unreadable && <p className="message attention">{t('console.settings.unreadable')}</p>}
      <p className="quiet facts-line" id={id}>
        {(isNumber(item) || item.unit === 'text') && (
          <span>{t('console.settings.range', { range: rangeOf(item, t, format.number) })}</span>
        )}
        <span>{t('console.settings.default', { value: standard })}</span>
        {text !== item.defaultText && (
          <button
            type="button"
            className="plain"
            onClick={() => onType(null)}
            aria-label={t('console.settings.reset-of', { setting: item.title })}
          >
            {t('console.settings.reset')}
          </button>
        )}
        {last !== undefined && (
          <button type="button" className="plain" onClick={onHistory}>
            {t('console.settings.changed', {
              name: last.name ?? last.actor,
              time: format.moment(last.at),
            })}
          </button>
        )}
      </p>
    </div>
  );
}

function rangeOf(item: SettingShape, t: Translate, write: (value: number) => string): string {
  const { minimum, maximum, unit } = item;
  if (minimum === undefined || maximum === undefined) return item.range;
  const values = { minimum: write(minimum), maximum: write(maximum) };
  if (unit !== 'text') return t('console.settings.range.number', { ...values, unit: unitOf(item, t) });
  if (item.key === 'issuer') return t('console.settings.range.issuer', values);
  if (item.key === 'smsMessage') return t('console.settings.range.sms', values);
  return t('console.settings.range.text', values);
}
