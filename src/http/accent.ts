import { pageStyle, palette } from './page-style.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** Everything that a page colours with the accent. */
export type AccentColours = {
  readonly accent: string;
  readonly 'accent-fill': string;
  readonly 'accent-hover': string;
  readonly 'accent-soft': string;
  readonly 'on-accent': string;
};

export type Accent = {
  readonly light: AccentColours;
  readonly dark: AccentColours;
  /** Whether the colour had to give way in one of them to be readable. */
  readonly adjusted: { readonly light: boolean; readonly dark: boolean };
};

/** WCAG 2.2, 1.4.3 for text. */
const readable = 4.5;
const white: Rgb = [255, 255, 255];
const black: Rgb = [0, 0, 0];

const parse = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];
const format = (rgb: Rgb): string =>
  `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

const mix = (one: Rgb, other: Rgb, share: number): Rgb => {
  const part = (index: 0 | 1 | 2): number => one[index] * (1 - share) + other[index] * share;
  return [part(0), part(1), part(2)];
};

/** WCAG 2.2, relative luminance. */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const channel = Math.round(part) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2, contrast ratio). */
export const contrast = (one: string, other: string): number => ratio(parse(one), parse(other));

function ratio(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((first, second) => first - second) as [
    number,
    number,
  ];
  return (lighter + 0.05) / (darker + 0.05);
}

/** The least mixture with `towards` that satisfies `fits`; `towards` itself does. */
function nudged(from: Rgb, towards: Rgb, fits: (colour: Rgb) => boolean): Rgb {
  for (let share = 0; share < 1; share += 0.02) {
    const colour = parse(format(mix(from, towards, share)));
    if (fits(colour)) return colour;
  }
  return towards;
}

/**
 * One chosen colour (`#rrggbb`) as what pages use of it: links and marks that can be read on page, card and their own soft
 * background, and buttons on which white can be read, in light and dark. Keeps the hue and changes no more than it must.
 */
export function deriveAccent(hex: string): Accent {
  const chosen = parse(hex);
  const light = sideOf(chosen, 'light');
  const dark = sideOf(chosen, 'dark');
  return {
    light,
    dark,
    adjusted: { light: light.accent !== format(chosen), dark: dark.accent !== format(chosen) },
  };
}

function sideOf(chosen: Rgb, side: 'light' | 'dark'): AccentColours {
  const [page, card] = [parse(palette[side].page), parse(palette[side].card)];
  const softOf = (colour: Rgb): Rgb => parse(format(mix(card, colour, 0.1)));
  const accent = nudged(chosen, side === 'light' ? black : white, (colour) =>
    [page, card, softOf(colour)].every((background) => ratio(colour, background) >= readable),
  );
  // White has to be read on it, and it has to be seen on the card.
  const dimmed = nudged(chosen, black, (colour) => ratio(colour, white) >= readable);
  const fill = side === 'light' ? accent : nudged(dimmed, white, (colour) => ratio(colour, card) >= 1.8);
  return {
    accent: format(accent),
    'accent-fill': format(fill),
    'accent-hover': format(mix(fill, black, 0.15)),
    'accent-soft': format(softOf(accent)),
    'on-accent': format(white),
  };
}

const properties = (colours: AccentColours): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');

/** The style of every page, in these colours; without an accent, in our own. Holds no `<`. */
export const styleWith = (accent: Accent | undefined): string =>
  accent === undefined
    ? pageStyle
    : `${pageStyle}:root{${properties(accent.light)}}@media (prefers-color-scheme:dark){:root{${properties(accent.dark)}}}`;
