import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { contrast, deriveAccent, palette, styleWith } from '../../src/http/index.ts';

describe('an accent colour', () => {
  it('is told apart by WCAG contrast', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  });

  it('stays as it was chosen where it can be read', () => {
    const { light, adjusted } = deriveAccent(palette.light.accent);
    assert.equal(light.accent, palette.light.accent);
    assert.equal(adjusted.light, false);
    assert.equal(deriveAccent('#ffee00').adjusted.light, true);
  });

  it('can be read on everything, in light and dark, whichever is chosen', () => {
    const part = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(part, part, part, (red, green, blue) => {
        const hex = `#${[red, green, blue].map((each) => each.toString(16).padStart(2, '0')).join('')}`;
        const accent = deriveAccent(hex);
        for (const side of ['light', 'dark'] as const) {
          const colours = accent[side];
          const { page, card } = palette[side];
          for (const background of [page, card, colours['accent-soft']]) {
            assert.ok(contrast(colours.accent, background) >= 4.5, `${hex} on ${background}`);
          }
          for (const fill of [colours['accent-fill'], colours['accent-hover']]) {
            assert.ok(contrast(colours['on-accent'], fill) >= 4.5, `${hex} under white`);
          }
          assert.ok(contrast(colours['accent-fill'], card) >= 1.8, `${hex} on the card`);
        }
      }),
    );
  });

  it('is written into the style of pages, and nothing else is', () => {
    const style = styleWith(deriveAccent('#7a1fa2'));
    assert.match(style, /--accent:#7a1fa2/);
    assert.equal(style.includes('<'), false);
    assert.notEqual(style, styleWith(undefined));
  });
});
