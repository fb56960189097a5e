import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { NomadVariable } from "../../../contracts/config/rotate.ts";
import { PortError } from "../../../domain/ports/errors.ts";
import type { Value } from "../../../domain/rotate/kind.ts";
import type { NomadSession } from "../nomad-session.ts";
import { VARIABLE_PATH } from "../status-table.ts";

/** A variable's conflict with what it holds by now: nothing of that is read. */
const CONFLICT = 409;
/** What there is not. */
const NONE = 0;

const Variable = z.object({ ModifyIndex: z.number(), Items: z.record(z.string(), z.string()) });

/** Copies of secrets. Methods throw a `PortError` of system `nomad`. */
export interface VariableMirrors {
  /** Has a variable hold a value's fields and nothing else; one that does so already is not written. */
  put(variable: NomadVariable, value: Value): Promise<void>;
}

/** Copies of secrets as variables, which only those who may read them, such as jobs of that path, can. */
export function createVariableMirrors({ http }: NomadSession): VariableMirrors {
  return {
    async put({ path: place, namespace }, value) {
      const path = VARIABLE_PATH + place;
      const found = await http.read({ method: "GET", path, query: { namespace } }, Variable);
      if (isDeepStrictEqual(found?.value.Items, { ...value })) return;
      const cas = `${found?.value.ModifyIndex ?? NONE}`;
      const answer = await http.send({
        method: "PUT",
        path,
        query: { namespace, cas },
        body: { Items: value },
        secrets: Object.values(value),
      });
      if (answer?.status !== CONFLICT) return;
      const text = `PUT ${path}: somebody else has written it since it was read`;
      throw new PortError("nomad", "unavailable", text);
    },
  };
}
