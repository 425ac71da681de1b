/** An object in a bucket. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  readonly url?: undefined;
}

/** An address on the web, at an origin that is configured. */
export interface WebPlace {
  readonly url: string;
}

/** Where a picture is. */
export type Place = ObjectPlace | WebPlace;

/** What it is called where it is. */
export function nameIn(place: Place): string {
  return place.url ?? place.key;
}
