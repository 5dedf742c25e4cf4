# frozen_string_literal: true

# guard: what goes wrong in here is said once on standard error and never reaches the application.
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

    # Not through $stderr: that is the application's, which may have replaced it.
    def self.say_once(line)
      return if @said[line]

      @said[line] = true
      IO.for_fd(2, "w", autoclose: false).syswrite("taskless: #{line}\n")
      nil
    rescue StandardError
      nil # standard error is closed: there is nobody to tell
    end
  end
end
