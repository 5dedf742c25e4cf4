# calls: makes the calls that standard input lists, one after the other, for `taskless conformance`.
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP;
use MIME::Base64;
use Time::HiRes;

sub headers_of {
    my ($call) = @_;
    my %headers;
    push @{ $headers{ $_->[0] } }, $_->[1] for @{ $call->{headers} };
    return { map { $_ => @{ $headers{$_} } > 1 ? $headers{$_} : $headers{$_}[0] } keys %headers };
}

sub make {
    my ($call) = @_;
    my %about = ( headers => headers_of($call) );
    my $body = decode_base64( $call->{body} );
    $about{content} = $body if length $body;
    my $received = 0;
    if ( my $enough = $call->{give_up_after} ) {
        $about{data_callback} = sub { die "enough\n" if ( $received += length $_[0] ) >= $enough };
    }
    my $http = HTTP::Tiny->new(
        max_redirect => $call->{follow} ? 5 : 0,
        timeout      => $call->{timeout_ms} ? $call->{timeout_ms} / 1000 : 60,
    );
    local $SIG{ALRM} = sub { die "given up\n" };
    Time::HiRes::alarm( $call->{give_up_ms} / 1000 );
    # request() makes some calls once more that broke; the cases are of one.
    eval { $http->_request( $call->{method}, $call->{url}, \%about ) };
    Time::HiRes::alarm(0);
}

while ( my $line = <STDIN> ) {
    make( decode_json($line) );
}
