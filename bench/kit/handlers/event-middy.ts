import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { parse } from '@aws-lambda-powertools/parser';
import { EventBridgeSchema } from '@aws-lambda-powertools/parser/schemas/eventbridge';
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import middy from '@middy/core';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { envelope, order } from './classic-schema.ts';
import { writeOnce } from './effect.ts';
import { reserve } from './rule.ts';

const logger = new Logger({ serviceName: 'inventory' });
const processor = new BatchProcessor(EventType.SQS);
const message = z.object({ body: JSONStringified(EventBridgeSchema.extend({ detail: envelope.extend({ data: order }) })) });

async function handle(record: SQSRecord): Promise<void> {
  const { body } = parse(record, undefined, message);
  const { id, correlationid, causationid, data } = body.detail;
  logger.appendKeys({ correlation_id: correlationid, causation_id: causationid, event_id: id });
  reserve(data);
  await writeOnce(id, process.env.RESERVATIONS_TABLE, { orderId: data.orderId });
}

export const handler = middy(async (event: SQSEvent, context: Context) =>
  processPartialResponse(event, handle, processor, { context }),
).use(injectLambdaContext(logger));
