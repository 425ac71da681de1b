/** What is asked of each contestant, who finds its own words for it. */
export const cases = {
  webp: '12 MP JPEG to 400 px, WebP',
  avif: '12 MP JPEG to 400 px, AVIF',
  jpeg: '12 MP JPEG to 400 px, JPEG',
  overlay: '… with an overlay, WebP',
  round: '… round, WebP',
  animated: 'GIF of 24 frames to 240 px, WebP',
  whole: 'the picture as it is',
  broken: 'an error: it is no picture',
} as const;

export type Case = keyof typeof cases;
export const caseNames = Object.keys(cases) as Case[];

/** The same for all. The effort of AVIF is that of apps/images; sharp's own is 4. */
export const quality = { webp: 80, avif: 50, jpeg: 80 };
export const avifEffort = 2;

export type Pictures = Readonly<Record<'photo.jpg' | 'logo.png' | 'loop.gif' | 'notes.jpg', Uint8Array>>;

export interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array;
}

export interface Contestant {
  /** Undefined for what it cannot do. */
  answer(name: Case): Promise<Answer | undefined>;
  /** How often a picture was worked on. */
  computations(): number;
}

/** @param keeps whether results may be kept for the next who asks. */
export type Contest = (pictures: Pictures, keeps: boolean) => Contestant;
