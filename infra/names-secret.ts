/**
 * Whether a configured name or ARN is of a secret. An ARN has a hyphen and six characters behind the name, or
 * neither.
 */
export function namesSecret(nameOrArn: string, secret: string): boolean {
  const tail = nameOrArn.startsWith("arn:") ? nameOrArn.split(":secret:")[1] : nameOrArn;
  return tail === secret || (tail !== nameOrArn && tail?.slice(0, -7) === secret);
}
