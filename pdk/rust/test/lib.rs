//! What the kit promises to who writes Packs is under `tests/`.
// SPDX-License-Identifier: Apache-2.0
