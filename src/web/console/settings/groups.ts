import type { ConsoleTextKey, SettingShape } from '../../../admin/index.ts';

type Key = SettingShape['key'];
type Group = {
  readonly id: string;
  readonly title: ConsoleTextKey;
  readonly keys: readonly (Key | 'rdpLogon')[];
};

/** The settings by what they are about; one that is new and named nowhere here comes last. */
const groups: readonly Group[] = [
  {
    id: 'who',
    title: 'console.settings.group.who',
    keys: ['enabled', 'methods', 'unlistedUsers', 'enrolment'],
  },
  {
    id: 'app',
    title: 'console.settings.group.app',
    keys: ['digits', 'discrepancy', 'driftTolerance', 'issuer'],
  },
  { id: 'sent', title: 'console.settings.group.sent', keys: ['smsMessage', 'codeLifespan'] },
  {
    id: 'time',
    title: 'console.settings.group.time',
    keys: ['validityBeforeFirstSession', 'validityAfterFirstSession', 'countFrom', 'closeAtExpiry'],
  },
  { id: 'rdp', title: 'console.settings.group.rdp', keys: ['rdpLogon'] },
  { id: 'help', title: 'console.settings.group.help', keys: ['helpdesk'] },
];

/** Every setting in exactly one group. */
export function grouped(
  items: readonly SettingShape[],
): readonly (Group & { readonly items: readonly SettingShape[] })[] {
  const named: ReadonlySet<string> = new Set(groups.flatMap(({ keys }) => keys));
  const rest = items.filter(({ key }) => !named.has(key)).map(({ key }) => key);
  const all = groups.map((group) => {
    const keys = group.id === 'help' ? [...group.keys, ...rest] : group.keys;
    return {
      ...group,
      items: keys.flatMap((key) => items.find((item) => item.key === key) ?? []),
    };
  });
  return all.filter((group) => group.items.length > 0);
}
