import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AppSetupAnswer } from '../../../portal/index.ts';
import { useTexts } from '../texts.tsx';
import { CopyButton } from './copy-button.tsx';

/** Four by four, as people read it out and type it. */
const groupsOf = (secret: string): readonly string[] => secret.match(/.{1,4}/g) ?? [];

/** A phone or tablet can't scan its own screen. */
const isHandheld = (): boolean => matchMedia('(pointer: coarse), (max-width: 30rem)').matches;

function QrCode({ svg }: { svg: string }) {
  const { t } = useTexts();
  // As an image, so that nothing in it can become part of the page.
  return (
    <figure className="qr">
      <img
        src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
        alt={t('portal.enrol.qr')}
        width={208}
        height={208}
      />
    </figure>
  );
}

function Key({ secret }: { secret: string }) {
  return <code className="key">{groupsOf(secret).join(' ')}</code>;
}

/** The key of a new authenticator app: to scan on a computer; to open or copy on a phone. */
export function AppSetup({ setup }: { setup: AppSetupAnswer }) {
  const { t } = useTexts();
  const [handheld] = useState(isHandheld);
  const [shown, setShown] = useState(false);

  if (!handheld) {
    return (
      <>
        <p>{t('portal.enrol.scan')}</p>
        <QrCode svg={setup.qrSvg} />
        <div className="key-line">
          <p>{t('portal.enrol.key')}</p>
          <Key secret={setup.secret} />
          <CopyButton text={setup.secret} label={t('portal.enrol.copy')} plain />
        </div>
      </>
    );
  }
  return (
    <>
      <p>{t('portal.enrol.phone')}</p>
      <div className="actions">
        <Button component="a" href={setup.uri} size="md" fullWidth>
          {t('portal.enrol.open')}
        </Button>
        <CopyButton text={setup.secret} label={t('portal.enrol.copy')} />
      </div>
      <div className="key-line">
        <p>{t('portal.enrol.key-phone')}</p>
        <Key secret={setup.secret} />
      </div>
      <button type="button" className="plain link" aria-expanded={shown} onClick={() => setShown(!shown)}>
        {t(shown ? 'portal.enrol.hide-qr' : 'portal.enrol.show-qr')}
      </button>
      {shown && <QrCode svg={setup.qrSvg} />}
    </>
  );
}
