import type { Permission } from '../../src/admin/index.ts';
import type { AdminClient } from '../support/admin-client.ts';

/** JSON Schema, as far as the administrators' OpenAPI document uses it. */
export type Schema = {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly format?: string;
};

export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
};

/** One call as the document has it. */
export type Call = {
  readonly method: string;
  /** Below `api/v1/admin/`, with `{parameters}`. */
  readonly path: string;
  readonly may: Permission;
  readonly scope: 'subscription' | 'site';
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly conditional: boolean;
};

type Operation = {
  readonly 'x-sallyport-may': Permission;
  readonly 'x-sallyport-scope': 'subscription' | 'site';
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
};

const prefix = '/.sallyport/api/v1/admin/';

/** Every call that the served document describes. */
export async function describedCalls(client: AdminClient): Promise<readonly Call[]> {
  const { json } = await client.admin('GET', 'openapi.json');
  const paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> = json.paths;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Call => {
      const parameters = operation.parameters ?? [];
      return {
        method: method.toUpperCase(),
        path: path.slice(prefix.length),
        may: operation['x-sallyport-may'],
        scope: operation['x-sallyport-scope'],
        parameters,
        body: operation.requestBody?.content['application/json']?.schema,
        conditional: parameters.some(({ name }) => name === 'If-Match'),
      };
    }),
  );
}

export const nameOf = ({ method, path }: Pick<Call, 'method' | 'path'>): string => `${method} ${path}`;

/** The path with something in the place of its parameters. */
export const pathWith = ({ path }: Pick<Call, 'path'>, value: (name: string) => string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(value(name)));
