import type { ComponentProps } from 'react';
import { Link as RouterLink, useLocation } from 'wouter';
import { useConsole } from './console-context.tsx';

/** An address of the console about the subscription that the reader has chosen. */
export function useHref(): (path: string) => string {
  const { subscription, subscriptions } = useConsole();
  return (path) => {
    if (subscription.id === subscriptions[0]?.id) return path;
    const [place = '', search = ''] = path.split('?');
    const params = new URLSearchParams(search);
    params.set('subscription', subscription.id);
    return `${place}?${params}`;
  };
}

/** Goes to an address of the console: `const go = useGo(); go('/users')`. */
export function useGo(): (path: string) => void {
  const href = useHref();
  const [, navigate] = useLocation();
  return (path) => navigate(href(path));
}

type LinkProps = Omit<ComponentProps<'a'>, 'href'> & { readonly to: string };

/** A link to another page of the console; the chosen subscription goes with it. */
export function Link({ to, ...props }: LinkProps) {
  const href = useHref();
  return <RouterLink {...props} href={href(to)} />;
}
