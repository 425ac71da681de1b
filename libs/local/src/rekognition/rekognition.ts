import { decode } from 'jpeg-js';
import { AwsError } from '../kernel/aws-error.ts';
import type { Engine } from '../kernel/engine.ts';
import { jsonService, type Operation, read } from '../kernel/json-api.ts';
import { findSkin, type Skin } from './skin.ts';

/** https://docs.aws.amazon.com/rekognition/latest/dg/limits.html */
const mostBytes = 5 * 1024 * 1024;
const leastSide = 80;

/**
 * Rekognition, as far as somebody asks for faces or for what should not be shown. It recognises nothing: what has the colour of skin stands for a face, and where nearly everything has it, for
 * what should not be shown. The same picture always gets the same answer, in the shape of AWS's.
 *
 * @see https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectFaces.html
 */
export async function createRekognition(): Promise<Engine> {
  const operations: Readonly<Record<string, Operation>> = {
    DetectFaces: { permissions: () => [{ action: 'rekognition:DetectFaces', resource: '*' }], run: (input) => toFaces(look(input)) },
    DetectModerationLabels: {
      permissions: () => [{ action: 'rekognition:DetectModerationLabels', resource: '*' }],
      run: (input) => toLabels(look(input), read.optionalNumber(input, 'MinConfidence') ?? 50),
    },
  };
  return {
    services: [jsonService({ signingName: 'rekognition', targetPrefix: 'RekognitionService', jsonVersion: '1.1' }, operations)],
    resourceTypes: [],
    close: async () => {},
  };
}

function look(input: Readonly<Record<string, unknown>>): Skin | undefined {
  const { Bytes, S3Object } = (input['Image'] ?? {}) as Readonly<Record<string, unknown>>;
  if (S3Object !== undefined)
    throw new AwsError('InvalidS3ObjectException', 'Here pictures are looked at that come as bytes, not as objects of S3.');
  if (typeof Bytes !== 'string' || Bytes === '') throw new AwsError('InvalidParameterException', 'Request has invalid parameters');
  const bytes = Buffer.from(Bytes, 'base64');
  if (bytes.byteLength > mostBytes) throw new AwsError('ImageTooLargeException', 'Image size is too large');
  const picture = read24(bytes);
  if (picture.width < leastSide || picture.height < leastSide)
    throw new AwsError('InvalidParameterException', `Image dimensions: ${picture.width} x ${picture.height} are too small`);
  return findSkin(picture);
}

function read24(bytes: Buffer): { data: Uint8Array; width: number; height: number } {
  try {
    return decode(bytes, { useTArray: true, formatAsRGBA: false, maxResolutionInMP: 50, maxMemoryUsageInMB: 512 });
  } catch {
    // AWS reads PNG as well; here nobody has asked with one yet.
    throw new AwsError('InvalidImageFormatException', 'Request has invalid image format');
  }
}

function toFaces(skin: Skin | undefined): object {
  const { box, share } = skin ?? {};
  if (!box || share === undefined) return { FaceDetails: [] };
  const BoundingBox = { Left: box.left, Top: box.top, Width: box.width, Height: box.height };
  return { FaceDetails: [{ BoundingBox, Confidence: 90 + 10 * share, Landmarks: [], Pose: { Roll: 0, Yaw: 0, Pitch: 0 } }] };
}

/** A name of AWS's taxonomy, and the one above it. https://docs.aws.amazon.com/rekognition/latest/dg/moderation.html */
function toLabels(skin: Skin | undefined, minConfidence: number): object {
  const Confidence = 100 * (skin?.share ?? 0);
  const labels = Confidence < 60 || Confidence < minConfidence ? [] : [{ Name: 'Explicit', ParentName: '', Confidence, TaxonomyLevel: 1 }];
  return { ModerationLabels: labels, ModerationModelVersion: '7.0', ContentTypes: [] };
}
