import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTexts } from '../texts.tsx';
import { Card } from './card.tsx';

/** What stands in place of a page that can't go on; with the button, all of it is fetched anew. */
function Lost() {
  const { t } = useTexts();
  return (
    <Card title={t('portal.lost.title')}>
      <p>{t('portal.lost.text')}</p>
      <Button size="md" fullWidth onClick={() => location.reload()}>
        {t('portal.lost.reload')}
      </Button>
    </Card>
  );
}

/**
 * Catches what a step of the page throws: mostly that its script can't be fetched, because the gateway was updated
 * while the page was open, or the connection is gone. Without it React would leave nothing at all.
 */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly lost: boolean }> {
  override state = { lost: false };

  static getDerivedStateFromError(): { lost: boolean } {
    return { lost: true };
  }

  override render(): ReactNode {
    return this.state.lost ? <Lost /> : this.props.children;
  }
}
