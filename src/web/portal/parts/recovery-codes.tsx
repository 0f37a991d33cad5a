import { Button } from '@mantine/core';
import { useTexts } from '../texts.tsx';
import { formatDate } from '../times.ts';
import { Card } from './card.tsx';
import { CopyButton } from './copy-button.tsx';
import { saveFile } from './save-file.ts';

type RecoveryCodesProps = {
  readonly codes: readonly string[];
  /** Whose they are, for the file; empty when it isn't known. */
  readonly name: string;
  readonly onKept: () => void;
};

/** The recovery codes, shown once: to download, copy or print. */
export function RecoveryCodes({ codes, name, onKept }: RecoveryCodesProps) {
  const { t, locale, site } = useTexts();
  const date = formatDate(locale, new Date());
  const head =
    name === ''
      ? t('portal.recovery.file-head', { site: site.name, date })
      : t('portal.recovery.file-head-named', { name, site: site.name, date });
  // Windows' editors read these line ends, everybody else's too.
  const file = [head, '', ...codes, ''].join('\r\n');

  return (
    <Card title={t('portal.recovery.title')}>
      <p>{t('portal.recovery.lead')}</p>
      <p className="on-paper">{head}</p>
      <ul className="codes" aria-label={t('portal.recovery.list')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="row">
        <Button
          variant="default"
          size="md"
          onClick={() => saveFile(t('portal.recovery.file-name'), new Blob([file], { type: 'text/plain' }))}
        >
          {t('portal.recovery.download')}
        </Button>
        <CopyButton text={codes.join('\n')} label={t('portal.recovery.copy')} />
        <Button variant="default" size="md" onClick={() => print()}>
          {t('portal.recovery.print')}
        </Button>
      </div>
      <Button size="md" fullWidth onClick={onKept} className="primary">
        {t('portal.recovery.kept')}
      </Button>
    </Card>
  );
}
