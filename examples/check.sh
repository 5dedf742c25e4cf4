#!/usr/bin/env bash
# The Stripe Pack of one language passes all cases of it, and its size is not over its kit's budget.
# check.sh TASKLESS KIT.json CASES PACK_FOLDER [BUDGET_KIB]
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
taskless=$1 kit=$2 cases=$3 pack=$4
budget=${5:-$(jq .budget_kib "$kit")}
bytes=$(stat -c %s "$pack/pack.wasm")
echo "$(basename "$pack"): $bytes bytes of $((budget * 1024))"
((bytes <= budget * 1024)) || { echo "over its budget" >&2; exit 1; }
"$taskless" pack check "$pack" --cases "$cases"
