import type { Obligation } from '../accounts/index.ts';
import type { CatalogueKey } from '../catalogue/index.ts';
import type { Context } from './context.ts';

const reasons = {
  administrator: 'cli.rule.administrator',
  user: 'cli.rule.user',
  group: 'cli.rule.group',
  everyone: 'cli.rule.everyone',
  'groups-unknown': 'cli.rule.groups-unknown',
  'switched-off': 'cli.rule.switched-off',
  exempt: 'cli.rule.exempt',
  'not-listed': 'cli.rule.not-listed',
} as const satisfies Record<Obligation['rule'], CatalogueKey>;

/** Whether two factors are asked of somebody, and by which rule. */
export function describeObligation({ text }: Context, name: string, { required, rule }: Obligation): string {
  const reason = text(reasons[rule]);
  return text(required ? 'cli.rule.required' : 'cli.rule.not-required', { name, reason });
}
