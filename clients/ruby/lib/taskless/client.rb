# frozen_string_literal: true

# client: starts and stops observing in this process, and says why when it cannot.
# SPDX-License-Identifier: Apache-2.0

module Taskless
  module Client
    EXIT_MS = 200

    @observing = false
    @by_environment = @at_exit = false

    # True when calls are observed from here on. Never raises.
    def self.start(directory = nil, config = nil, outputs = nil)
      # As the library reads it; asked here as well, so that not even the native file is loaded.
      return false unless ["", "0"].include?(ENV.fetch("TASKLESS_DISABLED", ""))
      return true if @observing

      open(directory, config, outputs)
      @by_environment = [directory, config, outputs].none?
      @observing = true
      Libraries.start
      at_exit { Guard.guard("exit") { stop(EXIT_MS) } } unless @at_exit
      @at_exit = true
    rescue StandardError, ScriptError => error
      Guard.say_once("calls are not observed: #{error.message[/.*/]}")
      false
    end

    # True when no options were given.
    def self.by_environment?
      @by_environment
    end

    # Returns how many calls are left unwritten.
    def self.stop(timeout_ms)
      return 0 unless @observing

      @observing = false
      Libraries.stop
      Patch.undo_all
      Native.close(timeout_ms)
    end

    # Why the Pack was not added, or nil. False where nothing is observed.
    def self.add(manifest, wasm, configuration)
      @observing && Native.add(manifest, wasm, configuration)
    end

    def self.open(directory, config, outputs)
      # Each minor version of Ruby has its own binary interface.
      native = File.join(__dir__, RUBY_VERSION[/\A\d+\.\d+/], "taskless_native.so")
      raise LoadError, "the client is not built for Ruby #{RUBY_VERSION}" unless File.exist?(native)

      require native
      Taskless.read("patch", "libraries", "ending", "net_http", "openers", "excon", "http_rb", "ethon")
      paths = [directory, config].map { |path| path.nil? ? nil : File.path(path) }
      problem = Native.open(*paths, outputs, "ruby/#{RUBY_VERSION}")
      raise problem if problem
    end
    private_class_method :open
  end
end
