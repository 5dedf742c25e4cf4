# Taskless: observes the calls that a Perl program makes with HTTP::Tiny.
# SPDX-License-Identifier: Apache-2.0
package Taskless;
use strict;
use warnings;

# Loaded by PERL5OPT=-MTaskless, or `use Taskless` anywhere. Nothing is opened before the first call,
# and HTTP::Tiny is not loaded by this: it is hooked when the program has loaded it.
my $file = 'HTTP/Tiny.pm';

sub hook {
    local ( $@, $! );
    eval { require Taskless::HTTPTiny; Taskless::HTTPTiny::install(); 1 } or complain("no calls are observed: $@");
}

# Stands first in @INC until the module is asked for, then has Perl look for it as ever.
sub finder {
    my ( $self, $wanted ) = @_;
    return if $wanted ne $file;
    @INC = grep { !ref || $_ != \&finder } @INC;
    require $file;
    hook();
    my $nothing = '1;';
    open my $stream, '<', \$nothing or return;
    return $stream;
}

my $complained;

sub complain {
    my ($words) = @_;
    return if $complained++;
    $words =~ s/\n.*//s;
    print STDERR "taskless: $words\n";
}

my $disabled = $ENV{TASKLESS_DISABLED} // '';
if ( $disabled eq '' || $disabled eq '0' ) {
    if   ( $INC{$file} ) { hook() }
    else                 { unshift @INC, \&finder }
}

END {
    local ( $?, $@, $! );
    eval { Taskless::Library::close_observer() } if $INC{'Taskless/Library.pm'};
}

1;
