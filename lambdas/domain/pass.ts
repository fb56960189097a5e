import type { Config, DrainPolicy, JoinPolicy } from "../contracts/config.ts";
import { InstanceId } from "../contracts/ids.ts";
import type { FlowName } from "../contracts/names.ts";
import type { Diagnosis } from "./heal/diagnosis.ts";
import { type Policies, policiesOf } from "./policies.ts";
import type { ConsulNode } from "./ports/consul.ts";
import type { Ports } from "./ports/index.ts";
import type { JournalEntry } from "./ports/journal.ts";
import type { Mode } from "./ports/nodes.ts";
import type { Allocation, NomadNode } from "./ports/nomad.ts";
import type { HealProgress, HookIntent, JoinProgress, NodeRecord, Progress } from "./record.ts";

/** One look at one node: the record being worked on, what was read in this look, and the journal. */
export class Pass {
  record: NodeRecord;
  readonly ports: Ports;
  readonly config: Config;
  readonly mode: Mode;
  readonly journal: JournalEntry[] = [];
  /** Its event came with many others. */
  isCrowded = false;
  /** The instance's lifecycle state in its group, as read in this pass. */
  lifecycleState: string | undefined;
  /** Its hooks are over and EC2 ends it, or has ended it. */
  instanceEnds = false;
  /** That state was read in an earlier pass. */
  isLifecycleRemembered = false;
  /** It is past its launch hooks, by no doing of this pass. */
  isInService = false;
  /** It goes into the warm pool, or is in it. */
  isWarmed = false;
  /** EC2 has terminated the instance, or knows nothing of it. */
  instanceGone = false;
  /** The Nomad node, as read in this pass. */
  node: NomadNode | undefined;
  /** Consul's entry of the node, if it was read in this pass. */
  consulEntry: ConsulNode | undefined;
  /** Its allocations, if they were read in this pass: one look a pass is enough. */
  allocations: readonly Allocation[] | undefined;
  /** How the node is, as found in this pass. */
  diagnosis: Diagnosis | undefined;
  #flow: FlowName;
  #step = "";
  #stepBeganAt: Date;

  constructor(record: NodeRecord, ports: Ports, config: Config, mode: Mode) {
    this.record = record;
    this.ports = ports;
    this.config = config;
    this.mode = mode;
    this.#flow = record.flow;
    this.#stepBeganAt = ports.clock.now();
  }

  get now(): Date {
    return this.ports.clock.now();
  }

  /** The node as an EC2 instance. @throws when it is none: a flow of Auto Scaling's knows no others. */
  get instanceId(): InstanceId {
    return InstanceId.parse(this.record.nodeId);
  }

  /** What is configured for the node's group. */
  get policies(): Policies {
    return policiesOf(this.config, this.record.group);
  }

  get policy(): DrainPolicy {
    return this.policies.drain;
  }

  get joinPolicy(): JoinPolicy {
    return this.policies.join;
  }

  /** How far the instance has come that is to join. */
  get joining(): JoinProgress {
    return this.record.progress.join ?? {};
  }

  get pastDeadline(): boolean {
    return this.now.getTime() >= this.record.deadlineAt.getTime();
  }

  /** The hooks at which the instance waits for us, as far as we know. */
  get openHooks(): readonly HookIntent[] {
    return this.record.intents.flatMap(({ hook }) => (hook && !hook.over ? [hook] : []));
  }

  /** Every hook at which the instance waited for us is over. */
  get letGo(): boolean {
    return this.record.intents.some(({ hook }) => hook) && this.openHooks.length === 0;
  }

  /** Since when this step has waited, over all passes; undefined if it did not wait before. */
  get waitingSince(): Date | undefined {
    const { waiting } = this.record;
    return waiting?.step === this.#step ? waiting.since : undefined;
  }

  /** Names the step whose lines the journal gets from here on. */
  begin(step: string): void {
    this.#step = step;
    this.#stepBeganAt = this.now;
  }

  /** Writes what was found into the journal. */
  saw(text: string): void {
    this.#note("saw", text);
  }

  /**
   * Changes the world, and says so in the journal if it did. In observe mode it only says, once,
   * what it would do.
   * @param text the deed in the past tense, as in "marked the node ineligible".
   * @returns what `deed` returned, or "held back" in observe mode.
   */
  async act<T>(text: string, deed: () => Promise<"done" | T>): Promise<"done" | "held back" | T> {
    if (this.mode === "act") {
      const result = await deed();
      if (result === "done") this.#note("did", text);
      return result;
    }
    const would = this.record.progress.would ?? [];
    if (!would.includes(text)) {
      this.#note("would", `would have ${text}`);
      this.progress({ would: [...would, text] });
    }
    return "held back";
  }

  /** Writes down what has been heard of the node since the last pass, and asks for more than a hook does. */
  tellIntents(): void {
    this.begin("hear");
    const intents = this.record.intents.map((intent) => {
      if (!intent.found || intent.told) return intent;
      this.saw(`${intent.reason}: ${intent.found}`);
      return { ...intent, told: true };
    });
    this.record = { ...this.record, intents };
  }

  /** Remembers what can't be read from the world again. */
  progress(change: Partial<Progress>): void {
    this.record = { ...this.record, progress: { ...this.record.progress, ...change } };
  }

  /** Remembers how far the instance has come that is to join. */
  join(change: Partial<JoinProgress>): void {
    this.progress({ join: { ...this.joining, ...change } });
  }

  /** How far the healing of the node has come. */
  get healing(): HealProgress {
    return this.record.progress.heal ?? {};
  }

  /** Remembers how far the healing of the node has come. */
  heal(change: Partial<HealProgress>): void {
    this.progress({ heal: { ...this.healing, ...change } });
  }

  /** Remembers how it stands with a hook. */
  hook(hook: HookIntent, change: Partial<HookIntent>): void {
    const intents = this.record.intents.map((intent) =>
      intent.hook && intent.hook.token === hook.token && intent.hook.name === hook.name
        ? { ...intent, hook: { ...intent.hook, ...change } }
        : intent,
    );
    this.record = { ...this.record, intents };
  }

  #note(kind: JournalEntry["kind"], text: string): void {
    const at = this.now;
    this.journal.push({
      nodeId: this.record.nodeId,
      at,
      flow: this.#flow,
      step: this.#step,
      kind,
      text,
      tookMilliseconds: at.getTime() - this.#stepBeganAt.getTime(),
    });
  }
}
