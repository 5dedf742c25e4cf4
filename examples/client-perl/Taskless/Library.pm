# Library: libtaskless, opened at the first call; each function takes no exchange as well.
# SPDX-License-Identifier: Apache-2.0
package Taskless::Library;
use strict;
use warnings;
use File::Basename ();

use constant { DONE => 0, ABORTED => 1, FAILED => 2, EXIT_MS => 200 };
use constant { WANT_REQUEST_BODY => 1, WANT_RESPONSE_BODY => 2 };

my ( $observer, %call, $opened );

# Beside the folder of clients; or, while it lies in examples/, where its test says.
sub path {
    my $here = File::Basename::dirname(__FILE__);
    return $ENV{TASKLESS_LIBRARY} // "$here/../../../libtaskless.so";
}

sub functions {
    require FFI::Platypus;
    require FFI::Platypus::Buffer;
    require Taskless::Slice;
    -r path() or die 'there is no ', path(), "\n";
    my $ffi = FFI::Platypus->new( api => 1, lib => path() );
    $ffi->type( 'record(Taskless::Slice)' => 'slice' );
    my %types = (
        observer_open     => [ [ 'opaque', 'opaque*', 'opaque' ], 'int' ],
        observer_close    => [ [ 'opaque', 'uint32' ], 'void' ],
        exchange_begin    => [ [ 'opaque', 'opaque', 'unsigned int*' ], 'opaque' ],
        exchange_sent     => [ [ 'opaque', 'sint64', 'slice' ], 'void' ],
        exchange_response => [ [ 'opaque', 'sint64', 'int', 'slice' ], 'void' ],
        exchange_received => [ [ 'opaque', 'sint64', 'slice' ], 'void' ],
        exchange_end_take => [ [ 'opaque', 'sint64', 'int', 'slice', 'slice' ], 'void' ],
    );
    $call{$_} = $ffi->function( "tskl_$_" => @{ $types{$_} } ) for keys %types;
}

# Bytes of a string; it has to live until the call is over.
sub slice {
    my ($pointer, $length) = FFI::Platypus::Buffer::scalar_to_buffer( $_[0] );
    return Taskless::Slice->new( ptr => $length ? $pointer : undef, len => $length );
}

sub pointer { return ( FFI::Platypus::Buffer::scalar_to_buffer( $_[0] ) )[0] }

sub open_observer {
    functions();
    my $client  = sprintf "perl/%vd\0", $^V;
    my $options = pack 'Q7', 56, 0, 0, 0, pointer($client), 0, 0;
    my $error   = "\0" x 244;
    my $made;
    if ( $call{observer_open}->call( pointer($options), \$made, pointer($error) ) != 0 ) {
        my ( undef, $message ) = unpack 'i Z240', $error;
        Taskless::complain("no calls are observed: $message");
        return;
    }
    return $made;
}

# Nothing where it is not to be observed; else what the functions below take.
sub begin {
    my ( $method, $url, $headers ) = @_;
    $observer = open_observer() unless $opened++;
    return unless $observer;
    my $request = pack 'Q q QQ QQ QQ Q', 72, 0, map( { ( pointer($_), length ) } $method, $url, $headers ), 0;
    my $wants    = 0;
    my $exchange = $call{exchange_begin}->call( $observer, pointer($request), \$wants ) or return;
    return { exchange => $exchange, wants => $wants };
}

# Of a body that nobody wants the size is enough.
sub part {
    my ( $wanted, $bytes ) = @_;
    return $wanted ? slice( $_[1] ) : Taskless::Slice->new( ptr => undef, len => length $bytes );
}

sub sent {
    my ( $call, $bytes ) = @_;
    $call{exchange_sent}->call( $call->{exchange}, 0, part( $call->{wants} & WANT_REQUEST_BODY, $bytes ) );
}

sub response {
    my ( $call, $status, $headers ) = @_;
    $call{exchange_response}->call( $call->{exchange}, 0, $status, slice($headers) );
}

sub received {
    my ( $call, $bytes ) = @_;
    $call{exchange_received}->call( $call->{exchange}, 0, part( $call->{wants} & WANT_RESPONSE_BODY, $bytes ) );
}

sub finish {
    my ( $call, $how, $code, $message ) = @_;
    my $exchange = delete $call->{exchange} or return;
    $_ //= '' for $code, $message;
    $call{exchange_end_take}->call( $exchange, 0, $how, slice($code), slice($message) );
}

sub close_observer {
    $call{observer_close}->call( $observer, EXIT_MS ) if $observer;
    undef $observer;
}

1;
