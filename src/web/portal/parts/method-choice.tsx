import type { MethodId, OfferedMethodAnswer } from '../../../portal/index.ts';
import { type Translate, useTexts } from '../texts.tsx';

type MethodChoiceProps = {
  readonly methods: readonly OfferedMethodAnswer[];
  readonly onChoose: (method: MethodId) => void;
};

/** A way to get codes: its name, and where they come. */
function wordsFor({ id, hint }: OfferedMethodAnswer, t: Translate): readonly [string, string] {
  if (id === 'sms') return [t('portal.choice.sms'), hint ?? t('portal.choice.sms-text')];
  if (id === 'email') return [t('portal.choice.email'), hint ?? t('portal.choice.email-text')];
  return [t('portal.choice.app'), t('portal.choice.app-text')];
}

/** The ways to get codes, one to choose. */
export function MethodChoice({ methods, onChoose }: MethodChoiceProps) {
  const { t } = useTexts();
  return (
    <ul className="doors">
      {methods.map((method) => {
        const [name, meaning] = wordsFor(method, t);
        return (
          <li key={method.id}>
            <button type="button" onClick={() => onChoose(method.id)}>
              {name}
              <span>{meaning}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
