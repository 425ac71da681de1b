import type { RouteInput, RouteOutput } from '@larder/contracts';
import type { imagesApi } from '@larder/contracts/images/images-api';

type Route = typeof imagesApi.routes.purgePictures;

export interface PurgePicturesDeps {
  /** Deletes what was kept of a picture, and says how many there were. */
  forget(key: string): Promise<number>;
  /** Has the distribution forget everything. */
  invalidate(): Promise<void>;
}

/** Forgets what was made of pictures. The distribution comes last: what it asks for meanwhile is made anew. */
export const purgePictures =
  (deps: PurgePicturesDeps) =>
  async ({ body: { keys } }: Pick<RouteInput<Route>, 'body'>): Promise<RouteOutput<Route>> => {
    let results = 0;
    for (const key of new Set(keys)) results += await deps.forget(key);
    await deps.invalidate();
    return { results };
  };
