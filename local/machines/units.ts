import type { Execution } from "../aws/ssm/command.ts";

/** An agent of a machine, as systemd has it. */
export interface Unit {
  readonly isActive: () => boolean;
  readonly restart: () => Promise<void> | void;
}

/** What the agents of a machine are called, its SSM agent among them. */
export type AgentName = "nomad" | "consul" | "ssm";

/** What runs on a machine: it can die, and be restarted. */
export interface MachineAgents {
  readonly units: Units;
  /** An agent dies without a word. */
  kill(agent: AgentName): Promise<void> | void;
}

/** How long the restart of a unit takes. */
const RESTART_SECONDS = 2;

/** The units of a machine that can be restarted, and which of these don't come back. */
export class Units {
  readonly #units: ReadonlyMap<string, Unit>;
  readonly #broken = new Map<string, string>();

  constructor(units: Readonly<Record<string, Unit>>) {
    this.#units = new Map(Object.entries(units));
  }

  /** From now on a restart fails. @param output what systemd and the agent say of it. */
  break(name: string, output: string): void {
    this.#broken.set(name, output);
  }

  mend(name: string): void {
    this.#broken.delete(name);
  }

  /** Restarts units in this order, and shows how they are then, as Drover's document does. */
  async restart(names: readonly string[]): Promise<Execution> {
    const lines: string[] = [];
    for (const name of names) {
      lines.push(`== restart ${name}`, ...(await this.#restart(name)));
    }
    const inactive = names.filter((name) => !this.#units.get(plain(name))?.isActive());
    for (const name of names) {
      lines.push(`== ${name} is ${inactive.includes(name) ? "failed" : "active"}`);
      const said = this.#broken.get(plain(name));
      if (said) lines.push(said);
    }
    return {
      exitStatus: inactive.length > 0 ? 1 : 0,
      output: lines.join("\n"),
      seconds: RESTART_SECONDS * names.length,
    };
  }

  async #restart(name: string): Promise<string[]> {
    const unit = this.#units.get(plain(name));
    if (!unit) return [`Failed to restart ${name}: Unit ${name}.service not found.`];
    if (!this.#broken.has(plain(name))) await unit.restart();
    if (unit.isActive()) return [];
    return [
      `Job for ${plain(name)}.service failed because the control process exited with error code.`,
    ];
  }
}

/** The units that a command of Drover's document names. */
export function unitsIn(parameters: Readonly<Record<string, readonly string[]>>): string[] {
  return (parameters.Units ?? []).flatMap((text) => text.split(" ")).filter(Boolean);
}

function plain(name: string): string {
  return name.replace(/\.service$/, "");
}
