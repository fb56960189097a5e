import { XMLBuilder } from "fast-xml-parser";
import type { AwsError } from "../aws-error.ts";
import type { AwsAnswer } from "./exchange.ts";

export type XmlObject = Readonly<Record<string, unknown>>;

const builder = new XMLBuilder({ attributeNamePrefix: "@", ignoreAttributes: false });

/** An answer in XML. */
export function xmlAnswer(status: number, document: XmlObject): AwsAnswer {
  return { status, headers: { "content-type": "text/xml" }, body: builder.build(document) };
}

/** A list as Auto Scaling writes it. */
export function members<T>(items: readonly T[]): { member: readonly T[] } {
  return { member: items };
}

/** An error as the query protocols write it. */
export function xmlError({ status, code, message }: AwsError): AwsAnswer {
  const problem = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message };
  const document = { ErrorResponse: { Error: problem, RequestId: crypto.randomUUID() } };
  return xmlAnswer(status, document);
}

/** An error as EC2 writes it. */
export function ec2Error({ status, code, message }: AwsError): AwsAnswer {
  const problem = { Code: code, Message: message };
  const document = { Response: { Errors: { Error: problem }, RequestID: crypto.randomUUID() } };
  return xmlAnswer(status, document);
}
