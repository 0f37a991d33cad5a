import { z } from 'zod';

/**
 * An object that the room it goes to judges by `schema`, so that the command line and the API refuse it in the same
 * words; the OpenAPI document shows the schema itself.
 */
export function judgedBy(schema: z.ZodType) {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input' });
  return z.record(z.string(), z.unknown()).meta(described);
}
