import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageStyle, palette } from '../../src/http/page-style.ts';

type Name = keyof (typeof palette)['light'];

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** What stands on what. */
const texts: readonly (readonly [Name, Name])[] = [
  ['ink', 'page'],
  ['ink', 'card'],
  ['ink', 'field'],
  ['ink', 'accent-soft'],
  ['quiet', 'page'],
  ['quiet', 'card'],
  ['quiet', 'field'],
  ['accent', 'page'],
  ['accent', 'card'],
  ['accent', 'field'],
  ['on-accent', 'accent-fill'],
  ['on-accent', 'accent-hover'],
  ['on-accent', 'refusal-fill'],
  ['on-accent', 'refusal-hover'],
  ['refusal', 'card'],
  ['refusal', 'refusal-soft'],
  ['attention', 'attention-soft'],
];
const edges: readonly (readonly [Name, Name])[] = [
  ['field-line', 'card'],
  ['field-line', 'field'],
  ['accent', 'card'],
  ['accent-fill', 'card'],
];

describe('the colours of our pages', () => {
  for (const scheme of ['light', 'dark'] as const) {
    for (const [front, back] of texts) {
      it(`keep ${front} readable on ${back} (${scheme}, 4.5:1)`, () => {
        assert.ok(contrast(palette[scheme][front], palette[scheme][back]) >= 4.5);
      });
    }
    for (const [front, back] of edges) {
      it(`keep the edge of ${front} visible on ${back} (${scheme}, 3:1)`, () => {
        assert.ok(contrast(palette[scheme][front], palette[scheme][back]) >= 3);
      });
    }
  }

  it('are all that the style uses, and none is left over', () => {
    const used = new Set([...pageStyle.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name));
    for (const name of used) assert.ok(name !== undefined && name in palette.light, `${name} is no colour`);
    assert.deepEqual(Object.keys(palette.light), Object.keys(palette.dark));
    assert.doesNotMatch(pageStyle, /</);
  });
});
