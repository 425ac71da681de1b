import type { RouteContract, RouteErrorCode } from './define-api.ts';

/** An error that a route's contract declares. The kit answers it with the declared status, as RFC 9457 problem details. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, detail: string) {
    super(detail);
    this.code = code;
    this.status = status;
  }
}

/**
 * Makes a declared error of a route, to be thrown by its rule.
 *
 * @param detail one sentence for the caller: what is wrong and how to mend it. Nothing internal, nothing personal.
 */
export function apiError<R extends RouteContract>(route: R, code: RouteErrorCode<R>, detail?: string): ApiError {
  const declared = route.errors?.[code];
  if (!declared) throw new TypeError(`the contract declares no error '${code}'`);
  return new ApiError(code, declared.status, detail ?? declared.description);
}
