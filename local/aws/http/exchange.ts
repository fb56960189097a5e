/** A request to any AWS API, its body read. */
export interface AwsRequest {
  /** The header `X-Amz-Target` of the JSON protocols, such as `AmazonSQS.SendMessage`. */
  readonly target: string | undefined;
  readonly body: string;
  /** Where the face is reached, for the URLs in answers. */
  readonly endpoint: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
