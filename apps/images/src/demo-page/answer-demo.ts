import { pictureTypes } from '@larder/contracts/images/images-api';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { DemoPicture } from './pictures.ts';

export interface DemoDeps {
  readonly on: boolean;
  page(): Promise<{ readonly html: string; readonly policy: string }>;
  pictures(): Promise<readonly DemoPicture[]>;
  uploadForm(contentType: string): Promise<{ readonly url: string; readonly fields: Readonly<Record<string, string>> }>;
}

export interface DemoQuestion {
  readonly method: string;
  readonly path: string;
  readonly type: string | undefined;
}

type Answer = APIGatewayProxyStructuredResultV2;

const isPictureType = (type: string | undefined): type is (typeof pictureTypes)[number] => pictureTypes.some((known) => known === type);

const always = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** Answers for the demo: its page, the pictures to choose from, and forms to upload with. Where it is off there is nothing. */
export const answerDemo =
  (deps: DemoDeps) =>
  async ({ method, path, type }: DemoQuestion): Promise<Answer> => {
    const asked = `${method === 'HEAD' ? 'GET' : method} ${path}`;
    if (!deps.on) return json(404, { message: 'The demo is not switched on here.' });
    if (asked === 'GET /') return pageAnswer(await deps.page());
    if (asked === 'GET /_demo/pictures') return json(200, { pictures: await deps.pictures() });
    if (asked !== 'POST /_demo/uploads') return json(404, { message: 'There is nothing at this address.' });
    if (!isPictureType(type)) return json(400, { message: `The type of the picture must be one of ${pictureTypes.join(', ')}.` });
    return json(201, await deps.uploadForm(type));
  };

function pageAnswer({ html, policy }: { readonly html: string; readonly policy: string }): Answer {
  const headers = {
    ...always,
    'content-type': 'text/html; charset=utf-8',
    // An edge may keep it, and nobody waits long for the next one.
    'cache-control': 'public, max-age=10',
    'content-security-policy': policy,
  };
  return { statusCode: 200, headers, body: html };
}

function json(statusCode: number, body: object): Answer {
  const headers = { ...always, 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(body) };
}
