import { toInvocation, within } from '@larder/service/invocation';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import app from './app/app.ts?browser';
import charts from './app/charts.ts?browser';
import { style } from './app/style.ts';
import { toAsset, toServe } from './assets.ts';
import { toHtml } from './html.ts';

const script = 'text/javascript';
const assets = {
  app: toAsset('app.js', script, app),
  charts: toAsset('charts.js', script, charts),
  style: toAsset('style.css', 'text/css', style),
};
const html = toHtml({ app: assets.app.path, charts: assets.charts.path, style: assets.style.path });
const serve = toServe(html, Object.values(assets));

export const handler = async ({ rawPath }: LambdaFunctionURLEvent, context: Context) => within(toInvocation(context), () => serve(rawPath));
