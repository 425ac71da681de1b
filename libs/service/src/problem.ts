import type { FieldProblem } from '@larder/contracts/contract-violation';

/** Where a wrong field stands in a request. */
export interface RequestFieldProblem extends FieldProblem {
  readonly in: 'path' | 'query' | 'body' | 'header';
}

/** Problem details of RFC 9457, as every error of an API is answered. */
export interface Problem {
  /** `urn:larder:problem:<service>:<code>` for what a contract declares; else `about:blank`: the status says it all. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** The request's id, by which it is found in the logs. */
  readonly instance: string;
  readonly code: string;
  readonly errors?: readonly RequestFieldProblem[] | undefined;
}

/** A request that is answered with a problem before, or instead of, its rule. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly status: number;
  readonly code: string;
  readonly errors: readonly RequestFieldProblem[] | undefined;

  constructor(status: number, code: string, detail: string, errors?: readonly RequestFieldProblem[]) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The standard title of a status. */
export function titleOf(status: number): string {
  return titles[status] ?? (status < 500 ? 'Bad Request' : 'Internal Server Error');
}
