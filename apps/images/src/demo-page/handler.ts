import { toInvocation, within } from '@larder/service/invocation';
import { ulid } from '@larder/service/ulid';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { answerDemo } from './answer-demo.ts';
import { toPage } from './page.ts';
import { demoPictures } from './pictures.ts';
import { settings } from './settings.ts';
import { toUploadForm } from '../upload-form.ts';

/** What is dropped on the page: it is deleted after some days. */
const dropped = (contentType: string) => toUploadForm({ bucket: settings.PICTURES_BUCKET, key: `_dropped/${ulid()}`, contentType });

const overlay = { bucket: settings.PICTURES_BUCKET, key: 'demo/pear.png' };

const answer = answerDemo({
  on: settings.DEMO === 'on',
  page: async () => toPage(new URL((await dropped('image/png')).url).origin, overlay),
  pictures: demoPictures,
  uploadForm: dropped,
});

export const handler = ({ rawPath, requestContext, queryStringParameters }: LambdaFunctionURLEvent, context: Context) =>
  within(toInvocation(context), () => answer({ method: requestContext.http.method, path: rawPath, type: queryStringParameters?.['type'] }));
