import { sha256 } from '@larder/service/digest';
import { nameIn, type Place } from './request/place.ts';

/** Where everything is kept that was made of one picture. */
export function folderOf(place: Place): string {
  return `${sha256(JSON.stringify([place.url === undefined ? place.bucket : '', nameIn(place)])).slice(0, 32)}/`;
}
