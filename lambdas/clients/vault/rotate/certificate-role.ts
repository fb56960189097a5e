import * as z from "zod";
import type { ApiHttp } from "../../http/api-http.ts";

const RoleReading = z.object({
  data: z.object({
    allowed_uri_sans: z.array(z.string()).nullish(),
    generate_lease: z.boolean().nullish(),
    no_store: z.boolean(),
  }),
});

/** What makes the certificates of a role unfit to be rotated, if anything does, and how to mend it. */
export async function certificateRoleDefect(
  http: ApiHttp,
  mount: string,
  role: string,
): Promise<string | undefined> {
  const path = `/v1/${mount}/roles/${role}`;
  const found = (await http.read({ method: "GET", path }, RoleReading))?.value.data;
  const defect = found ? defectOf(found) : "it is not there: make it";
  return defect && `${mount}/roles/${role}: ${defect}`;
}

function defectOf(role: z.infer<typeof RoleReading>["data"]): string | undefined {
  if (role.no_store) {
    return "what it issues is not stored, and can't be revoked: set no_store to false";
  }
  if (role.generate_lease) {
    return "what it issues is revoked with the login that made it: set generate_lease to false";
  }
  if (role.allowed_uri_sans?.length) return undefined;
  return "what it issues can't say what it was made for: set allowed_uri_sans to drover://*";
}
