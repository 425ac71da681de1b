import { withEffort } from './effort.ts';
import { resolveOutput } from './output-format.ts';

const jpeg = { format: 'jpeg', hasAlpha: false, moves: false } as const;
const gif = { format: 'gif', hasAlpha: true, moves: true } as const;
const format = (...asked: Parameters<typeof resolveOutput>) => resolveOutput(...asked).format;

describe('the output format', () => {
  it('is the one that is asked for, or the picture’s own', () => {
    expect(resolveOutput({ format: 'webp' }, jpeg)).toEqual({ format: 'webp', contentType: 'image/webp', options: {} });
    expect(format({}, jpeg)).toBe('jpeg');
    expect(format({}, { ...jpeg, format: 'svg' })).toBe('png');
  });

  it('is the first that the client takes and that can hold the picture, where it is left open', () => {
    expect(resolveOutput({ format: 'auto', accepts: ['avif', 'webp'] }, jpeg)).toMatchObject({ format: 'avif' });
    expect(format({ format: 'auto', accepts: ['avif', 'webp'] }, gif)).toBe('webp');
    expect(format({ format: 'auto', accepts: ['avif'] }, gif)).toBe('gif');
  });

  it('is one for everybody, when the client takes none of these', () => {
    expect(format({ format: 'auto', accepts: [], otherwise: 'png' }, jpeg)).toBe('png');
    expect(format({ format: 'auto', accepts: [] }, { ...jpeg, format: 'png' })).toBe('png');
    expect(format({ format: 'auto', accepts: [] }, { ...jpeg, format: 'avif' })).toBe('jpeg');
    expect(format({ format: 'auto', accepts: [] }, { ...jpeg, format: 'webp', hasAlpha: true })).toBe('png');
  });

  it('has the options that were said for it, and the quality that was said for any', () => {
    const options = { webp: { quality: 90, lossless: true }, avif: { effort: 4 } };
    expect(resolveOutput({ format: 'webp', quality: 50, effort: 0, options }, jpeg).options).toEqual({
      quality: 50,
      lossless: true,
      effort: 0,
    });
    expect(resolveOutput({ format: 'avif', effort: 0, options }, jpeg).options).toEqual({ effort: 4 });
    expect(resolveOutput({ format: 'avif' }, jpeg).options).toEqual({ effort: 2 });
  });
});

describe('the effort', () => {
  it.each([
    ['avif', { effort: 4 }, 400_000, { effort: 4 }],
    ['avif', { effort: 4 }, 12_000_000, { effort: 1 }],
    ['avif', { effort: 0 }, 12_000_000, { effort: 0 }],
    ['avif', { effort: 2 }, 4_000_000, { effort: 2 }],
    ['gif', {}, 12_000_000, { effort: 4 }],
    ['png', {}, 12_000_000, {}],
    ['png', { compressionLevel: 9 }, 12_000_000, { compressionLevel: 9 }],
    ['png', { palette: false, quality: 5 }, 12_000_000, { palette: false, quality: 5 }],
    ['png', { quality: 5 }, 12_000_000, { quality: 5, effort: 3 }],
    ['webp', { effort: 6 }, 12_000_000, { effort: 6 }],
  ] as const)('of %s with %j is, for %d pixels, %j', (name, options, pixels, expected) => {
    expect(withEffort(name, options, pixels)).toEqual(expected);
  });

  it('is refused for a large AVIF without loss', () => {
    expect(() => withEffort('avif', { lossless: true }, 8_000_001)).toThrow(expect.objectContaining({ code: 'TooLargeImageException' }));
    expect(withEffort('avif', { lossless: true }, 8_000_000)).toEqual({ lossless: true, effort: 1 });
  });
});
