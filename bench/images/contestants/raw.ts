import sharp, { type Sharp } from 'sharp';
import { avifEffort, quality, type Case, type Contest, type Pictures } from '../cases.ts';

/** The limit: sharp's calls for just this case, written by hand, and nothing around them. */
export const contest: Contest = (pictures) => {
  let computed = 0;
  return {
    answer: async (name) => {
      computed += 1;
      if (name === 'broken')
        return sharp(pictures['notes.jpg'])
          .metadata()
          .then(
            () => undefined,
            () => ({ status: 400, bytes: new Uint8Array() }),
          );
      if (name === 'whole') {
        // Who hands a picture on must know what it is.
        await sharp(pictures['photo.jpg']).metadata();
        return { status: 200, bytes: pictures['photo.jpg'] };
      }
      return { status: 200, bytes: await encoded(await edited(name, pictures), name).toBuffer() };
    },
    computations: () => computed,
  };
};

/** The picture of a case before it is encoded. */
export async function edited(name: Exclude<Case, 'whole' | 'broken'>, pictures: Pictures): Promise<Sharp> {
  if (name === 'animated') return sharp(pictures['loop.gif'], { animated: true }).resize(240);
  const photo = sharp(pictures['photo.jpg']);
  if (name === 'overlay') {
    const { data, info } = await sharp(pictures['logo.png']).resize(100).raw().toBuffer({ resolveWithObject: true });
    // Not the whole of it: by its `premultiplied` it means what it did meanwhile, and composite what the pixels are.
    const { width, height, channels } = info;
    const place = { left: 400 - 40 - width, top: 300 - 30 - height };
    return photo.resize(400).composite([{ input: data, raw: { width, height, channels }, ...place }]);
  }
  if (name === 'round') {
    const mask = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><circle cx="200" cy="200" r="200"/></svg>');
    return photo.resize(400, 400).composite([{ input: mask, blend: 'dest-in' }]);
  }
  return photo.resize(400);
}

function encoded(picture: Sharp, name: Case): Sharp {
  if (name === 'avif') return picture.avif({ quality: quality.avif, effort: avifEffort });
  if (name === 'jpeg') return picture.jpeg({ quality: quality.jpeg });
  return picture.webp({ quality: quality.webp });
}
