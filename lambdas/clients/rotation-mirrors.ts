import type { Value } from "../domain/rotate/kind.ts";
import type { Mirror, RotationPorts } from "../domain/rotate/ports.ts";
import type { ParameterMirrors } from "./aws/mirrors.ts";
import type { VariableMirrors } from "./nomad/rotate/variable.ts";

/** The mirrors that a rotation's settings name. */
export function createMirrorsOf(to: {
  readonly parameters: ParameterMirrors;
  /** Undefined when no rotation names a variable. */
  readonly variables: VariableMirrors | undefined;
}): RotationPorts["mirrorsOf"] {
  const { parameters, variables } = to;
  return ({ name, parameter, nomadVariable }) => {
    if (nomadVariable && !variables) throw new Error(`${name}: nomadVariable: there is no Nomad`);
    const mirrors: Mirror[] = [];
    if (parameter) {
      const put = (value: Value) => parameters.put(parameter, value);
      mirrors.push({ name: `parameter ${parameter}`, put });
    }
    if (nomadVariable && variables) {
      const { path, namespace } = nomadVariable;
      const put = (value: Value) => variables.put(nomadVariable, value);
      mirrors.push({ name: `Nomad's variable ${path} in namespace ${namespace}`, put });
    }
    return mirrors;
  };
}
