import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts.ts';

type DialogProps = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** For a list or a form with two columns. */
  readonly wide?: boolean;
};

/** A question in the middle of the page; drawn only while it is asked: `{asking && <Dialog …>}`. Escape closes it. */
export function Dialog({ title, onClose, children, wide = false }: DialogProps) {
  const { t } = useTexts();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={wide ? '44rem' : '30rem'}
      radius="0.75rem"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('console.close') }}
      transitionProps={{ duration: 0 }}
    >
      <div className="dialog">{children}</div>
    </Modal>
  );
}
