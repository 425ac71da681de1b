import { quality, type Case, type Contest } from '../cases.ts';

/** What apps/images is made of. Nobody imports an app: run.ts bundles it, as it is deployed, and hands it in. */
export type App = typeof import('../../../apps/images/src/serve-image/serve-image.ts') &
  typeof import('../../../apps/images/src/request/read-request.ts') &
  typeof import('../../../apps/images/src/request/place.ts') &
  typeof import('../../../apps/images/src/transform/transform.ts') &
  typeof import('../../../apps/images/src/image-error.ts');
type Kept = NonNullable<Awaited<ReturnType<Parameters<App['serveImage']>[0]['findResult']>>>;

const bucket = 'pictures';
const logo = { bucket, key: 'logo.png', wRatio: 25, options: { left: '-10p', top: '-10p' } };
const paths: Record<Case, string> = {
  webp: `/400x0/filters:format(webp):quality(${quality.webp})/photo.jpg`,
  avif: `/400x0/filters:format(avif):quality(${quality.avif})/photo.jpg`,
  jpeg: `/400x0/filters:format(jpeg):quality(${quality.jpeg})/photo.jpg`,
  overlay: toPath('photo.jpg', { resize: { width: 400 }, overlayWith: logo }),
  round: toPath('photo.jpg', { resize: { width: 400, height: 400 }, roundCrop: true }),
  animated: `/240x0/filters:format(webp):quality(${quality.webp})/loop.gif`,
  whole: '/photo.jpg',
  broken: `/400x0/filters:format(webp):quality(${quality.webp})/notes.jpg`,
};

/** The service behind its handler, with stores in memory. */
export const contestOf =
  ({ serveImage, readRequest, transform, nameIn, ImageError }: App): Contest =>
  (pictures, keeps) => {
    let computed = 0;
    const kept = new Map<string, Kept>();
    const now = () => new Date();
    const read = readRequest({ buckets: [bucket], now });
    const bytesOf = (key: string) => {
      const bytes = (pictures as Readonly<Record<string, Uint8Array>>)[key];
      if (!bytes) throw new ImageError('NoSuchKey', 'There is no such picture.');
      return bytes;
    };
    const edit = transform({ now, overlay: async (place) => bytesOf(nameIn(place)) });
    const serve = serveImage({
      readRequest: async (incoming) => read(incoming),
      findSource: async (place) => ({ etag: `"${nameIn(place)}"`, bytes: bytesOf(nameIn(place)).byteLength }),
      readSource: async (place) => bytesOf(nameIn(place)),
      findResult: async (_place, name) => kept.get(name),
      keepResult: async (_place, name, picture) => void (keeps && kept.set(name, picture)),
      make: (bytes, request) => {
        computed += 1;
        return edit(bytes, request);
      },
      fallback: undefined,
      isMapped: () => false,
      report: (error) => {
        throw error;
      },
    });
    return {
      answer: async (name) => {
        const { status, body = new Uint8Array() } = await serve({ method: 'GET', path: paths[name], query: new Map() });
        return { status, bytes: body };
      },
      computations: () => computed,
    };
  };

function toPath(key: string, edits: object): string {
  const request = { key, edits: { ...edits, webp: { quality: quality.webp } }, outputFormat: 'webp' };
  return `/${Buffer.from(JSON.stringify(request)).toString('base64url')}`;
}
