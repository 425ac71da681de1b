/** Status by code. The codes are those of AWS's image solution; where it answers 500 for a mistake of the caller, this is 400. */
const statuses = {
  RequestTypeError: 400,
  'DecodeRequest::CannotDecodeRequest': 400,
  'DecodeRequest::CannotReadPath': 400,
  AuthorizationQueryParametersError: 400,
  ImageRequestExpired: 400,
  ImageRequestExpiryFormat: 400,
  QueryParameterParsingError: 400,
  'ImageEdits::CannotParseEdits': 400,
  InstantiationError: 400,
  InvalidResizeException: 400,
  'Crop::AreaOutOfBounds': 400,
  'SmartCrop::FaceIndexOutOfRange': 400,
  'SmartCrop::PaddingOutOfBounds': 400,
  OverlayImageException: 400,
  UnsupportedOutputImageFormatException: 400,
  BadRequest: 400,
  SignatureDoesNotMatch: 403,
  PolicyRequired: 403,
  'ImageBucket::CannotAccessBucket': 403,
  NoSuchKey: 404,
  NoSuchPolicy: 404,
  'ImageBucket::CannotFindBucket': 404,
  TooLargeImageException: 413,
  ProcessingFailure: 500,
  InternalError: 500,
  'SmartCrop::Error': 500,
  'Rekognition::DetectModerationLabelsError': 500,
  'ImageRetrieval::CannotRetrieveImage': 500,
  BadGateway: 502,
  TimeoutException: 503,
} as const;

export type ImageErrorCode = keyof typeof statuses;

/** Why a picture is not served. Its JSON is the body of the answer: `{status, code, message}`. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly code: ImageErrorCode;

  /** @param message one sentence that says what to do; it never repeats what was sent. */
  constructor(code: ImageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get status(): number {
    return statuses[this.code];
  }

  toJSON() {
    return { status: this.status, code: this.code, message: this.message };
  }
}
