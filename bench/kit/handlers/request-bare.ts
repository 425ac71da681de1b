import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { writeOnce } from './effect.ts';
import { placementApi } from './placement-api.ts';
import { price } from './rule.ts';

const { body, success } = placementApi.routes.placeOrder;
const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export const handler = async (event: APIGatewayProxyEventV2WithJWTAuthorizer): Promise<APIGatewayProxyStructuredResultV2> => {
  try {
    const parsed = body.safeParse(JSON.parse(event.body ?? ''));
    if (!parsed.success) return { statusCode: 400, headers, body: JSON.stringify({ errors: parsed.error.issues }) };
    const answer = price(parsed.data.lines);
    await writeOnce(event.requestContext.requestId, process.env.ORDERS_TABLE, answer);
    return { statusCode: success.status, headers, body: JSON.stringify(success.body.parse(answer)) };
  } catch (error) {
    console.error(error);
    return { statusCode: 500, headers, body: '{}' };
  }
};
