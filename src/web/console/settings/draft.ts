import type { SettingShape, SettingsPatch } from '../../../admin/index.ts';

/** What was typed and is not saved yet, by key, as the command line takes it; `null` puts a setting back to its default. */
export type Draft = { readonly [Key in SettingShape['key']]?: string | null };

/** What a control shows: what was typed, else what is in force. */
export const shownText = (item: SettingShape, draft: Draft): string => {
  const typed = draft[item.key];
  if (typed === undefined) return item.text;
  return typed ?? item.defaultText;
};

/** The draft after `text` was typed: without the key when that is what is in force anyway. */
export function typedInto(draft: Draft, item: SettingShape, text: string | null): Draft {
  const { [item.key]: _before, ...rest } = draft;
  const same = text === item.text || (text === null && item.text === item.defaultText);
  return same && !item.unreadable ? rest : { ...rest, [item.key]: text };
}

const numbers: readonly SettingShape['unit'][] = ['steps', 'minutes', 'seconds', 'digits'];

export const isNumber = ({ unit }: SettingShape): boolean => numbers.includes(unit);

/** Whether what was typed can be saved; the server judges it again. */
export function isAllowed(item: SettingShape, text: string): boolean {
  const { key, unit, minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = item;
  if (isNumber(item)) {
    return /^\d{1,9}$/.test(text.trim()) && Number(text) >= minimum && Number(text) <= maximum;
  }
  if (unit === 'set') return text !== '';
  if (key === 'enrolment') {
    const days = /^days\((\d{1,3})\)$/.exec(text)?.[1];
    return days === undefined ? ['open', 'ticket'].includes(text) : Number(days) >= 1 && Number(days) <= 365;
  }
  if (unit !== 'text') return true;
  const length = [...text.trim()].length;
  if (length < minimum || length > maximum) return false;
  if (key === 'issuer') return !text.includes(':');
  return key !== 'smsMessage' || text.includes('%CODE%');
}

/** The value that a change takes. */
function changeTo(item: SettingShape, text: string): unknown {
  if (isNumber(item)) return Number(text);
  if (item.unit === 'switch') return text === 'on';
  if (item.unit === 'set') return text.split(', ');
  const days = item.key === 'enrolment' ? /^days\((\d+)\)$/.exec(text)?.[1] : undefined;
  return days === undefined ? text : { days: Number(days) };
}

/** What to send; undefined while something that was typed can't be saved. */
export function patchOf(items: readonly SettingShape[], draft: Draft): SettingsPatch | undefined {
  const changed = items.filter(({ key }) => draft[key] !== undefined);
  if (
    changed.some((item) => typeof draft[item.key] === 'string' && !isAllowed(item, draft[item.key] ?? ''))
  ) {
    return undefined;
  }
  return Object.fromEntries(
    changed.map((item) => {
      const text = draft[item.key] ?? null;
      return [item.key, text === null ? null : changeTo(item, text)];
    }),
  );
}
