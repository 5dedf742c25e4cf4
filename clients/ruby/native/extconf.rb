# frozen_string_literal: true

# extconf: has `gem install` make the native file for the Ruby that installs it, with the library of
# the gem. SPDX-License-Identifier: Apache-2.0
require "mkmf"

$CPPFLAGS << " -D_GNU_SOURCE"
$CFLAGS << " -std=gnu17 -fvisibility=hidden"
$LDFLAGS << " -L#{File.expand_path("../../tree/lib", __dir__)}"
# Four folders up, as where taskless is installed without a gem.
$LDFLAGS << " -Wl,-rpath,'$$ORIGIN/../../../..'"
$libs = append_library($libs, ":libtaskless.so.0")
create_makefile("taskless/#{RUBY_VERSION[/\A\d+\.\d+/]}/taskless_native")
