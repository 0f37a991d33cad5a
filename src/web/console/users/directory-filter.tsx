import { NativeSelect } from '@mantine/core';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';

type Directories = { readonly items: readonly { readonly name: string; readonly local: boolean }[] };

/** The directories of the site, the local one first. */
export function useDirectories(): readonly string[] {
  const api = useApi();
  const { value } = useLoad(() => api.get<Directories>('pickers/directories'), 'directories');
  return value?.items.map(({ name }) => name) ?? [];
}

/** Which directory a list shows, kept in the address; nothing where there is one alone. */
export function DirectoryFilter() {
  const { t } = useTexts();
  const names = useDirectories();
  const [directory, setDirectory] = useQueryText('directory');
  if (names.length < 2) return null;
  return (
    <NativeSelect
      size="md"
      label={t('console.users.directory')}
      value={directory}
      onChange={(event) => setDirectory(event.currentTarget.value)}
      data={[{ value: '', label: t('console.users.any-directory') }, ...names]}
    />
  );
}
