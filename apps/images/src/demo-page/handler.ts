import { toInvocation, within } from '@larder/service/invocation';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { answerDemo } from './answer-demo.ts';
import { toPage } from './page.ts';
import { demoPictures } from './pictures.ts';
import { settings } from './settings.ts';
import { toUploadForm, uploadOrigin } from './upload-form.ts';

const answer = answerDemo({
  on: settings.DEMO === 'on',
  page: async () => toPage(await uploadOrigin()),
  pictures: demoPictures,
  uploadForm: toUploadForm,
});

export const handler = ({ rawPath, requestContext, queryStringParameters }: LambdaFunctionURLEvent, context: Context) =>
  within(toInvocation(context), () => answer({ method: requestContext.http.method, path: rawPath, type: queryStringParameters?.['type'] }));
