/** Takes the secret out of the address bar at once, so that neither history nor a screenshot keeps it. */
export function takeFragment(): string {
  const fragment = location.hash.slice(1);
  if (fragment !== '') history.replaceState(null, '', location.pathname + location.search);
  return fragment;
}
