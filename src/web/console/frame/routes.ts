import { type ComponentType, lazy } from 'react';
import type { ConsoleTextKey } from '../../../admin/index.ts';
import type { Permission } from './console-context.tsx';

export type Place = {
  /** Everything below it belongs to the page too. */
  readonly path: string;
  readonly name: ConsoleTextKey;
  /** Hidden from whoever may less. */
  readonly may: Permission;
  readonly scope: 'subscription' | 'site';
  /** A page that belongs to the one above it in the navigation. */
  readonly below?: true;
  readonly Page: ComponentType;
};

type Module = { readonly Page: ComponentType };

/** A page whose script is fetched when somebody goes there. */
const later = (load: () => Promise<Module>): ComponentType =>
  lazy(async () => ({ default: (await load()).Page }));

/** Every page of the console in the order of its navigation. Each is `src/web/console/<page>/<page>-page.tsx` and exports `Page`. */
export const places: readonly Place[] = [
  {
    path: '/',
    name: 'console.nav.home',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../home/home-page.tsx')),
  },
  {
    path: '/users',
    name: 'console.nav.users',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../users/users-page.tsx')),
  },
  {
    path: '/sessions',
    name: 'console.nav.sessions',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../sessions/sessions-page.tsx')),
  },
  {
    path: '/applications',
    name: 'console.nav.applications',
    may: 'see',
    scope: 'site',
    Page: later(() => import('../applications/applications-page.tsx')),
  },
  {
    path: '/messages',
    name: 'console.nav.messages',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../messages/messages-page.tsx')),
  },
  {
    path: '/settings',
    name: 'console.nav.settings',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../settings/settings-page.tsx')),
  },
  {
    path: '/branding',
    name: 'console.nav.branding',
    may: 'see',
    scope: 'subscription',
    below: true,
    Page: later(() => import('../branding/branding-page.tsx')),
  },
  {
    path: '/alerts',
    name: 'console.nav.alerts',
    may: 'see',
    scope: 'site',
    below: true,
    Page: later(() => import('../alerts/alerts-page.tsx')),
  },
  {
    path: '/rdp-whitelist',
    name: 'console.nav.rdp-whitelist',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../rdp-whitelist/rdp-whitelist-page.tsx')),
  },
  {
    path: '/audit',
    name: 'console.nav.audit',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../audit/audit-page.tsx')),
  },
  {
    path: '/administrators',
    name: 'console.nav.administrators',
    may: 'see',
    scope: 'subscription',
    Page: later(() => import('../administrators/administrators-page.tsx')),
  },
  {
    path: '/licence',
    name: 'console.nav.licence',
    may: 'see',
    scope: 'site',
    Page: later(() => import('../licence/licence-page.tsx')),
  },
  {
    path: '/subscriptions',
    name: 'console.nav.subscriptions',
    may: 'see',
    scope: 'site',
    Page: later(() => import('../subscriptions/subscriptions-page.tsx')),
  },
];

/** The place that an address belongs to. */
export const placeAt = (path: string): Place | undefined =>
  places
    .filter((place) => path === place.path || (place.path !== '/' && path.startsWith(`${place.path}/`)))
    .at(-1);
