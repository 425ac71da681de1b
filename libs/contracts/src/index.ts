export { ApiError, apiError } from './api-error.ts';
export { defineApi } from './define-api.ts';
export type * from './define-api.ts';
export { defineEvent } from './define-event.ts';
export type * from './define-event.ts';
export { defineStream } from './define-stream.ts';
export type * from './define-stream.ts';
