/** Where the marks of an axis from zero stand: at most `most` steps of 1, 2 or 5 times a power of ten, whole numbers. */
export function marksUpTo(highest: number, most: number): readonly number[] {
  const top = Math.max(1, highest);
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power);
  const count = Math.ceil(top / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** Every how many buckets one is named, so that `room` names fit. */
export function everyNth(count: number, room: number): number {
  const steps = [1, 2, 3, 6, 12, 24, 48, 72, 96, 168];
  return steps.find((each) => count / each <= room) ?? Math.ceil(count / room);
}
