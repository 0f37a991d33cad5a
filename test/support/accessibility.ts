import axe from 'axe-core';
import type { Page } from 'playwright-core';

type AxeResult = { readonly violations: readonly { id: string; nodes: readonly { html: string }[] }[] };

/** What a page violates of every rule of axe-core, best practices too. Transitions should be off: colours need their final values. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const result = await page.evaluate<AxeResult>(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => ({ violations }))',
  );
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
