import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useTexts } from '../texts.ts';

/**
 * What is open beside a list, kept in the address: `const place = useDrawer('/users')`, then `place.open` is the key of
 * `/users/<key>` or undefined, `place.show(key)` opens it and `place.close()` closes it; search and filters stay as they
 * are. `place.href(key)` is for links.
 */
export function useDrawer(base: string) {
  const [, navigate] = useLocation();
  const search = useSearch();
  const suffix = search === '' ? '' : `?${search}`;
  // As it stands in the address: the router decodes half of it.
  const path = location.pathname;
  const encoded = path.startsWith(`${base}/`) ? path.slice(base.length + 1).split('/')[0] : undefined;
  const href = (key: string): string => `${base}/${encodeURIComponent(key)}${suffix}`;
  return {
    open: encoded === undefined || encoded === '' ? undefined : decodeSafely(encoded),
    href,
    show: (key: string) => navigate(href(key)),
    close: () => navigate(`${base}${suffix}`),
  };
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type SideDrawerProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Details beside a list that keeps its place: `{place.open && <SideDrawer title=… onClose={place.close}>…}`. */
export function SideDrawer({ title, onClose, children }: SideDrawerProps) {
  const { t } = useTexts();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="34rem" transitionProps={{ duration: 0 }}>
      <Drawer.Overlay />
      <Drawer.Content>
        {/* Not Mantine's header: inside a dialog it would count as a second banner of the page. */}
        <div className="over-head">
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label={t('console.close')} />
        </div>
        <Drawer.Body className="drawer">{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
