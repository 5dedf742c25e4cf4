# Slice: pointer and length, as the library takes bytes.
# SPDX-License-Identifier: Apache-2.0
package Taskless::Slice;
use strict;
use warnings;
use FFI::Platypus::Record;

record_layout_1( opaque => 'ptr', size_t => 'len' );

1;
