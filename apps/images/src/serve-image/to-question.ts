import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { ImageQuestion } from './serve-image.ts';

/** The event of a function URL (payload format 2.0) as a question. Of a parameter that comes twice the last one counts. */
export function toQuestion({ rawPath, rawQueryString, headers, requestContext }: LambdaFunctionURLEvent): ImageQuestion {
  return {
    method: requestContext.http.method,
    path: rawPath,
    query: new Map(new URLSearchParams(rawQueryString)),
    accept: headers['accept'],
    ifNoneMatch: headers['if-none-match'],
    range: headers['range'],
    ifRange: headers['if-range'],
  };
}
