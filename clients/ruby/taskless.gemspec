# frozen_string_literal: true

# What scripts/ruby-gem.sh packs: the folder that it lays out, not this one.
# SPDX-License-Identifier: Apache-2.0
Gem::Specification.new do |spec|
  spec.name = "taskless"
  spec.version = File.read(File.join(__dir__, "VERSION")).strip
  spec.platform = Gem::Platform.local
  spec.summary = "Says why calls to other people's services fail, in the services' own words"
  spec.authors = ["The taskless authors"]
  spec.license = "Apache-2.0"
  spec.required_ruby_version = ">= 3.1"
  spec.files = Dir.glob("{exe,ext,tree}/**/*", base: __dir__).select { |name| File.file?(File.join(__dir__, name)) }.sort +
               %w[LICENSE README.md THIRD-PARTY.txt VERSION]
  spec.bindir = "exe"
  spec.executables = ["taskless"]
  # Each Ruby has the client's native file made for itself, beside the library that it needs.
  spec.extensions = ["ext/taskless/extconf.rb"]
  # Where `taskless run` finds the client as well.
  spec.require_paths = ["tree/lib/taskless/ruby"]
end
