import { Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { AuditTypesAnswer } from '../../../admin/index.ts';
import { useConsole } from '../frame/console-context.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useTexts } from '../texts.ts';
import { eventSetNames } from './event-sets.ts';

const names = ['user', 'event', 'from', 'to', 'address', 'actor'] as const;
type Name = (typeof names)[number] | 'everywhere';
export type Filters = Readonly<Record<(typeof names)[number], string>>;

/** The filters as the address has them. */
export function useFilters() {
  const [params, setParams] = useSearchParams();
  const { may, subscriptions } = useConsole();
  const filters = Object.fromEntries(names.map((name) => [name, params.get(name) ?? ''])) as Filters;
  const set = (name: Name, text: string): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        if (text === '') after.delete(name);
        else after.set(name, text);
        return after;
      },
      { replace: true },
    );
  const clear = (): void =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const name of names) after.delete(name);
        return after;
      },
      { replace: true },
    );
  return {
    filters,
    /** With one subscription there is nothing to tell apart. */
    everywhere: may('see', 'site') && (subscriptions.length < 2 || params.get('everywhere') === 'true'),
    set,
    clear,
    narrowed: names.some((name) => filters[name] !== ''),
  };
}

type LogFiltersProps = {
  readonly filters: Filters;
  readonly types: AuditTypesAnswer['items'];
  readonly onSet: (name: Name, text: string) => void;
  readonly onClear: () => void;
  readonly onRefresh: () => void;
};

export function LogFilters({ filters, types, onSet, onClear, onRefresh }: LogFiltersProps) {
  const { t, locale } = useTexts();
  const { may, subscriptions } = useConsole();
  const [params] = useSearchParams();
  const sorted = [...types].sort((one, other) => one.title.localeCompare(other.title, locale));
  return (
    <div className="filters audit-filters">
      <SearchField name="user" label={t('console.audit.user')} />
      <NativeSelect
        size="md"
        label={t('console.audit.event')}
        value={filters.event}
        onChange={(event) => onSet('event', event.currentTarget.value)}
        data={[
          { value: '', label: t('console.audit.event.all') },
          {
            group: t('console.audit.group.sets'),
            items: eventSetNames.map((value) => ({ value, label: t(`console.audit.set.${value}`) })),
          },
          {
            group: t('console.audit.group.each'),
            items: sorted.map(({ type, title }) => ({ value: type, label: title })),
          },
        ]}
      />
      <Moment name="from" label={t('console.audit.from')} value={filters.from} onSet={onSet} />
      <Moment name="to" label={t('console.audit.to')} value={filters.to} onSet={onSet} />
      <SearchField name="address" label={t('console.audit.address')} />
      <SearchField name="actor" label={t('console.audit.actor')} />
      {may('see', 'site') && subscriptions.length > 1 && (
        <Switch
          size="md"
          label={t('console.audit.everywhere')}
          checked={params.get('everywhere') === 'true'}
          onChange={(event) => onSet('everywhere', event.currentTarget.checked ? 'true' : '')}
        />
      )}
      <div className="row">
        <Button variant="default" size="md" onClick={onClear}>
          {t('console.audit.clear')}
        </Button>
        <Button variant="default" size="md" onClick={onRefresh}>
          {t('console.audit.refresh')}
        </Button>
      </div>
    </div>
  );
}

type MomentProps = {
  readonly name: 'from' | 'to';
  readonly label: string;
  readonly value: string;
  readonly onSet: (name: Name, text: string) => void;
};

/** Until it is whole, what is typed stays in the field. */
function Moment({ name, label, value, onSet }: MomentProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <TextInput
      type="datetime-local"
      size="md"
      label={label}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onSet(name, event.currentTarget.value);
      }}
    />
  );
}
