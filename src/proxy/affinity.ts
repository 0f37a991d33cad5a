/** A server as affinity sees it. */
export type Weighted = { readonly seed: number; readonly weight: number };

/** A 32-bit number that depends on every character (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** Spreads two seeds over (0, 1): the finaliser of MurmurHash3, which has no visible pattern left. */
function draw(one: number, other: number): number {
  let hash = (one ^ Math.imul(other, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 0x1_0000_0000;
}

/**
 * Weighted rendezvous hashing (Thaler and Ravishankar 1998; the logarithmic weights of Schindelhauer and
 * Schomaker 2005): the same key gets the same server as long as that one stands, shares follow the weights,
 * and a server that comes or goes moves only its own share. Weight 0 is never chosen.
 */
export function affine<Server extends Weighted>(
  servers: readonly Server[],
  keySeed: number,
  eligible: (server: Server) => boolean,
): Server | undefined {
  let best: Server | undefined;
  let bestScore = 0;
  for (const server of servers) {
    if (server.weight <= 0 || !eligible(server)) continue;
    const score = -server.weight / Math.log(draw(keySeed, server.seed));
    if (best === undefined || score > bestScore) {
      best = server;
      bestScore = score;
    }
  }
  return best;
}
