import { NativeSelect } from '@mantine/core';
import type { GroupsAnswer, UserAnswer } from '../../../admin/index.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { Failure } from '../parts/failure.tsx';
import { useNotice } from '../parts/notice.tsx';
import { useAction } from '../parts/use-action.ts';
import { groupPath } from './calls.ts';
import { useWords } from './words.ts';

type LocalGroupsProps = { readonly user: UserAnswer; readonly onChanged: () => void };

/** So many to choose from; whoever has more finds the group on its own tab. */
const shown = 200;

/** The groups of a local user, to leave and to join. */
export function LocalGroups({ user, onChanged }: LocalGroupsProps) {
  const { t } = useWords();
  const api = useApi();
  const notify = useNotice();
  const { problem, run } = useAction();
  const known = useLoad(() => api.get<GroupsAnswer>('groups', { directory: 'local', limit: shown }));
  const others = (known.value?.items ?? [])
    .map(({ name }) => name)
    .filter((name) => !user.groups.includes(name));

  const change = (group: string, member: boolean): void =>
    run(async () => {
      const body = member ? { add: [user.key] } : { remove: [user.key] };
      await api.send('POST', `${groupPath(`local:${group}`)}/members`, { body });
      notify(
        t(member ? 'console.users.group.joined' : 'console.users.group.left', {
          name: user.displayName,
          group,
        }),
      );
      onChanged();
    });

  return (
    <>
      {user.groups.length === 0 && <span>{t('console.users.drawer.no-groups')}</span>}
      {user.groups.length > 0 && (
        <ul className="chips">
          {user.groups.map((group) => (
            <li key={group}>
              <span>{group}</span>
              <button
                type="button"
                aria-label={t('console.users.group.leave', { group })}
                onClick={() => change(group, false)}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <NativeSelect
          size="md"
          aria-label={t('console.users.group.join')}
          value=""
          onChange={(event) => event.currentTarget.value !== '' && change(event.currentTarget.value, true)}
          data={[{ value: '', label: t('console.users.group.join') }, ...others]}
        />
      )}
      {problem !== undefined && <Failure problem={problem} />}
    </>
  );
}
