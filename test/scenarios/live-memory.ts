import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that something still holds, on the heap and in buffers: what could be collected is not counted. */
export async function liveMemory(): Promise<number> {
  // Buffers are freed beside the collection; the next one waits for that.
  for (let collections = 0; collections < 3; collections += 1) {
    collect();
    await nextTurn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
