# frozen_string_literal: true

# patch: puts methods of ours in the place of a class's own, and takes them away. Not by
# Module#prepend: a program that puts its own in their place by an alias, as many do, would call
# itself for ever. SPDX-License-Identifier: Apache-2.0
module Taskless
  module Patch
    @undo = []

    # For each method of the module `ours` that `owner` itself has, or as soon as it has it. Ours finds
    # the original by the name with `_taskless_` in front. With `singleton` the methods are those of
    # the class as an object.
    def self.patch(owner, ours, singleton: false)
      kind = singleton ? owner.singleton_class : owner
      missing = ours.instance_methods(false).reject { |name| replace(kind, name, ours) }
      wait(owner, singleton ? :singleton_method_added : :method_added, missing) do |name|
        replace(kind, name, ours)
      end
    end

    # Where others have put theirs on top, ours stays below it and does nothing any more. The other
    # name of the original stays: ours may be at work in another thread.
    def self.undo_all
      verbose, $VERBOSE = $VERBOSE, nil # or Ruby speaks of methods that are defined again
      while (kind, name, placed, original = @undo.pop)
        put(kind, name, original, visibility(kind, name)) if kind.instance_method(name) == placed
      end
    ensure
      $VERBOSE = verbose
    end

    def self.replace(kind, name, ours)
      visible = visibility(kind, name) or return false
      original = kind.instance_method(name)
      return not_known(kind) unless fits?(original, ours.instance_method(name))

      kind.alias_method(:"_taskless_#{name}", name)
      kind.send(:private, :"_taskless_#{name}")
      put(kind, name, ours.instance_method(name), visible)
      @undo << [kind, name, kind.instance_method(name), original]
    end
    private_class_method :replace

    # False where ours does not take all that the original may be given, in a version of the library that
    # nobody knows. What takes any is somebody's around the original, and is given what that is.
    def self.fits?(original, ours)
      theirs, our = [original, ours].map { |method| method.parameters.map(&:first) }
      return true if theirs.include?(:rest)
      return false if theirs.any? { |kind| kind.start_with?("key") } || our.count(:req) > theirs.count(:req)

      places = ->(kinds) { kinds.count { |kind| %i[req opt].include?(kind) } }
      our.include?(:rest) || places.call(theirs) <= places.call(our)
    end
    private_class_method :fits?

    # True: it is there, and is left as it is.
    def self.not_known(kind)
      Guard.say_once("#{kind.inspect[/[A-Z][\w:]*\w(?=>?\z)/].delete_prefix("Class:")} takes other arguments than are " \
                     "known: its calls are not observed")
      true
    end
    private_class_method :not_known

    # At no moment is it less visible than it was: another thread may be calling it.
    def self.put(kind, name, method, visible)
      kind.define_method(name, method)
      kind.send(visible, name)
    end
    private_class_method :put

    def self.visibility(kind, name)
      return :public if kind.public_method_defined?(name, false)
      return :private if kind.private_method_defined?(name, false)

      :protected if kind.protected_method_defined?(name, false)
    end
    private_class_method :visibility

    # A class that is being made says by `hook` which methods it is given.
    def self.wait(owner, hook, missing)
      return if missing.empty?

      owner.define_singleton_method(hook) do |name|
        super(name)
        next unless missing.delete(name)

        singleton_class.send(:remove_method, hook) if missing.empty?
        Guard.guard(owner) { yield name }
      end
      owner.singleton_class.send(:private, hook)
    end
    private_class_method :wait
  end
end
