import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { ImageQuestion } from './serve-image.ts';

/**
 * The event of a function URL (payload format 2.0) as a question. Of a parameter that comes twice the last one counts. Headers that begin with `x-viewer` are what the distribution says
 * of the one who asks: see `NormaliseViewer` in resources.yml.
 */
export function toQuestion({ rawPath, rawQueryString, headers, requestContext }: LambdaFunctionURLEvent): ImageQuestion {
  return {
    method: requestContext.http.method,
    path: rawPath,
    query: new Map(new URLSearchParams(rawQueryString)),
    accept: headers['accept'],
    host: headers['x-viewer-host'],
    dpr: toNumber(headers['x-viewer-dpr']),
    viewportWidth: toNumber(headers['x-viewer-width']),
    requestId: requestContext.requestId,
    ifNoneMatch: headers['if-none-match'],
    range: headers['range'],
    ifRange: headers['if-range'],
  };
}

function toNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !(value > 0) ? undefined : value;
}
