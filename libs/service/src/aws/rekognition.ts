import {
  DetectFacesCommand,
  type DetectFacesCommandInput,
  type DetectFacesCommandOutput,
  DetectModerationLabelsCommand,
  type DetectModerationLabelsCommandInput,
  type DetectModerationLabelsCommandOutput,
  RekognitionClient,
} from '@aws-sdk/client-rekognition';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** Rekognition, as far as services use it. */
export interface Rekognition {
  readonly detectFaces: Operation<DetectFacesCommandInput, DetectFacesCommandOutput>;
  readonly detectModerationLabels: Operation<DetectModerationLabelsCommandInput, DetectModerationLabelsCommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new RekognitionClient(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const rekognition: Rekognition = {
  detectFaces: (input, options) => call((http) => client().send(new DetectFacesCommand(input), http), options),
  detectModerationLabels: (input, options) => call((http) => client().send(new DetectModerationLabelsCommand(input), http), options),
};
