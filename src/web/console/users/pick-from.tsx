import { Checkbox, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PickedGroup, PickedUser } from '../../../admin/index.ts';
import { Failure } from '../parts/failure.tsx';
import { useDirectories } from './directory-filter.tsx';
import { useFound } from './use-found.ts';
import { type Named, useWords } from './words.ts';

type Candidate = Named & {
  readonly hint: string;
  readonly listed?: 'enabled' | 'exempt' | undefined;
  readonly disabled?: boolean;
};

type Kind = 'users' | 'groups';

type PickFromProps = {
  /** What can be looked for. */
  readonly kinds: readonly Kind[];
  readonly chosen: readonly Named[];
  readonly onToggle: (candidate: Named, on: boolean) => void;
};

/** Looks in all directories at once, or in one. */
export function PickFrom({ kinds, chosen, onToggle }: PickFromProps) {
  const { t } = useWords();
  const directories = useDirectories();
  const [kind, setKind] = useState<Kind>(kinds[0] ?? 'users');
  const [typed, setTyped] = useState('');
  const [directory, setDirectory] = useState('');
  const users = useFound<PickedUser>('users', kind === 'users' ? typed : '', directory);
  const groups = useFound<PickedGroup>('groups', kind === 'groups' ? typed : '', directory);
  const found = kind === 'users' ? users : groups;
  const candidates: readonly Candidate[] =
    kind === 'users'
      ? users.items.map(({ key, name, displayName, directory: of, listed, disabled }) => ({
          id: `user:${key}`,
          name: displayName,
          hint: t('console.users.of-directory', { name, directory: of }),
          listed,
          disabled,
        }))
      : [
          ...(typed.trim() === ''
            ? [
                {
                  id: 'everyone',
                  name: t('console.users.everyone'),
                  hint: t('console.users.everyone-hint'),
                },
              ]
            : []),
          ...groups.items.map(({ subject, name, directory: of, listed }) => ({
            id: subject,
            name,
            hint: t('console.users.group-of', { directory: of }),
            listed,
          })),
        ];

  return (
    <fieldset className="pick">
      <legend className="unseen">{t('console.users.pick.text')}</legend>
      {kinds.length > 1 && (
        <SegmentedControl
          size="md"
          aria-label={t('console.users.pick.kind')}
          value={kind}
          onChange={(value) => setKind(value === 'groups' ? 'groups' : 'users')}
          data={[
            { value: 'users', label: t('console.users.pick.users') },
            { value: 'groups', label: t('console.users.pick.groups') },
          ]}
          transitionDuration={0}
        />
      )}
      <div className="filters">
        <TextInput
          size="md"
          type="search"
          className="search"
          label={
            directory === ''
              ? t('console.users.pick.search')
              : t('console.users.pick.search-in', { directory })
          }
          placeholder={t('console.users.pick.begin')}
          value={typed}
          maxLength={128}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
          data-autofocus
        />
        {directories.length > 1 && (
          <NativeSelect
            size="md"
            label={t('console.users.directory')}
            value={directory}
            onChange={(event) => setDirectory(event.currentTarget.value)}
            data={[{ value: '', label: t('console.users.any-directory') }, ...directories]}
          />
        )}
      </div>
      <p className="unseen" role="status">
        {found.items.length > 0 && t('console.users.pick.found', { count: found.items.length })}
      </p>
      {found.problem !== undefined && <Failure problem={found.problem} />}
      {found.nobody && (
        <p className="quiet">
          {t(kind === 'users' ? 'console.users.pick.nobody' : 'console.users.pick.no-group')}
        </p>
      )}
      {found.unavailable.length > 0 && (
        <p className="quiet">
          {t('console.users.pick.unavailable', { directories: found.unavailable.join(', ') })}
        </p>
      )}
      {candidates.length > 0 && (
        <ul className="candidates">
          {candidates.map((one) => (
            <li key={one.id}>
              <Checkbox
                size="md"
                label={one.name}
                description={[
                  one.hint,
                  one.listed === 'enabled' ? t('console.users.pick.listed') : '',
                  one.listed === 'exempt' ? t('console.users.pick.exempt') : '',
                  one.disabled ? t('console.users.pick.disabled') : '',
                ]
                  .filter((part) => part !== '')
                  .join(' · ')}
                checked={chosen.some(({ id }) => id === one.id)}
                onChange={(event) => onToggle({ id: one.id, name: one.name }, event.currentTarget.checked)}
              />
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}

type ChosenProps = { readonly chosen: readonly Named[]; readonly onLeaveOut: (one: Named) => void };

/** Who is chosen so far, each to be left out again. */
export function Chosen({ chosen, onLeaveOut }: ChosenProps) {
  const { t } = useWords();
  return (
    <div>
      <p>
        <strong>{t('console.users.pick.chosen', { count: chosen.length })}</strong>
      </p>
      <ul className="chips">
        {chosen.map((one) => (
          <li key={one.id}>
            <span>{one.name}</span>
            <button
              type="button"
              aria-label={t('console.users.pick.leave-out', { name: one.name })}
              onClick={() => onLeaveOut(one)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
