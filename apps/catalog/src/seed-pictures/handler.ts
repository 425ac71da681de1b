import { imagesApi } from '@larder/contracts/images/images-api';
import { client } from '@larder/service/client';
import { onCustomResource } from '@larder/service/custom-resource';
import { realTiming, retrying } from '@larder/service/retry';
import { drawings } from './drawings.ts';

const images = client(imagesApi);

/** Milliseconds for one picture of some kilobytes. */
const PATIENCE = 10_000;

/** A form that was sent once more is another upload of the same picture. */
const retries = { attempts: 4, base: 200, most: 2000, within: 60_000, retryable: () => true };

/** Brings a picture of each category when the stack is made, and again when the version changes. They are shown when the images service has announced them. */
export const handler = onCustomResource(async ({ requestType }) => {
  if (requestType === 'Delete') return;
  await Promise.all(Object.entries(drawings).map(([category, svg]) => retrying(retries, realTiming, () => bring(category, svg))));
});

async function bring(category: string, svg: string): Promise<void> {
  const { url, fields } = await images.requestUpload({
    body: { collection: 'categories', subject: category, contentType: 'image/svg+xml' },
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([svg]));
  const answer = await fetch(url, { method: 'POST', body: form, signal: AbortSignal.timeout(PATIENCE) });
  if (!answer.ok) throw new Error(`The picture of ${category} was not taken: ${answer.status}`);
}
