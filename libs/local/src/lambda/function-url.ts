import { AwsError } from '../kernel/aws-error.ts';
import { generatedId } from '../kernel/generated-name.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ResourceRequest, ResourceType } from '../kernel/resource-type.ts';
import type { AnswerSink } from './answer-sink.ts';
import type { Functions } from './functions.ts';
import type { Invoker, Ran } from './invoker.ts';
import { policyOf, type PolicyDocument } from './policy.ts';

/** The address of a function, as an `AWS::Lambda::Url` describes it. */
export interface FunctionUrl {
  readonly id: string;
  readonly service: string;
  /** With a qualifier, when the template gives one. */
  readonly functionArn: string;
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  /** As in the template. */
  readonly cors: Readonly<Record<string, unknown>> | undefined;
}

/** What the gateway asks of Lambda to answer at function URLs. */
export interface FunctionUrls {
  find(id: string): FunctionUrl | undefined;
  /** The resource policy of a URL's function, which decides who may call it. */
  policyOf(url: FunctionUrl): PolicyDocument | undefined;
  /** @throws {AwsError} `ResourceNotFoundException`, `TooManyRequestsException` (429). */
  invoke(url: FunctionUrl, call: { payload: string; traceHeader: string; sink?: AnswerSink | undefined }): Promise<Ran>;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Function URLs. They live in memory: each start makes them again, with the same ids.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
 */
export function createFunctionUrls(kernel: Kernel, functions: Functions, invoker: Invoker): { urls: FunctionUrls; type: ResourceType } {
  /** By the function's ARN: a function, or an alias of one, has one URL at most. */
  const byArn = new Map<string, FunctionUrl>();
  const urls: FunctionUrls = {
    find: (id) => [...byArn.values()].find((url) => url.id === id),
    policyOf: (url) => {
      const fn = functions.find(url.functionArn);
      return fn && policyOf(fn);
    },
    invoke: (url, call) => invoker.run(url.functionArn, { type: 'RequestResponse', trigger: 'function-url', ...call }),
  };
  const type: ResourceType = {
    type: 'AWS::Lambda::Url',
    async apply(request) {
      const url = toFunctionUrl(request, functions);
      byArn.set(url.functionArn, url);
      const { host } = new URL(kernel.gatewayUrl);
      const [, port] = host.split(':');
      const FunctionUrl = `http://${url.id}.lambda-url.localhost${port === undefined ? '' : `:${port}`}/`;
      const message = `${request.logicalId} answers at ${FunctionUrl}`;
      kernel.tell({ kind: 'notice', at: kernel.now(), level: 'info', service: url.service, message });
      return { physicalId: url.functionArn, attributes: { FunctionArn: url.functionArn, FunctionUrl } };
    },
    async remove(physicalId) {
      byArn.delete(physicalId);
    },
  };
  return { urls, type };
}

function toFunctionUrl(request: ResourceRequest, functions: Functions): FunctionUrl {
  const { properties, logicalId, service } = request;
  const { AuthType: authType, InvokeMode: invokeMode = 'BUFFERED', Qualifier: qualifier, Cors: cors } = properties;
  if (authType !== 'NONE' && authType !== 'AWS_IAM')
    throw invalid(`${logicalId}: AuthType is ${String(authType)}: NONE and AWS_IAM exist.`);
  if (invokeMode !== 'BUFFERED' && invokeMode !== 'RESPONSE_STREAM')
    throw invalid(`${logicalId}: InvokeMode is ${String(invokeMode)}: BUFFERED and RESPONSE_STREAM exist.`);
  const { arn } = functions.resolve(String(properties['TargetFunctionArn']), qualifier === undefined ? undefined : String(qualifier));
  return {
    id: generatedId(request, 32, ALPHABET),
    service,
    functionArn: arn,
    authType,
    invokeMode,
    cors: cors as FunctionUrl['cors'],
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
