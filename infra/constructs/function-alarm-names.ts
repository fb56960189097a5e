import {
  type AlarmName,
  FLOW_ALARMS,
  FUNCTION_ALARMS,
  type FunctionName,
} from "../../lambdas/contracts/names.ts";

const {
  deadlinePassed,
  nomadUnavailable,
  nomadTokenTooNarrow,
  hookLost,
  awsRefused,
  consulUnavailable,
  vaultUnavailable,
  joinAbandoned,
  joinBreakerOpen,
  introductionIntercepted,
  outcomeUntold,
  leftBehind,
  heldOff,
  healBreakerOpen,
  retained,
  leftOver,
  voterWithoutInstance,
  refreshFailed,
  sweepBlind,
  sweepNotRunning,
  healthWithoutInstances,
  rotationTakenBack,
  rotationExpiring,
  rotationStillUsed,
  rotationHeldUp,
  rotationUnwatched,
  rotationLookNotRunning,
  rotationStranded,
  rotationUndone,
} = FLOW_ALARMS;

/** What every flow has: it is fed, it calls AWS, it says what it has come to. */
const EVERYWHERE = [...Object.values(FUNCTION_ALARMS), awsRefused, outcomeUntold];

/** Which function has which alarms: those whose metric it can write. */
export const FUNCTION_ALARM_NAMES: Readonly<Record<FunctionName, readonly AlarmName[]>> = {
  "drain-client": [
    ...EVERYWHERE,
    leftBehind,
    deadlinePassed,
    nomadUnavailable,
    nomadTokenTooNarrow,
    hookLost,
    consulUnavailable,
    vaultUnavailable,
    heldOff,
    healBreakerOpen,
    retained,
    leftOver,
    healthWithoutInstances,
  ],
  "join-client": [
    ...EVERYWHERE,
    leftBehind,
    joinAbandoned,
    joinBreakerOpen,
    introductionIntercepted,
    nomadUnavailable,
    hookLost,
    consulUnavailable,
    vaultUnavailable,
  ],
  // It purges the Nomad node of a machine that was withdrawn. Its tokens may come from Vault.
  "register-node": [
    ...EVERYWHERE,
    leftBehind,
    nomadUnavailable,
    consulUnavailable,
    vaultUnavailable,
  ],
  "heal-node": [
    ...EVERYWHERE,
    nomadUnavailable,
    consulUnavailable,
    vaultUnavailable,
    heldOff,
    healBreakerOpen,
  ],
  // What it can't read is one alarm of its own, whatever it is.
  sweep: [
    ...Object.values(FUNCTION_ALARMS),
    sweepNotRunning,
    sweepBlind,
    voterWithoutInstance,
    refreshFailed,
  ],
  // A server that can't be used holds a rotation up, whichever it is.
  "rotate-tokens": [
    ...Object.values(FUNCTION_ALARMS),
    rotationTakenBack,
    rotationExpiring,
    rotationStillUsed,
    rotationHeldUp,
    rotationUnwatched,
    rotationLookNotRunning,
    rotationStranded,
    rotationUndone,
  ],
};
