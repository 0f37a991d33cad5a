import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTexts } from '../texts.ts';
import { PageHeader } from './page-header.tsx';

function Lost() {
  const { t } = useTexts();
  return (
    <>
      <PageHeader title={t('portal.lost.title')} purpose={t('portal.lost.text')} />
      <Button size="md" onClick={() => location.reload()}>
        {t('portal.lost.reload')}
      </Button>
    </>
  );
}

/** Catches what a page throws, mostly a script that can't be fetched: the navigation stays usable. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly lost: boolean }> {
  override state = { lost: false };

  static getDerivedStateFromError(): { lost: boolean } {
    return { lost: true };
  }

  override render(): ReactNode {
    return this.state.lost ? <Lost /> : this.props.children;
  }
}
