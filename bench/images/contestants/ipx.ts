import { createIPX, createIPXPlainServer } from 'ipx';
import { avifEffort, quality, type Case, type Contest } from '../cases.ts';

/** It has neither overlays nor masks, and encodes anew whatever it serves. */
const paths: Partial<Record<Case, string>> = {
  webp: `/w_400,f_webp,q_${quality.webp}/photo.jpg`,
  avif: `/w_400,f_avif,q_${quality.avif}/photo.jpg`,
  jpeg: `/w_400,f_jpeg,q_${quality.jpeg}/photo.jpg`,
  animated: `/animated,w_240,f_webp,q_${quality.webp}/loop.gif`,
  broken: `/w_400,f_webp,q_${quality.webp}/notes.jpg`,
};

/** ipx behind its own handler, which reads the address and writes the headers. It keeps no results: a cache in front is left to others. */
export const contest: Contest = (pictures) => {
  let computed = 0;
  const mtime = new Date('2026-11-01T00:00:00Z');
  const bytesOf = (id: string) => (pictures as Readonly<Record<string, Uint8Array>>)[id.slice(1)];
  const ipx = createIPX({
    storage: {
      name: 'memory',
      getMeta: (id) => (bytesOf(id) ? { mtime } : undefined),
      getData: (id) => {
        computed += 1;
        // It copies what it is given into a buffer of its own.
        return bytesOf(id) as unknown as ArrayBuffer;
      },
    },
    // Options that the address cannot say, so that it encodes as the others do.
    sharpOptions: { jpegProgressive: false, heifEffort: avifEffort } as object,
  });
  const ask = createIPXPlainServer(ipx);
  return {
    answer: async (name) => {
      const path = paths[name];
      if (path === undefined) return undefined;
      const { status, body } = await ask({ method: 'GET', path, headers: {} });
      return { status, bytes: body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body)) };
    },
    computations: () => computed,
  };
};
