import { s3 } from '@larder/service/aws/s3';
import { AwsFailure } from '@larder/service/errors';
import { drawings, type Drawing } from './drawings.ts';
import { settings } from './settings.ts';

/** A picture that the page offers. */
export interface DemoPicture {
  readonly key: string;
  readonly name: string;
  /** Its own format, in which it can be had as it is. */
  readonly format: string;
}

let drawn: Promise<readonly DemoPicture[]> | undefined;

/** The pictures to choose from. They are drawn and kept when they are first asked for. */
export function demoPictures(): Promise<readonly DemoPicture[]> {
  drawn ??= Promise.all(drawings.map(keep)).catch((error: unknown) => {
    // The next who asks tries again.
    drawn = undefined;
    throw error;
  });
  return drawn;
}

async function keep(drawing: Drawing): Promise<DemoPicture> {
  const { name, format } = drawing;
  const picture = { key: `demo/${name.toLowerCase()}.${format === 'jpeg' ? 'jpg' : format}`, name, format };
  const place = { Bucket: settings.PICTURES_BUCKET, Key: picture.key };
  try {
    await s3.headObject(place);
  } catch (error) {
    if (!(error instanceof AwsFailure) || error.status !== 404) throw error;
    await s3.putObject({ ...place, Body: await draw(drawing), ContentType: `image/${format}` });
  }
  return picture;
}

async function draw({ svg, format }: Drawing): Promise<Uint8Array> {
  // Not needed for anything else, and its start takes longer than the whole page.
  const { default: sharp } = await import('sharp');
  const picture = sharp(Buffer.from(svg));
  if (format === 'png') return picture.png().toBuffer();
  // Grain, as of a film: without it a drawing is smaller than any photograph, and nothing would be saved.
  const { width, height } = await picture.metadata();
  const noise = { type: 'gaussian', mean: 128, sigma: 12 } as const;
  const grain = { create: { width, height, channels: 3, background: '#808080', noise } } as const;
  return picture
    .flatten()
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
