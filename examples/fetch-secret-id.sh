#!/usr/bin/env bash
# Fetches the AppRole secret id that Drover has delivered to this instance in a wrapping (`wrapped` of a rotation).
#
#   fetch-secret-id.sh PARAMETER_PATH FOLDER
#
# writes FOLDER/role-id and FOLDER/secret-id, readable by their owner alone, such as a Vault agent that runs as the
# user of this script. For ExecStartPre= and ExecReload= of that unit: it can be run as often as you like, and opens
# each wrapping once. It needs bash, curl, jq and the AWS CLI. It exits with 99 when the secret id may be in other
# hands: then the unit fails, Drover takes the new one back, and its alarm names this instance.
#
# No secret is ever an argument of a command, in the environment or in the output.
set -euo pipefail
umask 077

PARAMETER_PATH=${1:?"the path of the parameters: wrapped.path of the rotation"}
FOLDER=${2:?"the folder that the secret id is to be in"}
# How long the parameter may take to come, and Vault to answer a question.
PATIENCE_SECONDS=${PATIENCE_SECONDS:-300}
PAUSE_SECONDS=${PAUSE_SECONDS:-5}
IMDS=${IMDS:-http://169.254.169.254}
# Who alone makes the wrappings.
CREATION_PATH=sys/wrapping/wrap
# VAULT_ADDR, VAULT_CACERT and VAULT_NAMESPACE as for Vault's own CLI.

say() { echo "drover: $*" >&2; }
fail() {
  say "$*"
  exit 1
}
intercepted() {
  say "the secret id may be somebody else's: $*"
  exit 99
}

# An instance's metadata by IMDSv2.
imds() { # path
  local token
  token=$(curl --silent --show-error --fail --max-time 5 --request PUT \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$IMDS/latest/api/token")
  curl --silent --show-error --fail --max-time 5 \
    --header @<(printf 'X-aws-ec2-metadata-token: %s\n' "$token") "$IMDS/latest/meta-data/$1"
}

# A parameter that is not there yet bears no tag that the policy could compare, and is refused, not missed.
fetch() { # file
  local until=$((SECONDS + PATIENCE_SECONDS))
  until aws ssm get-parameter --region "$region" --with-decryption --name "$PARAMETER_PATH/$instance" \
    --query Parameter.Value --output text >"$1" 2>"$work/why"; do
    [ "$SECONDS" -lt "$until" ] ||
      fail "$PARAMETER_PATH/$instance can't be read: $(tr '\n' ' ' <"$work/why")"
    sleep "$PAUSE_SECONDS"
  done
}

# Asks Vault, again while it is silent, sealed or busy. Its answer is in $work/answer and $status.
ask_vault() { # path, options of curl
  local until=$((SECONDS + PATIENCE_SECONDS)) options
  options=(--silent --max-time 30 --output "$work/answer" --write-out '%{http_code}' --request POST "${@:2}")
  [ -z "${VAULT_CACERT:-}" ] || options+=(--cacert "$VAULT_CACERT")
  [ -z "${VAULT_NAMESPACE:-}" ] || options+=(--header "X-Vault-Namespace: $VAULT_NAMESPACE")
  while true; do
    rm --force "$work/answer"
    status=$(curl "${options[@]}" "$VAULT_ADDR/v1/$1") || status=000
    case $status in 000 | 429 | 5??) ;; *) return ;; esac
    [ "$SECONDS" -lt "$until" ] || fail "Vault does not answer ($status)"
    sleep "$PAUSE_SECONDS"
  done
}

# Of all that Vault can refuse, this alone says that the wrapping has been opened or has run out.
knows_no_wrapping() {
  [ "$status" = 400 ] && jq --exit-status \
    '.errors | any(contains("wrapping token is not valid"))' "$work/answer" >/dev/null 2>&1
}

# Looking at a wrapping tells who made it, and leaves it as it is.
check_wrapping() {
  local path
  jq '{token: .wrappedSecretId}' "$work/given" >"$work/question"
  ask_vault sys/wrapping/lookup --data "@$work/question"
  if knows_no_wrapping; then intercepted "Vault knows no such wrapping"; fi
  [ "$status" = 200 ] || fail "Vault can't be asked about the wrapping ($status)"
  path=$(jq --raw-output .data.creation_path "$work/answer")
  [ "$path" = "$CREATION_PATH" ] || intercepted "the wrapping was made by $path, not by $CREATION_PATH"
}

# The wrapping token is the token of this call, and must not be in its body as well.
unwrap() {
  jq --raw-output '"X-Vault-Token: \(.wrappedSecretId)"' "$work/given" >"$work/header"
  ask_vault sys/wrapping/unwrap --header "@$work/header"
  if knows_no_wrapping; then intercepted "the wrapping was empty"; fi
  [ "$status" = 200 ] || fail "Vault can't unwrap ($status)"
}

place() { # field of the answer, file
  jq --raw-output --exit-status ".data.$1" "$work/answer" >"$FOLDER/$2.new" || fail "the wrapping holds no $1"
  mv "$FOLDER/$2.new" "$FOLDER/$2"
}

[ -n "${VAULT_ADDR:-}" ] || fail "VAULT_ADDR is needed"
mkdir --parents "$FOLDER"
exec 9>"$FOLDER/.lock"
flock 9
work=$(mktemp --directory "$FOLDER/.fetch.XXXXXX")
trap 'rm --recursive --force "$work"' EXIT
instance=$(imds instance-id)
region=$(imds placement/region)
fetch "$work/given"
# What has come out of a wrapping is kept beside what it came out of.
if [ -e "$FOLDER/secret-id" ] && cmp --silent "$work/given" "$FOLDER/.opened"; then exit 0; fi
check_wrapping
unwrap
place role_id role-id
place secret_id secret-id
mv "$work/given" "$FOLDER/.opened"
say "$instance has another secret id"
