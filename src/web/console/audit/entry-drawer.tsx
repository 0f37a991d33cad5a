import type { AuditEntryShape } from '../../../admin/index.ts';
import { segment } from '../api/request.ts';
import { useApi } from '../api/use-api.ts';
import { useLoad } from '../api/use-load.ts';
import { Link } from '../frame/link.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { SideDrawer } from '../parts/side-drawer.tsx';
import { useFormat } from '../parts/use-format.ts';
import { useTexts } from '../texts.ts';

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

type EntryDrawerProps = {
  readonly id: string;
  /** Where the list has it; else it is asked for. */
  readonly shown: AuditEntryShape | undefined;
  readonly everywhere: boolean;
  readonly onClose: () => void;
};

/** Everything that one entry says. */
export function EntryDrawer({ id, shown, everywhere, onClose }: EntryDrawerProps) {
  const { t } = useTexts();
  const api = useApi();
  const query = everywhere ? { everywhere: true } : {};
  const loaded = useLoad(
    async () => shown ?? (await api.get<AuditEntryShape>(`audit/entries/${segment(id)}`, query)),
    `${id} ${everywhere} ${shown === undefined}`,
  );
  const entry = shown ?? loaded.value;
  return (
    <SideDrawer title={entry?.title ?? t('console.audit.entry')} onClose={onClose}>
      {entry !== undefined && <Details entry={entry} />}
      {entry === undefined && loaded.problem === undefined && <Loading />}
      {entry === undefined && loaded.problem?.code === 'not-found' && <p>{t('console.audit.entry.gone')}</p>}
      {entry === undefined && loaded.problem !== undefined && loaded.problem.code !== 'not-found' && (
        <Failure problem={loaded.problem} onAgain={loaded.reload} />
      )}
    </SideDrawer>
  );
}

const labelled = [
  'result',
  'reason',
  'name',
  'user',
  'actor',
  'address',
  'browser',
  'session',
  'application',
  'subscription',
  'from',
  'to',
  'until',
  'method',
  'role',
  'server',
] as const;

function Details({ entry }: { readonly entry: AuditEntryShape }) {
  const { t } = useTexts();
  const format = useFormat();
  const { id, at, type, userName, actorName, event } = entry;
  const { type: _type, origin, ...said } = event;
  const fields = Object.entries({ ...said, ...(typeof origin === 'object' ? origin : {}) });
  const user = textOf(event.user);
  const name = userName ?? textOf(event.name) ?? user;
  const label = (field: string): string => {
    const known = labelled.find((each) => each === field);
    return known === undefined ? field : t(`console.audit.field.${known}`);
  };
  const show = (field: string, value: unknown): string => {
    if (field === 'until' && typeof value === 'number') return format.momentInZone(value);
    if (field === 'actor' && actorName !== undefined) return `${actorName} (${String(value)})`;
    if (typeof value === 'string') return value;
    return Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
  };
  return (
    <>
      <dl className="facts">
        <dt>{t('console.audit.time')}</dt>
        <dd>
          <time dateTime={at}>{format.momentInZone(at)}</time> ({format.second(at)})
        </dd>
        <dt>{t('console.audit.entry.type')}</dt>
        <dd>
          <code>{type}</code>
        </dd>
        {fields.map(([field, value]) => (
          <div key={field} className="fact">
            <dt>{label(field)}</dt>
            <dd>{show(field, value)}</dd>
          </div>
        ))}
        <dt>{t('console.audit.entry.id')}</dt>
        <dd>
          <code>{id}</code>
        </dd>
      </dl>
      {user !== undefined && name !== undefined && (
        <ul className="links">
          <li>
            <Link to={`/audit?user=${segment(user)}`}>{t('console.audit.entry.all-of', { name })}</Link>
          </li>
          <li>
            <Link to={`/audit?view=why&user=${segment(user)}`}>{t('console.audit.entry.why', { name })}</Link>
          </li>
        </ul>
      )}
    </>
  );
}
