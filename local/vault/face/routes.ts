import {
  destroyByAccessor,
  destroySecretId,
  listSecretIds,
  lookUpBySecretId,
  lookUpSecretId,
  makeCustomSecretId,
  makeSecretId,
  readRoleId,
} from "./app-role-routes.ts";
import type { Call, Operation, Reply } from "./call.ts";
import { issueCredentials } from "./engine-routes.ts";
import { logIn } from "./login-routes.ts";
import {
  askForIntermediate,
  importIssuers,
  makeRoot,
  signIntermediate,
} from "./pki-authority-routes.ts";
import {
  deleteIssuer,
  deleteKey,
  listIssuers,
  listKeys,
  readDefault,
  readIssuer,
  revokeIssuer,
  setDefault,
} from "./pki-issuer-routes.ts";
import {
  issueByIssuer,
  issueCertificate,
  listCertificates,
  readCertificate,
  readCertificateRole,
  revokeCertificate,
} from "./pki-routes.ts";
import { health, keyStatus, readSecret, rotateBarrier } from "./system-routes.ts";
import { createToken, createTokenByRole, readTokenRole } from "./token-create-routes.ts";
import {
  listAccessors,
  lookUpAccessor,
  lookUpSelf,
  lookUpToken,
  renewSelf,
  revokeAccessor,
  revokeSelf,
} from "./token-routes.ts";
import { lookUpWrapping, unwrap, wrap } from "./wrapping-routes.ts";

type Act = (call: Call) => Reply | undefined | Promise<Reply>;

interface Route {
  /** After `/v1/`, without the slash at its end. */
  readonly path: RegExp;
  /** Asks for no token. */
  readonly isOpen?: boolean;
  /** Its rule has to say `sudo`. */
  readonly needsSudo?: boolean;
  readonly operations: Partial<Readonly<Record<Operation, Act>>>;
}

/** The first path that fits counts. */
export const ROUTES: readonly Route[] = [
  { path: /^sys\/health$/, isOpen: true, operations: { read: health } },
  {
    path: /^sys\/wrapping\/lookup$/,
    isOpen: true,
    operations: { read: lookUpWrapping, update: lookUpWrapping },
  },
  { path: /^sys\/wrapping\/wrap$/, operations: { update: wrap } },
  // It looks at the tokens itself.
  { path: /^sys\/wrapping\/unwrap$/, isOpen: true, operations: { update: unwrap } },
  { path: /^auth\/token\/lookup-self$/, operations: { read: lookUpSelf } },
  { path: /^sys\/key-status$/, operations: { read: keyStatus } },
  { path: /^sys\/rotate$/, needsSudo: true, operations: { update: rotateBarrier } },
  { path: /^secret\/data\/(.+)$/, operations: { read: readSecret } },
  { path: /^auth\/token\/create$/, operations: { update: createToken } },
  { path: /^auth\/token\/create\/([^/]+)$/, operations: { update: createTokenByRole } },
  { path: /^auth\/token\/roles\/([^/]+)$/, operations: { read: readTokenRole } },
  { path: /^auth\/token\/lookup$/, operations: { update: lookUpToken } },
  { path: /^auth\/token\/renew-self$/, operations: { update: renewSelf } },
  { path: /^auth\/token\/revoke-self$/, operations: { update: revokeSelf } },
  { path: /^auth\/token\/accessors$/, needsSudo: true, operations: { list: listAccessors } },
  { path: /^auth\/token\/lookup-accessor$/, operations: { update: lookUpAccessor } },
  { path: /^auth\/token\/revoke-accessor$/, operations: { update: revokeAccessor } },
  { path: /^auth\/(.+)\/login$/, isOpen: true, operations: { update: logIn } },
  { path: /^auth\/(.+)\/role\/([^/]+)\/role-id$/, operations: { read: readRoleId } },
  {
    path: /^auth\/(.+)\/role\/([^/]+)\/secret-id$/,
    operations: { list: listSecretIds, update: makeSecretId },
  },
  {
    path: /^auth\/(.+)\/role\/([^/]+)\/custom-secret-id$/,
    operations: { update: makeCustomSecretId },
  },
  {
    path: /^auth\/(.+)\/role\/([^/]+)\/secret-id\/destroy$/,
    operations: { update: destroySecretId, delete: destroySecretId },
  },
  {
    path: /^auth\/(.+)\/role\/([^/]+)\/secret-id\/lookup$/,
    operations: { update: lookUpBySecretId },
  },
  {
    path: /^auth\/(.+)\/role\/([^/]+)\/secret-id-accessor\/lookup$/,
    operations: { update: lookUpSecretId },
  },
  {
    path: /^auth\/(.+)\/role\/([^/]+)\/secret-id-accessor\/destroy$/,
    operations: { update: destroyByAccessor },
  },
  {
    path: /^(.+)\/issuer\/([^/]+)\/issue\/([^/]+)$/,
    operations: { update: issueByIssuer },
  },
  { path: /^(.+)\/issuer\/([^/]+)\/revoke$/, operations: { update: revokeIssuer } },
  { path: /^(.+)\/root\/rotate\/internal$/, operations: { update: makeRoot } },
  { path: /^(.+)\/root\/sign-intermediate$/, operations: { update: signIntermediate } },
  {
    path: /^(.+)\/intermediate\/generate\/internal$/,
    operations: { update: askForIntermediate },
  },
  { path: /^(.+)\/intermediate\/set-signed$/, operations: { update: importIssuers } },
  { path: /^(.+)\/config\/issuers$/, operations: { read: readDefault, update: setDefault } },
  { path: /^(.+)\/keys$/, operations: { list: listKeys } },
  { path: /^(.+)\/key\/([^/]+)$/, operations: { delete: deleteKey } },
  { path: /^(.+)\/issue\/([^/]+)$/, operations: { update: issueCertificate } },
  { path: /^(.+)\/cert\/([^/]+)$/, isOpen: true, operations: { read: readCertificate } },
  { path: /^(.+)\/certs$/, operations: { list: listCertificates } },
  { path: /^(.+)\/revoke$/, operations: { update: revokeCertificate } },
  { path: /^(.+)\/roles\/([^/]+)$/, operations: { read: readCertificateRole } },
  { path: /^(.+)\/issuers$/, isOpen: true, operations: { list: listIssuers } },
  { path: /^(.+)\/issuer\/([^/]+)$/, operations: { read: readIssuer, delete: deleteIssuer } },
  { path: /^(.+)\/creds\/([^/]+)$/, operations: { read: issueCredentials } },
];
