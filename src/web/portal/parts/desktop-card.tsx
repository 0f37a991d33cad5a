import { useState } from 'react';
import type { PermitAnswer, SessionAnswer } from '../../../portal/index.ts';
import { signInAndBack } from '../addresses.ts';
import { call } from '../api.ts';
import { useTexts } from '../texts.tsx';
import { formatTime } from '../times.ts';
import { Message } from './message.tsx';
import { saveFile } from './save-file.ts';
import { describeProblem, useAction } from './use-action.ts';

type Desktop = NonNullable<SessionAnswer['desktops']>[number];

/** A server that people reach with a client of their own: a click permits one logon and saves the file for it. */
export function DesktopCard({ desktop }: { readonly desktop: Desktop }) {
  const { t, locale } = useTexts();
  const { busy, problem, run } = useAction();
  const [permit, setPermit] = useState<PermitAnswer>();

  const click = (): void =>
    run(
      async () => {
        const { application, server } = desktop;
        const answer = await call<PermitAnswer>('POST', 'rdp/permit', { application, server });
        saveFile(answer.fileName, new Blob([bytesOf(answer.file)], { type: 'application/x-rdp' }));
        setPermit(answer);
      },
      ({ code }) => {
        if (code === 'sign-in-required') location.assign(signInAndBack());
      },
    );

  return (
    <li>
      <button type="button" aria-disabled={busy} onClick={click}>
        {desktop.title}
        <span>{t('portal.desktop.network')}</span>
      </button>
      {problem !== undefined && <Message tone="refusal">{describeProblem(problem, t)}</Message>}
      {problem === undefined && permit !== undefined && (
        <Message tone="news">
          {permit.until === undefined
            ? t('portal.desktop.saved', { file: permit.fileName })
            : t('portal.desktop.permitted', {
                file: permit.fileName,
                time: formatTime({ t, locale }, new Date(permit.until), new Date()),
              })}
        </Message>
      )}
    </li>
  );
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
