import type { OwnTrust } from "../../contracts/config/own-trust.ts";
import type { PublishedRotation, Rotation, RotationName } from "../../contracts/config/rotate.ts";
import type { NodeId } from "../../contracts/ids.ts";
import type { RotationLine } from "../../contracts/rotation-line.ts";
import type { RotationMessage } from "../../contracts/rotation-message.ts";
import type { WatchItem } from "../../contracts/watch-item.ts";
import type { Clock } from "../ports/clock.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Control } from "../ports/nodes.ts";
import type { Within } from "../ports/within.ts";
import type { KeptKey, Kind, Value } from "./kind.ts";
import type { Pace } from "./pace.ts";
import type { Answer, RotationRecord, Told } from "./record.ts";

/** Where the records of rotations live. Methods throw a `PortError` of system `dynamodb`. */
export interface Rotations {
  get(name: RotationName): Promise<RotationRecord | undefined>;
  /** Those with an attempt under way, configured or not. */
  underWay(): Promise<readonly RotationRecord[]>;
  /**
   * Writes a record if the stored one still has the version it was read with (0: if there is none).
   * @returns the record as stored, or undefined when somebody else wrote in between.
   */
  put(record: RotationRecord): Promise<RotationRecord | undefined>;
}

/** The versions of a secret by what they are. */
export interface Versions {
  readonly current: string | undefined;
  readonly pending: string | undefined;
}

/** Secrets Manager. Methods throw a `PortError` of system `secrets-manager` that never holds a value. */
export interface SecretVersions {
  versions(secret: string): Promise<Versions>;
  /** @returns undefined when there is no such version, or it has no value yet. */
  value(secret: string, version: string): Promise<Value | undefined>;
  /**
   * Makes a version current that holds nothing, `{}`, where none is current. Whatever somebody else makes current
   * at the same time stays so.
   */
  putNothing(secret: string): Promise<void>;
  /** Stores a value as the pending version. The same value twice is stored once. */
  putPending(secret: string, version: string, value: Value): Promise<void>;
  /** Makes a version the current one. Done twice it is the same as once. */
  promote(secret: string, version: string): Promise<void>;
  /** Has no version pending any more. */
  dropPending(secret: string, version: string): Promise<void>;
}

/** A copy of a secret, for consumers that read something else. Methods throw a `PortError` without the value. */
export interface Mirror {
  /** What it is, for the journal. */
  readonly name: string;
  /** Has it hold a value; one that holds it already is not written. */
  put(value: Value): Promise<void>;
}

/** Machines on which something has to be told of a new value. Methods throw a `PortError`. */
export interface Consumers {
  /** Which of a rotation's consumers they are. */
  readonly name: Told["consumers"];
  readonly pace: Pace;
  /**
   * They are handed something that they fetch by themselves, or when others of the rotation's consumers are told to
   * on the same machine; whoever comes when no attempt is under way is handed it, too. @default false
   */
  readonly isDelivery?: boolean;
  /** What is done on them, as in "had nomad reload on …". */
  readonly what: string;
  /** Those that are to be told, as they are now. */
  members(): Promise<readonly NodeId[]>;
  /**
   * Tells a machine what is current. Told twice, it is done twice, which harms nothing.
   * @param value reads it, where it has to be said.
   */
  tell(id: NodeId, value: () => Promise<Value>): Promise<Answer>;
  /**
   * Looks what one that was told, and had not answered before, answers now; or tells it again.
   * @returns undefined when it is to be told like one that never was, as the pace allows.
   */
  look(id: NodeId, before: Answer, value: () => Promise<Value>): Promise<Answer | undefined>;
  /** Takes away what was handed to a machine that is gone. @default nothing is left of it */
  readonly forget?: (id: NodeId) => Promise<void>;
}

/** The queue of rotate-tokens. */
export interface RotationQueue {
  /** Sends a message that arrives after the given time (at most 900 s), or a little later. */
  send(message: RotationMessage, afterSeconds: number): Promise<void>;
}

/** The rotations' journal. */
export interface RotationJournal {
  write(lines: readonly RotationLine[]): Promise<void>;
}

/** What the latest look has seen of what nobody rotates. Methods throw a `PortError` of system `dynamodb`. */
export interface WatchRecord {
  put(seen: WatchItem): Promise<void>;
}

/** What there is to tell of a rotation, on Drover's bus. */
export interface RotationNews {
  tell(news: {
    /** Of the rotation, or of what is watched and not rotated. */
    readonly name: string;
    readonly outcome: "rotated" | "taken-back" | "expiring" | "still-used";
    readonly why: string;
    readonly at: Date;
  }): Promise<void>;
}

/** All a rotation may touch. */
export interface RotationPorts {
  readonly rotations: Rotations;
  readonly secrets: SecretVersions;
  /** What is to hold the value of a rotation, beside its secret. */
  readonly mirrorsOf: (rotation: PublishedRotation) => readonly Mirror[];
  /** Who has to be told of a new value of a rotation. */
  readonly consumersOf: (rotation: PublishedRotation) => readonly Consumers[];
  /** The rotations of what is issued by what a rotation makes: of a CA, those of its certificates. */
  readonly issuedBy: (rotation: PublishedRotation) => readonly PublishedRotation[];
  /** The CAs by which Drover itself knows servers, whoever has issued what those show. */
  readonly ownTrust: readonly OwnTrust[];
  /** The strategy of a published rotation. */
  readonly kindOf: (rotation: Rotation) => Kind | KeptKey;
  readonly queue: RotationQueue;
  readonly journal: RotationJournal;
  readonly watch: WatchRecord;
  readonly news: RotationNews;
  readonly control: Control;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly within: Within;
  /** A new unique id: a UUID. */
  readonly newId: () => string;
}
