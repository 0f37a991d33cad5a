const prefix = '/.sallyport/';

/** The stable addresses of the portal's pages. */
export const addresses = {
  api: `${prefix}api/v1/`,
  launcher: prefix,
  signIn: `${prefix}sign-in`,
  account: `${prefix}account`,
  signOut: `${prefix}sign-out`,
} as const;

/** The sign-in page that leads back to where the reader is now. */
export const signInAndBack = (): string =>
  `${addresses.signIn}?returnTo=${encodeURIComponent(location.pathname + location.search)}`;

/** Leaves for `target` if it is a page; for the launcher otherwise. What the server answered was checked there too. */
export function leaveFor(target: string | undefined): void {
  const url = URL.parse(target ?? addresses.launcher, location.href);
  const isPage = url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
  location.assign(isPage ? url.href : addresses.launcher);
}
