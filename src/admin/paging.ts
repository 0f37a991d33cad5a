import { z } from 'zod';

/** The parts of a query that ask for one page. `limit` at most 200, 50 unless said. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/)
    .transform(Number)
    .pipe(z.int().max(200))
    .optional()
    .transform((limit) => limit ?? 50)
    .describe('How many at most, 1 to 200; 50 unless said'),
  after: z.string().min(1).max(1024).optional().describe('`next` of the page before'),
};

/** One page of `item`; `next` is absent on the last one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().optional() });

/** What the page begins after, as the store's queries want it. */
export const afterOf = ({ after }: { readonly after?: string | undefined }): { after?: string } =>
  after === undefined ? {} : { after };
