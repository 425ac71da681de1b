import * as z from 'zod/mini';
import { cursor, id, instant, limit } from '../common.ts';
import { defineApi } from '../define-api.ts';

const count = z.int().check(z.nonnegative());
const column = z.object({ name: z.string(), type: z.string() });

/** Where a question can be. The last three are ends. */
export const queryStatus = z.enum(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']);
export type QueryStatus = z.output<typeof queryStatus>;

const queryId = '01JZ8Q4T9V6W2X3Y4Z5A6B7C8D';
const words = z.string().check(z.minLength(1), z.maxLength(200));
const tags = z.array(z.string().check(z.regex(/^[a-z0-9-]{1,40}$/))).check(z.maxLength(20));
const datasetName = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,62}$/));
const unknownDataset = { status: 404, description: 'There is no such dataset of yours.' };
const notAllowedTo = { status: 403, description: 'No team of yours may do that.' };
const notAMember = { status: 403, description: 'Who may shop may not read the lake for that: ask to become a member.' };
const invalidCursor = { status: 400, description: 'The cursor does not belong to this list: start again without it.' };
const notAllowed = { status: 403, description: 'No team of yours may erase.' };
const unknownQuery = { status: 404, description: 'There is no such question of yours.' };

export const lakeApi = defineApi({
  service: 'lake',
  description: 'Every event kept, and answered with SQL.',
  routes: {
    startSession: {
      method: 'POST',
      path: '/sessions',
      auth: 'public',
      summary: 'Sign in on the page of the lake',
      body: z.object({ email: z.email().check(z.maxLength(254)), password: z.string().check(z.minLength(1), z.maxLength(256)) }),
      success: { status: 200, body: z.object({ token: z.string(), expiresAt: instant }) },
      errors: {
        NOT_SIGNED_IN: {
          status: 401,
          description: 'The address or the password is another one, or the account needs attention elsewhere.',
        },
      },
      example: {
        body: { email: 'ada@example.com', password: 'correct horse 1 Battery' },
        response: { token: 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln', expiresAt: '2026-11-02T10:31:00.000Z' },
      },
    },
    startQuery: {
      method: 'POST',
      path: '/queries',
      auth: 'jwt',
      summary: 'Ask with SQL: one SELECT over the datasets. The answer is looked up by the id',
      body: z.object({ sql: z.string().check(z.minLength(1), z.maxLength(20_000)) }),
      success: { status: 202, body: z.object({ queryId: id }) },
      errors: { NOT_A_MEMBER: notAMember },
      example: { body: { sql: 'SELECT type, count(*) AS events FROM page_events GROUP BY type' }, response: { queryId } },
    },
    getQuery: {
      method: 'GET',
      path: '/queries/{queryId}',
      auth: 'jwt',
      summary: "How far a question of one's own is, and its answer",
      params: z.object({ queryId: id }),
      query: z.object({ cursor: z.optional(cursor) }),
      success: {
        status: 200,
        body: z.object({
          status: queryStatus,
          columns: z.optional(z.array(column)),
          /** One array a row, in the order of the columns. Times are texts in UTC; whole numbers that JSON cannot hold exactly are texts. */
          rows: z.optional(z.array(z.array(z.unknown()))),
          /** Of the whole answer, which can have more pages than one. */
          rowCount: z.optional(count),
          /** Where the next page begins. */
          cursor: z.optional(cursor),
          /** There were more rows than an answer holds. */
          truncated: z.optional(z.boolean()),
          /** Of the files that were read. */
          bytesScanned: z.optional(count),
          /** Why it failed: a sentence. */
          error: z.optional(z.string()),
        }),
      },
      errors: { UNKNOWN_QUERY: unknownQuery, INVALID_CURSOR: invalidCursor },
      example: {
        params: { queryId },
        response: {
          status: 'SUCCEEDED',
          columns: [
            { name: 'type', type: 'VARCHAR' },
            { name: 'events', type: 'BIGINT' },
          ],
          rows: [['page.viewed', 9120]],
          rowCount: 1,
          truncated: false,
          bytesScanned: 187_400,
        },
      },
    },
    listQueries: {
      method: 'GET',
      path: '/queries',
      auth: 'jwt',
      summary: "One's own questions, the newest first",
      query: z.object({ limit, cursor: z.optional(cursor) }),
      success: {
        status: 200,
        body: z.object({
          items: z.array(
            z.object({
              queryId: id,
              sql: z.string(),
              askedAt: instant,
              status: queryStatus,
              rowCount: z.optional(count),
              bytesScanned: z.optional(count),
              error: z.optional(z.string()),
            }),
          ),
          cursor: z.optional(cursor),
        }),
      },
      errors: { INVALID_CURSOR: invalidCursor },
      example: {
        query: { limit: '1' },
        response: {
          items: [
            {
              ...{ queryId, sql: 'SELECT count(*) FROM orders', askedAt: '2026-11-02T09:31:00.000Z', status: 'SUCCEEDED' },
              ...{ rowCount: 1, bytesScanned: 187_400 },
            },
          ],
        },
      },
    },
    getResult: {
      method: 'GET',
      path: '/queries/{queryId}/result',
      auth: 'jwt',
      summary: "The whole answer to a question of one's own, as a file: CSV, Parquet, or an Arrow stream",
      params: z.object({ queryId: id }),
      query: z.object({ format: z.enum(['csv', 'parquet', 'arrow']) }),
      success: {
        status: 200,
        body: z.object({
          /** Answers GET to whoever has it, for five minutes. */
          url: z.url(),
          bytes: count,
          expiresAt: instant,
        }),
      },
      errors: {
        UNKNOWN_QUERY: unknownQuery,
        NO_ANSWER: { status: 409, description: 'The question has no answer: not yet, or none at all.' },
      },
      example: {
        params: { queryId },
        query: { format: 'csv' },
        response: { url: 'https://answers.example.com/answer.csv?X-Amz-Expires=300', bytes: 214, expiresAt: '2026-11-02T09:36:00.000Z' },
      },
    },
    cancelQuery: {
      method: 'DELETE',
      path: '/queries/{queryId}',
      auth: 'jwt',
      idempotent: true,
      summary: "Stop a question of one's own; one that has ended stays as it is",
      params: z.object({ queryId: id }),
      success: { status: 200, body: z.object({ status: queryStatus }) },
      errors: { UNKNOWN_QUERY: unknownQuery },
      example: { params: { queryId }, response: { status: 'CANCELLED' } },
    },
    startErasure: {
      method: 'POST',
      path: '/erasures',
      auth: 'jwt',
      summary: "Erase everything that names a person, by a person's or a session's id: what has arrived, what was made of it, and answers",
      body: z.object({ subject: id }),
      success: { status: 202, body: z.object({ erasureId: id }) },
      errors: { NOT_ALLOWED: notAllowed },
      example: { body: { subject: '6f1c5c6e-0a3c-4a53-9f0e-0d1c6d3c9f10' }, response: { erasureId: queryId } },
    },
    getErasure: {
      method: 'GET',
      path: '/erasures/{erasureId}',
      auth: 'jwt',
      summary: 'How far an erasure is. It has ended when a search of everything, after the last file was replaced, found nothing',
      params: z.object({ erasureId: id }),
      success: {
        status: 200,
        body: z.object({
          status: z.enum(['QUEUED', 'ERASING', 'PROVING', 'ERASED']),
          askedAt: instant,
          erasedAt: z.optional(instant),
          /** Objects and items in which something was erased. */
          changed: count,
          /** Objects and items that the search went through. */
          searched: count,
        }),
      },
      errors: { NOT_ALLOWED: notAllowed, UNKNOWN_ERASURE: { status: 404, description: 'There is no such erasure.' } },
      example: {
        params: { erasureId: queryId },
        response: {
          ...{ status: 'ERASED', askedAt: '2026-11-02T09:31:00.000Z', erasedAt: '2026-11-02T09:44:00.000Z' },
          ...{ changed: 3, searched: 812 },
        },
      },
    },
    listDatasets: {
      method: 'GET',
      path: '/datasets',
      auth: 'jwt',
      summary: 'What can be asked: datasets with their columns, how much they hold, and how fresh they are; by words and by column',
      query: z.object({
        /** Words, all of which stand in the name, the description, the owner, a tag or a column. */
        q: z.optional(words),
        column: z.optional(words),
        tag: z.optional(words),
      }),
      success: {
        status: 200,
        body: z.object({
          items: z.array(
            z.object({
              name: z.string(),
              description: z.string(),
              columns: z.array(column),
              rows: z.optional(count),
              bytes: z.optional(count),
              files: z.optional(count),
              /** When something was added last. */
              refreshedAt: z.optional(instant),
              /** `event`: by a contract; `view`: made of others when somebody asks; `uploaded`: of files that people brought in. */
              kind: z.optional(z.enum(['event', 'view', 'uploaded'])),
              owner: z.optional(z.string()),
              tags: z.optional(z.array(z.string())),
              /** What it is made of. */
              madeOf: z.optional(z.array(z.string())),
            }),
          ),
        }),
      },
      errors: { NOT_A_MEMBER: notAMember },
      example: {
        response: {
          items: [
            {
              name: 'page_events',
              description: 'What visitors do in the shop.',
              columns: [{ name: 'event_id', type: 'VARCHAR' }],
              rows: 9120,
              bytes: 187_400,
              files: 2,
              refreshedAt: '2026-11-02T09:31:00.000Z',
            },
          ],
        },
      },
    },
    getDataset: {
      method: 'GET',
      path: '/datasets/{dataset}',
      auth: 'jwt',
      summary:
        'All that is known of a dataset: its schema and what it was before, where it comes from, its hours, and what became of its files',
      params: z.object({ dataset: datasetName }),
      success: {
        status: 200,
        body: z.object({
          name: z.string(),
          description: z.string(),
          kind: z.enum(['event', 'view', 'uploaded']),
          owner: z.optional(z.string()),
          tags: z.array(z.string()),
          madeOf: z.array(z.string()),
          columns: z.array(column),
          history: z.array(z.object({ version: count, since: z.optional(instant), origin: z.string(), columns: z.array(column) })),
          partitions: z.array(z.object({ hour: z.string(), rows: count, bytes: count, files: count, refreshedAt: instant })),
          files: z.array(
            z.object({
              name: z.string(),
              at: instant,
              status: z.enum(['TAKEN', 'FAILED']),
              rows: z.optional(count),
              problem: z.optional(z.string()),
            }),
          ),
        }),
      },
      errors: { NOT_A_MEMBER: notAMember, UNKNOWN_DATASET: unknownDataset },
      example: {
        params: { dataset: 'suppliers' },
        response: {
          ...{
            name: 'suppliers',
            description: 'Who delivers what.',
            kind: 'uploaded',
            owner: 'purchasing',
            tags: ['partners'],
            madeOf: ['suppliers/2026.csv'],
          },
          columns: [{ name: 'supplier', type: 'VARCHAR' }],
          history: [
            {
              version: 1,
              since: '2026-11-02T09:31:00.000Z',
              origin: 'suppliers/2026.csv',
              columns: [{ name: 'supplier', type: 'VARCHAR' }],
            },
          ],
          partitions: [{ hour: '2026-11-02-09', rows: 12, bytes: 812, files: 1, refreshedAt: '2026-11-02T09:31:00.000Z' }],
          files: [{ name: 'suppliers/2026.csv', at: '2026-11-02T09:31:00.000Z', status: 'TAKEN', rows: 12 }],
        },
      },
    },
    describeDataset: {
      method: 'PUT',
      path: '/datasets/{dataset}',
      auth: 'jwt',
      idempotent: true,
      summary: 'Say what an uploaded dataset is, whose it is, and what it is about',
      params: z.object({ dataset: datasetName }),
      body: z.object({
        description: z.string().check(z.minLength(1), z.maxLength(1000)),
        owner: z.optional(z.string().check(z.maxLength(100))),
        tags,
      }),
      success: { status: 200, body: z.object({ name: z.string() }) },
      errors: { NOT_ALLOWED: notAllowedTo, UNKNOWN_DATASET: unknownDataset },
      example: {
        params: { dataset: 'suppliers' },
        body: { description: 'Who delivers what.', owner: 'purchasing', tags: ['partners'] },
        response: { name: 'suppliers' },
      },
    },
    startUpload: {
      method: 'POST',
      path: '/datasets/{dataset}/uploads',
      auth: 'jwt',
      summary:
        'A form for a file of a dataset: CSV, JSON, NDJSON or Parquet, also as .gz or .zst. What became of it stands among the files of the dataset',
      params: z.object({ dataset: datasetName }),
      body: z.object({ file: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)) }),
      success: { status: 201, body: z.object({ url: z.url(), fields: z.record(z.string(), z.string()), expiresAt: instant }) },
      errors: {
        NOT_ALLOWED: notAllowedTo,
        NOT_A_NAME: { status: 400, description: "The dataset is one of the lake's own, or the file is none that it reads." },
      },
      example: {
        params: { dataset: 'suppliers' },
        body: { file: '2026.csv' },
        response: { url: 'https://inbox.example.com/', fields: { key: 'suppliers/2026.csv' }, expiresAt: '2026-11-02T09:36:00.000Z' },
      },
    },
  },
});
