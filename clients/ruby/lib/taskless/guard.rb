# frozen_string_literal: true

# guard: what goes wrong in here is said once and never reaches the application.
# SPDX-License-Identifier: Apache-2.0
module Taskless
  module Guard
    @said = {}

    # Runs the block; nil where it fails, which is said. What other threads raise in this one meanwhile
    # is the application's, and waits until after it.
    def self.guard(where)
      Thread.handle_interrupt(Object => :never) do
        yield
      rescue StandardError, ScriptError => error
        failed(where, error)
      end
    end

    def self.failed(where, error)
      say_once("#{where}: #{error.class}: #{error.message[/.*/]}; this call is not observed further")
    rescue StandardError
      say_once("#{where}: failed")
    end

    # By the library, which waits for nobody and writes only to what was standard error when it was
    # loaded. Where it could not be loaded nothing is written: `taskless run` says that beforehand.
    def self.say_once(line)
      return if @said[line] || !defined?(Native)

      @said[line] = true
      Native.warn(line)
    end
  end
end
