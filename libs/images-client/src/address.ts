import type { Edits, Picture } from './edits.ts';

/**
 * The address of a picture with edits, as JSON in Base64: `/eyJrZXkiOiJhLmpwZyIsImVkaXRzIjp7fX0=`. It takes every key and every edit, and the same edits in
 * another order make the same address. The host (`https://images.example.com`) is put before it.
 */
export function toAddress({ bucket, key }: Picture, edits: Edits = {}): string {
  const { width, height, fit, position, focal, background, smartCrop, rotate, blur, grayscale, quality, format, roundCrop } = edits;
  const formats = format && format !== 'auto' ? [format] : ['avif', 'jpeg', 'webp'];
  const json = JSON.stringify({
    bucket,
    key,
    // The service runs them in this order: what is cut or turned first is what the frame is for, and a circle is the last thing to be cut out.
    edits: {
      smartCrop,
      rotate,
      resize: width || height ? { width, height, fit, position, focal, background } : undefined,
      blur,
      grayscale: grayscale || undefined,
      // Options of a format would ask for it, if they were forced.
      ...(quality && Object.fromEntries(formats.map((name) => [name, { quality, force: false }]))),
      toFormat: format,
      roundCrop,
    },
  });
  // In the alphabet that a path takes as it is.
  return `/${btoa(String.fromCharCode(...new TextEncoder().encode(json)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')}`;
}
