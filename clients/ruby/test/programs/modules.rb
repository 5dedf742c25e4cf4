# frozen_string_literal: true

# modules: what is loaded, where from, and what is there, in a program that makes no calls.
# SPDX-License-Identifier: Apache-2.0
puts $LOADED_FEATURES.size - $LOADED_FEATURES.grep(/taskless/).size
puts $LOAD_PATH, ARGV.inspect, $PROGRAM_NAME
puts Object.constants.sort - [:Taskless], Object.singleton_methods.inspect, Class.ancestors.inspect
puts defined?(Net).inspect, Thread.list.size, Signal.trap(:INT, "DEFAULT")
