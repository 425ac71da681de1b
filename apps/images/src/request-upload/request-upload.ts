import type { RouteInput, RouteOutput } from '@larder/contracts';
import type { imagesApi } from '@larder/contracts/images/images-api';
import { defaultLimits } from '../transform/limits.ts';
import { formSeconds } from '../upload-form.ts';

type Route = typeof imagesApi.routes.requestUpload;

export interface RequestUploadDeps {
  form(key: string, contentType: string): Promise<{ readonly url: string; readonly fields: Record<string, string> }>;
  newId(): string;
  now(): Date;
}

/** Gives out a form for one picture. What it is of stands in the key, which is signed: whoever sends the form cannot say it is of something else. */
export const requestUpload =
  (deps: RequestUploadDeps) =>
  async ({ body: { collection, subject, contentType } }: Pick<RouteInput<Route>, 'body'>): Promise<RouteOutput<Route>> => {
    const { url, fields } = await deps.form(`${collection}/${subject}/${deps.newId()}`, contentType);
    const expiresAt = new Date(deps.now().getTime() + formSeconds * 1000).toISOString();
    return { url, fields, maximumBytes: defaultLimits.sourceBytes, expiresAt };
  };
