// tools: pins stripe-mock, which this module exists to build.
// SPDX-License-Identifier: Apache-2.0

//go:build tools

package tools

import _ "github.com/stripe/stripe-mock"
