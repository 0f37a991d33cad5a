import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTexts } from '../texts.ts';
import { useQueryText } from './use-query-text.ts';

type SearchFieldProps = {
  /** What is searched: "Name or user". */
  readonly label: string;
  /** The name in the address; `search` unless said. */
  readonly name?: string;
};

/** Milliseconds without a key, until the list is asked again. */
const pause = 200;

/**
 * Search as one types, kept in the address: `<SearchField label=… />` writes, `const [search] = useQueryText('search')`
 * reads what to ask the API for.
 */
export function SearchField({ label, name = 'search' }: SearchFieldProps) {
  const { t } = useTexts();
  const [search, setSearch] = useQueryText(name);
  const [typed, setTyped] = useState(search);
  const [seen, setSeen] = useState(search);

  // Back and forward change the address, not the field.
  if (search !== seen) {
    setSeen(search);
    if (search !== typed.trim()) setTyped(search);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: each key begins the pause anew, nothing else does.
  useEffect(() => {
    if (typed.trim() === search) return;
    const timer = setTimeout(() => setSearch(typed.trim()), pause);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <TextInput
      type="search"
      size="md"
      className="search"
      label={label}
      placeholder={t('console.search')}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      maxLength={128}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
