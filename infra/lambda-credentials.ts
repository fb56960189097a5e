import type { Plugin } from "esbuild";

/** Providers for a developer's machine or another service: profiles, SSO, processes, web identity. */
const ELSEWHERE = /^@aws-sdk\/credential-provider-(ini|login|process|sso|web-identity)$/;
const NAMESPACE = "credentials-from-elsewhere";
const SKIPPED = `
const skip = () => async () => {
  throw Object.assign(new Error("this source of credentials is not in the bundle"), {
    tryNextLink: true,
  });
};
export {
  skip as fromIni,
  skip as fromLoginCredentials,
  skip as fromProcess,
  skip as fromSSO,
  skip as fromTokenFile,
};`;

/**
 * Leaves the sources of credentials out that a Lambda function never has: its own come from the
 * environment. They bring whole clients for STS and SSO, some 80 KB. The SDK's chain passes over
 * them as if they had found nothing.
 */
export const lambdaCredentialsOnly: Plugin = {
  name: "lambda-credentials-only",
  setup(build) {
    build.onResolve({ filter: ELSEWHERE }, ({ path }) => ({ path, namespace: NAMESPACE }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, () => ({ contents: SKIPPED }));
  },
};
