import { Radio, Stack, Switch } from '@mantine/core';
import type { TokenShape } from '../../../admin/index.ts';
import { useConsole } from '../frame/console-context.tsx';
import { useTexts } from '../texts.ts';

type RoleName = TokenShape['role'];

export const rolesOfPeople = ['auditor', 'helpdesk', 'administrator', 'owner'] as const;
export type PersonsRole = (typeof rolesOfPeople)[number];

type RoleFieldsProps<Name extends RoleName> = {
  readonly roles: readonly Name[];
  readonly role: Name;
  readonly onRole: (role: Name) => void;
};

/** What each role may do, to choose one. */
export function RoleFields<Name extends RoleName>({ roles, role, onRole }: RoleFieldsProps<Name>) {
  const { t } = useTexts();
  return (
    <Radio.Group
      label={t('console.administrators.roles.title')}
      value={role}
      onChange={(value) => {
        const chosen = roles.find((each) => each === value);
        if (chosen !== undefined) onRole(chosen);
      }}
    >
      <Stack gap="xs">
        {roles.map((each) => (
          <Radio
            key={each}
            value={each}
            label={
              each === 'logon-check'
                ? t('console.administrators.role.logon-check')
                : t(`console.role.${each as PersonsRole}`)
            }
            description={t(`console.administrators.roles.${each}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

/** With several subscriptions: whether it holds in all of them. Whoever owns but one has no choice. */
export function EverywhereSwitch({
  everywhere,
  onChange,
}: {
  readonly everywhere: boolean;
  readonly onChange: (everywhere: boolean) => void;
}) {
  const { t } = useTexts();
  const { may, subscription, subscriptions } = useConsole();
  if (subscriptions.length < 2 || !may('own', 'site')) return null;
  return (
    <Switch
      size="md"
      label={t('console.administrators.everywhere', { name: subscription.name })}
      checked={everywhere}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** Where a role is given unless somebody says otherwise: with one subscription, everywhere is all there is. */
export function useUsualPlace(): boolean {
  const { may, subscriptions } = useConsole();
  return may('own', 'site') && subscriptions.length < 2;
}

/** What people call a role, and where it holds. */
export function useRoleWords() {
  const { t } = useTexts();
  const { subscriptions } = useConsole();
  return {
    role: (name: RoleName): string =>
      name === 'logon-check' ? t('console.administrators.role.logon-check') : t(`console.role.${name}`),
    place: (id: string | undefined): string =>
      id === undefined
        ? t('console.administrators.site')
        : t('console.administrators.in', { name: subscriptions.find((each) => each.id === id)?.name ?? id }),
  };
}
