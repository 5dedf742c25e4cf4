# HTTPTiny: reports what HTTP::Tiny writes to its connections and reads from them.
# SPDX-License-Identifier: Apache-2.0
package Taskless::HTTPTiny;
use strict;
use warnings;
use Errno ();
use Taskless::Library;

our $now;    # the call whose bytes pass at this moment

# How HTTP::Tiny's own errors begin. Whatever else ends a call is the application's.
my $own = qr/^(?:Could not|Timed out|Unexpected|Socket closed|Malformed|SSL|Line size|Header lines|Unsupported|IO::Socket)/;

my @codes = (
    [ qr/^Timed out|timed? ?out/i                          => 'ETIMEDOUT' ],
    [ qr/^Unexpected end of stream|^Socket closed/         => 'ECONNRESET' ],
    [ qr/Name or service not known|No address associated/ => 'ENOTFOUND' ],
);

sub install {
    wrap( 'HTTP::Tiny::_request',                      \&around_request );
    wrap( 'HTTP::Tiny::_prepare_data_cb',              \&around_callback );
    wrap( 'HTTP::Tiny::Handle::write_request_header',  \&around_head );
    wrap( 'HTTP::Tiny::Handle::write_chunked_body',    \&around_chunks );
    wrap( 'HTTP::Tiny::Handle::write',                 \&around_write );
    wrap( 'HTTP::Tiny::Handle::read_response_header',  \&around_answer );
    wrap( 'HTTP::Tiny::Handle::readline',              \&around_line );
    wrap( 'HTTP::Tiny::Handle::read_content_body',     \&around_content );
    wrap( 'HTTP::Tiny::Handle::read',                  \&around_read );
}

sub wrap {
    my ( $name, $around ) = @_;
    no strict 'refs';
    no warnings 'redefine';
    my $next = \&{$name};
    *{$name} = sub { return $around->( $next, @_ ) };
}

# What goes wrong in here is nobody's affair but ours.
sub quietly {
    my ($report) = @_;
    local ( $@, $! );
    eval { $report->(); 1 } or Taskless::complain("a call is not observed: $@");
}

# HTTP::Tiny comes here again, from within, to follow a redirect: that is a call of its own.
sub around_request {
    my ( $next, $self, $method, $url, $args ) = @_;
    quietly( sub { end_call( $now, Taskless::Library::DONE ) } ) if $now && $now->{answered};
    local $now = { method => $method, url => $url, args => $args };
    my $call = $now;
    my $response;
    if ( eval { $response = $next->( $self, $method, $url, $args ); 1 } ) {
        quietly( sub { end_call( $call, Taskless::Library::DONE ) } );
        return $response;
    }
    my $error = $@;
    quietly( sub { fail( $call, $error ) } );
    die $error;    # as it was: it says where it happened, or ends with its line
}

sub end_call {
    my ( $call, @how ) = @_;
    Taskless::Library::finish( $call->{reported}, @how ) if $call->{reported};
}

sub fail {
    my ( $call, $error ) = @_;
    $error = ref $error ? ref $error : "$error";
    begin_unsent($call) unless $call->{begun};
    return end_call( $call, Taskless::Library::ABORTED ) if $call->{in_program} || $error !~ $own;
    $error =~ s/\s+\z//;
    end_call( $call, Taskless::Library::FAILED, code_of($error), $error );
}

sub code_of {
    my ($error) = @_;
    for (@codes) { return $_->[1] if $error =~ $_->[0] }
    for my $name ( keys %! ) {
        local $! = Errno->can($name)->();
        my $words = "$!";
        return $name if $error =~ /\Q$words\E/ && $name !~ /^EWOULDBLOCK$/;
    }
    return $error =~ /^(.*?):/ ? $1 : $error;
}

sub begin {
    my ( $call, $headers ) = @_;
    $call->{begun}    = 1;
    $call->{reported} = Taskless::Library::begin( $call->{method}, $call->{url}, $headers );
}

# Nothing was sent: these are the headers that it would have had.
sub begin_unsent {
    my ($call)  = @_;
    my $given   = $call->{args}{headers} || {};
    my $content = $call->{args}{content};
    my $lines   = '';
    for my $name ( keys %$given ) {
        $lines .= "$name: $_\r\n" for ref $given->{$name} ? @{ $given->{$name} } : $given->{$name};
    }
    $lines .= 'content-length: ' . length($content) . "\r\n" if defined $content && !ref $content && length $content;
    begin( $call, $lines );
}

sub around_head {
    my ( $next, @arguments ) = @_;
    local $now->{in_head} = 1 if $now;
    return $next->(@arguments);
}

sub around_chunks {
    my ( $next, @arguments ) = @_;
    local $now->{in_chunks} = 1 if $now;
    return $next->(@arguments);
}

# The head is known before it leaves; a part of the body has gone when it has.
sub around_write {
    my ( $next, $self, $bytes ) = @_;
    my $call = $now;
    if ( $call && $call->{in_head} && !$call->{begun} ) {
        quietly( sub { begin( $call, $bytes =~ /\A[^\n]*\n(.*)\r\n\z/s ? $1 : '' ) } );
        return $next->( $self, $bytes );
    }
    my $written = $next->( $self, $bytes );
    quietly( sub { report_sent( $call, $bytes ) } ) if $call && $call->{reported};
    return $written;
}

sub report_sent {
    my ( $call, $bytes ) = @_;
    if ( $call->{in_chunks} ) {
        # Each chunk is written at once: its size, its bytes, its end. Behind the last are trailers.
        return if $bytes !~ s/\A([0-9A-Fa-f]+)\r\n// || hex($1) == 0;
        $bytes = substr $bytes, 0, hex $1;
    }
    Taskless::Library::sent( $call->{reported}, $bytes );
}

sub around_answer {
    my ( $next, @arguments ) = @_;
    my $call = $now or return $next->(@arguments);
    local $call->{lines} = [];
    my $response = $next->(@arguments);
    quietly( sub { report_answer( $call, $response->{status} ) } ) if $call->{reported};
    return $response;
}

sub report_answer {
    my ( $call, $status ) = @_;
    my ( undef, @lines ) = @{ $call->{lines} };
    pop @lines;    # the empty one
    $call->{answered} = 1;
    Taskless::Library::response( $call->{reported}, $status, join '', @lines );
}

sub around_line {
    my ( $next, @arguments ) = @_;
    my $line = $next->(@arguments);
    push @{ $now->{lines} }, $line if $now && $now->{lines};
    return $line;
}

sub around_content {
    my ( $next, @arguments ) = @_;
    my $call = $now or return $next->(@arguments);
    local $call->{in_body} = 1;
    return $next->(@arguments);
}

sub around_read {
    my ( $next, @arguments ) = @_;
    my $bytes = $next->(@arguments);
    my $call  = $now;
    quietly( sub { Taskless::Library::received( $call->{reported}, $bytes ) } )
      if $call && $call->{in_body} && $call->{reported};
    return $bytes;
}

# What the application's own function does with a part is no doing of HTTP::Tiny.
sub around_callback {
    my ( $next, @arguments ) = @_;
    my $callback = $next->(@arguments);
    my $call     = $now or return $callback;
    return sub {
        $call->{in_program} = 1;
        my $result = do { local $now; $callback->(@_) };
        $call->{in_program} = 0;
        return $result;
    };
}

1;
