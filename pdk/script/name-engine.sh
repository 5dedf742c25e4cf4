#!/usr/bin/env bash
# A Pack's manifest that names an engine by its digest: name-engine.sh MANIFEST ENGINE.wasm OUT
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
digest=$(sha256sum "$2" | cut -d' ' -f1)
mkdir -p "$(dirname "$3")"
sed "/^  \"permissions\":/i\\  \"modules\": [{\"name\": \"engine\", \"digest\": \"sha256:$digest\"}]," "$1" >"$3"
