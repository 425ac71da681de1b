import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { parser } from '@aws-lambda-powertools/parser/middleware';
import { APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas/api-gatewayv2';
import { JSONStringified } from '@aws-lambda-powertools/parser/helpers';
import middy from '@middy/core';
import type { z } from 'zod';
import { placed, placement } from './classic-schema.ts';
import { writeOnce } from './effect.ts';
import { price } from './rule.ts';

const logger = new Logger({ serviceName: 'orders' });
const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const schema = APIGatewayProxyEventV2Schema.extend({ body: JSONStringified(placement) });

export const handler = middy()
  .use(injectLambdaContext(logger))
  .use(parser({ schema }))
  .handler(async (event: z.output<typeof schema>) => {
    logger.setCorrelationId(event.headers['x-correlation-id'] ?? event.requestContext.requestId);
    const answer = price(event.body.lines);
    await writeOnce(event.requestContext.requestId, process.env.ORDERS_TABLE, answer);
    return { statusCode: 202, headers, body: JSON.stringify(placed.parse(answer)) };
  });
