import { DetectFacesCommand, DetectModerationLabelsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { encode } from 'jpeg-js';
import { testEndpoint } from '../testing/endpoint.ts';
import { createRekognition } from './rekognition.ts';

type Colour = readonly [number, number, number];
const skin: Colour = [224, 172, 140];
const sky: Colour = [120, 170, 230];

/** A picture of one colour with a box of another in it. */
function picture(
  ground: Colour,
  box?: { colour: Colour; left: number; top: number; width: number; height: number },
  side = 200,
): Uint8Array {
  const data = Buffer.alloc(side * side * 4, 255);
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) {
      const within = box && x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height;
      data.set(within ? box.colour : ground, (y * side + x) * 4);
    }
  return encode({ data, width: side, height: side }, 95).data;
}
const face = picture(sky, { colour: skin, left: 50, top: 40, width: 60, height: 80 });

let stop: () => Promise<unknown>;
let client: RekognitionClient;
beforeAll(async () => {
  const engine = await createRekognition();
  const endpoint = await testEndpoint(engine.services);
  stop = endpoint.close;
  client = new RekognitionClient(endpoint.client);
});
afterAll(async () => {
  client.destroy();
  await stop();
});

const faces = async (Bytes: Uint8Array) => (await client.send(new DetectFacesCommand({ Image: { Bytes } }))).FaceDetails ?? [];
const labels = async (Bytes: Uint8Array, MinConfidence?: number) =>
  ((await client.send(new DetectModerationLabelsCommand({ Image: { Bytes }, MinConfidence }))).ModerationLabels ?? []).map(
    ({ Name }) => Name,
  );

describe('Rekognition’s stand-in', () => {
  it('takes what has the colour of skin for a face, and finds it where it is', async () => {
    const [found, ...more] = await faces(face);
    expect(more).toEqual([]);
    const { Left = 0, Top = 0, Width = 0, Height = 0 } = found?.BoundingBox ?? {};
    for (const [seen, expected] of [
      [Left, 0.25],
      [Top, 0.2],
      [Width, 0.3],
      [Height, 0.4],
    ] as const)
      expect(Math.abs(seen - expected)).toBeLessThan(0.03);
    expect(await faces(face)).toEqual([found]);
    expect(await faces(picture(sky))).toEqual([]);
  });

  it('would not show what is nearly all skin', async () => {
    expect(await labels(picture(skin))).toEqual(['Explicit']);
    expect(await labels(picture(skin), 99.99)).toEqual(['Explicit']);
    expect(await labels(face)).toEqual([]);
  });

  it.each([
    ['no JPEG', Buffer.from('GIF89a'), 'InvalidImageFormatException'],
    ['smaller than AWS looks at', picture(skin, undefined, 40), 'InvalidParameterException'],
    ['nothing', new Uint8Array(), 'InvalidParameterException'],
    ['larger than AWS takes', Buffer.alloc(5 * 1024 * 1024 + 1), 'ImageTooLargeException'],
  ])('refuses what is %s', async (_name, bytes, name) => {
    await expect(faces(bytes)).rejects.toMatchObject({ name });
  });
});
