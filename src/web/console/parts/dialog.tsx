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
    <Modal.Root
      opened
      onClose={onClose}
      size={wide ? '44rem' : '30rem'}
      radius="0.75rem"
      closeOnClickOutside={false}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Mantine's header: inside a dialog it would count as a second banner of the page. */}
        <div className="over-head">
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('console.close')} />
        </div>
        <Modal.Body className="dialog">{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
