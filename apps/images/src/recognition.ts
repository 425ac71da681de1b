import { rekognition } from '@larder/service/aws/rekognition';
import type { FaceBox } from './transform/smart-crop.ts';

/** Faces in a JPEG, the surest first. */
export async function findFaces(jpeg: Uint8Array): Promise<readonly FaceBox[]> {
  const { FaceDetails = [] } = await rekognition.detectFaces({ Image: { Bytes: jpeg } });
  const surest = FaceDetails.toSorted((a, b) => (b.Confidence ?? 0) - (a.Confidence ?? 0));
  return surest.flatMap(({ BoundingBox: box }) =>
    box ? [{ left: box.Left ?? 0, top: box.Top ?? 0, width: box.Width ?? 0, height: box.Height ?? 0 }] : [],
  );
}

/** Names of what should not be shown, and of what it is a kind of. */
export async function findLabels(jpeg: Uint8Array, minConfidence: number): Promise<readonly string[]> {
  const { ModerationLabels = [] } = await rekognition.detectModerationLabels({ Image: { Bytes: jpeg }, MinConfidence: minConfidence });
  return ModerationLabels.flatMap(({ Name, ParentName }) => [Name ?? [], ParentName ?? []].flat()).filter((name) => name !== '');
}
