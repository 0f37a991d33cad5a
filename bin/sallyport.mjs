#!/usr/bin/env node
// The way in. Plain JavaScript, so that everything after it comes out of the compile cache: that halves the time to
// start and saves the 18 MB that the TypeScript loader takes. The cache lies beside the packages, where whoever can
// write could change the program anyway; the usual place is a folder that every user of the machine may fill.
// Without the right to write there, nothing is kept.
import * as modules from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// An older Node.js, such as the one of the system, knows neither TypeScript nor what else is used here.
if (!process.features.typescript) {
  process.stderr.write(
    `Node.js ${process.versions.node} is too old to run Sallyport. Use the one that comes with it:\n` +
      '  node_modules/.bin/node bin/sallyport.mjs, or npm run -s sallyport --\n',
  );
  process.exit(1);
}
// Each read of a socket is a buffer outside V8's heap. By default every 64 MB of those cost a full collection, however
// small the heap: half of the time of a tunnel that carries large messages. Older V8s don't know the flag.
if (Number.parseInt(process.versions.v8, 10) >= 14) {
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
modules.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/sallyport', import.meta.url)));
await import('../src/cli/main.ts');
