import type { Settings } from './settings.ts';

/** Ten steps: five minutes. */
const wide = 10;

/** Whether the drift guard is switched off although the window is wide: then a guess has many chances. */
export const isWideOpen = ({
  discrepancy,
  driftTolerance,
}: Pick<Settings, 'discrepancy' | 'driftTolerance'>): boolean =>
  driftTolerance >= discrepancy && discrepancy > wide;
