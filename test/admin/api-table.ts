/** The calls of the administrators' API as a table, from its own OpenAPI document. */
export function apiTable(document: {
  paths: Record<
    string,
    Record<string, { summary: string; 'x-sallyport-may': string; 'x-sallyport-scope': string }>
  >;
}): string {
  const rows = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const call = `${method.toUpperCase()} ${path.replace('/.sallyport/api/v1/admin/', '')}`;
      const place = operation['x-sallyport-scope'] === 'site' ? ', whole site' : '';
      return `| \`${call}\` | ${operation['x-sallyport-may']}${place} | ${operation.summary} |`;
    }),
  );
  return ['| call | may | |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

/** What stands before the table. */
export const generatedFrom = '<!-- from here on: generated, node test/admin/write-api.ts -->\n';
