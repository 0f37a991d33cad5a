import { Link } from '../frame/link.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useQueryText } from '../parts/use-query-text.ts';
import { useTexts } from '../texts.ts';
import { InvitationsView } from './invitations-view.tsx';
import { PeopleView } from './people-view.tsx';
import { TokensView } from './tokens-view.tsx';

const views = { people: PeopleView, invitations: InvitationsView, tokens: TokensView } as const;
type View = keyof typeof views;
const viewNames = Object.keys(views) as View[];

/** Who administers what, who is invited to, and the programs that may. */
export function Page() {
  const { t } = useTexts();
  const [named] = useQueryText('view');
  const view = viewNames.find((each) => each === named) ?? 'people';
  const Shown = views[view];
  return (
    <>
      <PageHeader title={t('console.administrators.title')} purpose={t('console.administrators.purpose')} />
      <nav className="tabs" aria-label={t('console.administrators.views')}>
        {viewNames.map((each) => (
          <Link
            key={each}
            to={each === 'people' ? '/administrators' : `/administrators?view=${each}`}
            aria-current={each === view ? 'page' : undefined}
          >
            {t(`console.administrators.tab.${each}`)}
          </Link>
        ))}
      </nav>
      <Shown />
    </>
  );
}
